// <gz-tips for="field id">: suggestions as buttons; pressing one gives its value to the field, as if a person had chosen
// it. Alt+Y takes the first one, also while typing in the form around it. Hidden without scripts: they only spare typing.

export class GzTips extends HTMLElement {
  private form: HTMLFormElement | null = null;

  connectedCallback(): void {
    this.hidden = false;
    this.addEventListener("click", this.pressed);
    this.form = this.closest("form");
    this.form?.addEventListener("keydown", this.key);
  }

  disconnectedCallback(): void {
    this.form?.removeEventListener("keydown", this.key);
  }

  private readonly pressed = (event: Event): void => {
    const tip = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button.tip") : null;
    if (tip) this.take(tip);
  };

  private readonly key = (event: KeyboardEvent): void => {
    const first = this.querySelector<HTMLButtonElement>("button.tip[data-key]");
    if (!first || !event.altKey || event.code !== "KeyY") return;
    event.preventDefault();
    this.take(first);
  };

  private take(tip: HTMLButtonElement): void {
    const field = document.getElementById(this.getAttribute("for") ?? "");
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    field.value = tip.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    for (const other of this.querySelectorAll(".tip")) other.setAttribute("aria-pressed", String(other === tip));
    document.getElementById(`${field.id}-find`)?.focus();
  }
}
