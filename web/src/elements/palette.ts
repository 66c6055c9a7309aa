// <gz-palette src="…"> around a button: Ctrl+K or the button opens a field to go anywhere by typing a few letters of
// its name, or to a case by its number. What there is comes from the server each time, so counts are those of now.
import { isOverlaid, overlay, type Overlay } from "../overlay";
import { say } from "../words";

type Way = { label: string; href: string; note: string };
type Ways = { groups: { title: string; ways: Way[] }[]; find: string };

const SHOWN = 40;

export class GzPalette extends HTMLElement {
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("div");
  private ways: Ways = { groups: [], find: "" };
  private opened: Overlay | undefined;
  private coming: Promise<void> = Promise.resolve();
  private at = 0;

  connectedCallback(): void {
    const button = this.querySelector("button");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => void this.open());
    }
    document.addEventListener("keydown", this.called);
    this.dress();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.called);
  }

  private readonly called = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!isOverlaid()) void this.open();
  };

  private dress(): void {
    const { input, list } = this;
    list.id = "palette-list";
    list.className = "palette-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say.palette);
    input.type = "text";
    input.className = "field-box";
    input.autocomplete = "off";
    input.placeholder = say.paletteAsk;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-label", say.paletteAsk);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
    input.addEventListener("input", () => this.show());
    input.addEventListener("keydown", (event) => this.key(event));
  }

  private async open(): Promise<void> {
    this.input.value = "";
    this.list.replaceChildren();
    this.opened = overlay(say.palette, [this.input, this.list], this.input);
    this.coming = this.fetched();
    await this.coming;
    this.show();
  }

  /** Where one can go now; what was fetched before stays where the server does not answer. */
  private async fetched(): Promise<void> {
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", { headers: { Accept: "application/json" } });
      if (answer.ok) this.ways = (await answer.json()) as Ways;
    } catch {
      // Offline: the next opening asks again.
    }
  }

  /** Go: typing may be faster than the answer. */
  private async go(): Promise<void> {
    await this.coming;
    this.items()[this.at]?.click();
  }

  private found(): { title: string; ways: Way[] }[] {
    const wanted = this.input.value.trim();
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (way: Way): boolean => words.every((word) => `${way.label} ${way.note}`.toLowerCase().includes(word));
    const groups = this.ways.groups.map(({ title, ways }) => ({ title, ways: ways.filter(fits) }));
    if (wanted && this.ways.find) {
      const href = `${this.ways.find}?q=${encodeURIComponent(wanted)}`;
      const find = { title: say.paletteCases, ways: [{ label: say.paletteFind(wanted), href, note: "" }] };
      if (/\d{4}/.test(wanted)) groups.unshift(find);
      else groups.push(find);
    }
    return groups.filter(({ ways }) => ways.length);
  }

  private show(): void {
    const items: HTMLElement[] = [];
    let count = 0;
    for (const { title, ways } of this.found()) {
      const head = document.createElement("div");
      head.className = "pick-group";
      head.setAttribute("role", "presentation");
      head.textContent = title;
      items.push(head);
      for (const way of ways.slice(0, Math.max(0, SHOWN - count))) items.push(this.item(way, count++));
    }
    if (!items.length) {
      const none = document.createElement("div");
      none.className = "pick-none";
      none.textContent = say.pickNone;
      items.push(none);
    }
    this.list.replaceChildren(...items);
    this.point(0);
  }

  private item(way: Way, at: number): HTMLElement {
    const item = document.createElement("a");
    item.className = "pick-item";
    item.id = `palette-${at}`;
    item.href = way.href;
    item.tabIndex = -1;
    item.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = way.label;
    item.append(name);
    if (way.note) {
      const note = document.createElement("span");
      note.className = "pick-key";
      note.textContent = way.note;
      item.append(note);
    }
    item.addEventListener("click", () => this.opened?.close());
    return item;
  }

  private items(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private point(at: number): void {
    const items = this.items();
    this.at = Math.max(0, Math.min(items.length - 1, at));
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
    const here = items[this.at];
    if (here) {
      this.input.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.point(this.at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      void this.go();
    }
  }
}
