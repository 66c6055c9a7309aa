// <gz-filter> around a long list of checkboxes: a search field over it, the chosen ones first in sight.

export class GzFilter extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("[data-filter]");
    if (!input) return;
    input.hidden = false;
    input.addEventListener("input", () => this.narrow(input.value.trim().toLowerCase()));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  private narrow(query: string): void {
    for (const line of this.querySelectorAll<HTMLElement>("[data-text]")) {
      const chosen = line.querySelector<HTMLInputElement>("input")?.checked ?? false;
      line.hidden = !chosen && !(line.dataset["text"] ?? "").toLowerCase().includes(query);
    }
  }
}
