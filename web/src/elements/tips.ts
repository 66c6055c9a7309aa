// <gz-tips for="field id">: suggestions as buttons; pressing one gives its value to the field, as if a person had chosen
// it. Hidden without scripts, because they only spare typing.

export class GzTips extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const tip = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button.tip") : null;
      if (tip) this.take(tip);
    });
  }

  private take(tip: HTMLButtonElement): void {
    const field = document.getElementById(this.getAttribute("for") ?? "");
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    field.value = tip.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    for (const other of this.querySelectorAll(".tip")) other.setAttribute("aria-pressed", String(other === tip));
    document.getElementById(`${field.id}-find`)?.focus();
  }
}
