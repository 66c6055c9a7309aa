// <gz-map>: the light shell. It reads its attributes, brings the map itself only when it comes into sight, and leaves
// its own light content standing (a sentence, and the page's address fields) where a map cannot be shown.
import { say } from "../words";
import type { Shown } from "../map/view";

export type Mode = "pick" | "place" | "cases" | "areas";

export class GzMap extends HTMLElement {
  protected shown: Shown | undefined;
  private watch: IntersectionObserver | undefined;

  connectedCallback(): void {
    if (this.shown || this.watch) return;
    this.setAttribute("role", "group");
    const words = this.querySelector(":scope > .map-say");
    if (words) words.textContent = say.mapLoading; // scripts are allowed: what is said without them is not true here
    this.watch = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      this.watch?.disconnect();
      void this.open();
    });
    this.watch.observe(this);
  }

  disconnectedCallback(): void {
    this.watch?.disconnect();
    this.shown?.remove();
    this.shown = undefined;
  }

  private async open(): Promise<void> {
    try {
      this.shown = await this.build();
    } catch {
      this.without(say.mapUnavailable);
    }
  }

  /** What is built when the element comes into sight; rejects where there is no WebGL. */
  protected async build(): Promise<Shown> {
    const { show } = await import("../map/view");
    return show(this);
  }

  /** Leave the map out, with a sentence in its place. */
  without(sentence: string): void {
    this.classList.add("is-without");
    const words = document.createElement("p");
    words.className = "map-say";
    words.textContent = sentence;
    this.replaceChildren(words);
  }

  get mode(): Mode {
    return (this.getAttribute("mode") as Mode | null) ?? "areas";
  }

  /** An attribute as a number, or undefined. */
  figure(name: string): number | undefined {
    const value = this.getAttribute(name);
    return value === null || value === "" ? undefined : Number(value);
  }

  /** west, south, east, north. */
  get bounds(): [number, number, number, number] {
    const [west = 73, south = 18, east = 135, north = 54] = (this.getAttribute("bounds") ?? "").split(",").map(Number);
    return [west, south, east, north];
  }
}
