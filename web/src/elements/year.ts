// <gz-year> around a year of days: one stop for the tab key, arrow keys from day to day, up and down by weeks. Without
// it every day is a link of its own.

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export class GzYear extends HTMLElement {
  private days: HTMLElement[] = [];

  connectedCallback(): void {
    this.days = [...this.querySelectorAll<HTMLElement>("[data-day]")];
    const today = new Date().toISOString().slice(0, 10);
    const first =
      this.days.find((day) => day.hasAttribute("aria-current")) ??
      this.days.find((day) => day.dataset["day"] === today) ??
      this.days[0];
    for (const day of this.days) day.tabIndex = day === first ? 0 : -1;
    this.addEventListener("keydown", (event) => this.move(event));
  }

  private move(event: KeyboardEvent): void {
    const at = this.days.indexOf(event.target as HTMLElement);
    const step = STEPS[event.key];
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    let next = at;
    if (step !== undefined) next = at + step;
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = this.days.length - 1;
    else return;
    const day = this.days[next];
    event.preventDefault();
    if (!day) return;
    for (const other of this.days) other.tabIndex = other === day ? 0 : -1;
    day.focus();
  }
}
