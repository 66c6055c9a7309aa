// <gz-live src="/events">: one stream of "something changed". It carries no content; on a message the page's own
// fragments are asked for again (hx-trigger="gz:changed from:body"), at most once a second. Reconnects with growing
// pauses and says when the line is down.
import { say } from "../words";

const FIRST_PAUSE = 2_000;
const KEPT = 1_050; // so long a server may keep what it counted; asked sooner, it would tell the old figure
const LONGEST_PAUSE = 60_000;

export class GzLive extends HTMLElement {
  private source: EventSource | undefined;
  private pause = FIRST_PAUSE;
  private retry = 0;
  private waiting = 0;

  connectedCallback(): void {
    this.classList.add("live-dot");
    this.setAttribute("role", "status");
    this.open();
    window.addEventListener("online", this.now);
  }

  disconnectedCallback(): void {
    this.source?.close();
    window.clearTimeout(this.retry);
    window.removeEventListener("online", this.now);
  }

  private readonly now = (): void => {
    this.pause = FIRST_PAUSE;
    this.open();
  };

  private open(): void {
    const address = this.getAttribute("src");
    if (!address) return;
    window.clearTimeout(this.retry);
    this.source?.close();
    const source = new EventSource(address);
    this.source = source;
    source.onopen = () => {
      if (this.classList.contains("is-off")) this.changed("again");
      this.pause = FIRST_PAUSE;
      this.show(true);
    };
    source.onmessage = (event) => this.changed(String(event.data));
    source.onerror = () => {
      source.close();
      this.show(false);
      this.retry = window.setTimeout(() => this.open(), this.pause + Math.random() * 1_000);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    };
  }

  private changed(kind: string): void {
    if (this.waiting) return;
    this.waiting = window.setTimeout(() => {
      this.waiting = 0;
      document.body.dispatchEvent(new CustomEvent("gz:changed", { detail: { kind } }));
    }, KEPT + Math.random() * 600);
  }

  private show(on: boolean): void {
    this.classList.toggle("is-off", !on);
    this.textContent = on ? say.live : say.offline;
  }
}
