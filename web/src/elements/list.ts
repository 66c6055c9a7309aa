// <gz-list> around a list of cases and its map: choosing rows for a move on all of them, showing on the map where the
// row under the pointer lies, and the map beside the list or in its place. Without it the boxes and buttons still work.
import { say } from "../words";

const WIDE = "(min-width: 80rem)";
const YEAR = 365 * 24 * 3600;

export class GzList extends HTMLElement {
  private last: HTMLInputElement | undefined;

  connectedCallback(): void {
    const every = this.every;
    if (every) {
      every.parentElement?.removeAttribute("hidden");
      every.addEventListener("change", () => this.chooseAll(every.checked));
    }
    this.addEventListener("click", this.range);
    this.addEventListener("change", this.count);
    this.addEventListener("mouseover", (event) => this.point(event.target));
    this.addEventListener("focusin", (event) => this.point(event.target));
    this.addEventListener("mouseleave", () => this.point(null));
    window.addEventListener("pageshow", this.count);
    this.letToggle();
    this.count();
  }

  disconnectedCallback(): void {
    window.removeEventListener("pageshow", this.count);
  }

  private get every(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("[data-choose-all] input");
  }

  private get boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("[data-row] input[name=case]")];
  }

  private chooseAll(on: boolean): void {
    for (const box of this.boxes) box.checked = on;
  }

  /** A click with Shift chooses everything from the last one on. */
  private readonly range = (event: MouseEvent): void => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "case") return;
    const all = this.boxes;
    const [from, to] = [this.last ? all.indexOf(this.last) : -1, all.indexOf(box)];
    if (event.shiftKey && from >= 0) {
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
      this.count();
    }
    this.last = box;
  };

  private readonly count = (): void => {
    const boxes = this.boxes;
    if (!boxes.length) return;
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) {
      const row = box.closest("[data-row]");
      row?.classList.toggle("is-chosen", box.checked);
      row?.setAttribute("aria-selected", String(box.checked));
    }
    this.classList.toggle("has-chosen", chosen > 0);
    for (const button of this.querySelectorAll<HTMLButtonElement>(".bulk-bar button")) button.disabled = chosen === 0;
    const words = this.querySelector("[data-chosen]");
    if (words) words.textContent = say.chosen(chosen);
    const every = this.every;
    if (every) {
      every.checked = chosen === boxes.length;
      every.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };

  private point(target: EventTarget | null): void {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
    const at = (row?.dataset["at"] ?? "").split(",").map(Number);
    const detail = at.length === 2 && at.every(Number.isFinite) ? at : null;
    this.querySelector("gz-map")?.dispatchEvent(new CustomEvent("gz:at", { detail }));
  }

  private letToggle(): void {
    const button = this.querySelector<HTMLButtonElement>("[data-map-toggle]");
    if (!button) return;
    const wide = window.matchMedia(WIDE);
    const show = (): void => {
      const on = wide.matches ? !this.classList.contains("is-mapless") : this.classList.contains("is-map");
      const label = button.querySelector("[data-label]");
      button.setAttribute("aria-pressed", String(on));
      if (label) label.textContent = on && !wide.matches ? say.showList : say.showMap;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (wide.matches) {
        const off = this.classList.toggle("is-mapless");
        document.cookie = `gz_map=${off ? "off" : "on"}; path=/; max-age=${YEAR}; samesite=lax`;
      } else this.classList.toggle("is-map");
      show();
    });
    wide.addEventListener?.("change", show);
    show();
  }
}
