// <gz-fold> around <details open>: on a phone it begins folded; where there is room it stands open, without a summary.

const NARROW = "(max-width: 47.99rem)";

export class GzFold extends HTMLElement {
  private readonly narrow = window.matchMedia(NARROW);
  private readonly turned = (): void => this.settle();

  connectedCallback(): void {
    this.settle();
    this.narrow.addEventListener("change", this.turned);
  }

  disconnectedCallback(): void {
    this.narrow.removeEventListener("change", this.turned);
  }

  private settle(): void {
    const details = this.querySelector("details");
    if (details && !details.contains(document.activeElement)) details.open = !this.narrow.matches;
  }
}
