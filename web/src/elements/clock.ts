// <gz-clock due="ISO" amber="SECONDS"> keeps the remaining time of a limit true while the page stands open. The
// server has written the first text and tone; a paused or met clock is not a gz-clock.
import { say } from "../words";

const TONES = ["tone-good", "tone-warn", "tone-bad", "tone-plain"];

/** "2 小时 5 分": the two largest units, never seconds. */
export function span(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes < 1) return say.underMinute;
  if (minutes < 60) return say.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return say.hours(hours, minutes % 60);
  return say.days(Math.floor(hours / 24), hours % 24);
}

export class GzClock extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.timer = window.setInterval(() => this.tick(), 20_000);
    this.tick();
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
  }

  private tick(): void {
    const due = Date.parse(this.getAttribute("due") ?? "");
    const text = this.querySelector("[data-left]");
    if (Number.isNaN(due) || !text) return;
    const left = Math.round((due - Date.now()) / 1000);
    const amber = Number(this.getAttribute("amber") ?? 0);
    text.textContent = left < 0 ? say.late(span(left)) : say.left(span(left));
    this.classList.remove(...TONES);
    this.classList.add(left < 0 ? "tone-bad" : left <= amber ? "tone-warn" : "tone-good");
  }
}
