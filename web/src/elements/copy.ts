// <gz-copy value="…"> around a button: copies, and says so.
import { say } from "../words";

export class GzCopy extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => void this.copy(button));
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    const label = button.querySelector("[data-label]") ?? button;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(this.getAttribute("value") ?? "");
      label.textContent = say.copied;
    } catch {
      label.textContent = say.copyFailed;
    }
    window.setTimeout(() => (label.textContent = before), 2500);
  }
}
