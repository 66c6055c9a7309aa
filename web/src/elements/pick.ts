// <gz-pick> around a <select>: type to find among hundreds (label, group, code, pinyin in data-keys). An ARIA combobox
// drawn over the select, which stays the form's field and the way without scripts.
import { say } from "../words";

const SHOWN = 60;

export class GzPick extends HTMLElement {
  private select: HTMLSelectElement | undefined;
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("div");
  private at = -1;

  connectedCallback(): void {
    const select = this.querySelector("select");
    if (!select || this.select) return;
    this.select = select;
    this.dress(select);
    select.addEventListener("change", () => this.mirror());
    this.input.addEventListener("focus", () => {
      this.input.select();
      this.show("");
    });
    this.input.addEventListener("input", () => this.show(this.input.value));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => {
      if (!this.input.value.trim()) this.take("");
      this.hide();
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-value]") : null;
      if (item) this.take(item.dataset["value"] ?? "");
    });
  }

  private dress(select: HTMLSelectElement): void {
    const { input, list } = this;
    list.id = `${select.id}-list`;
    list.className = "pick-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    input.type = "text";
    input.className = "field-box";
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.placeholder = this.getAttribute("placeholder") ?? "";
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      const value = select.getAttribute(name);
      if (value) input.setAttribute(name, value);
    }
    input.id = `${select.id}-find`;
    const label = document.querySelector<HTMLLabelElement>(`label[for="${select.id}"]`);
    if (label) label.htmlFor = input.id;
    list.setAttribute("aria-label", say.pickOptions);
    select.hidden = true;
    if (select.required) {
      select.required = false;
      input.required = true;
    }
    this.append(input, list);
    this.mirror();
  }

  private mirror(): void {
    const chosen = this.select?.selectedOptions[0];
    this.input.value = chosen?.value ? (chosen.textContent ?? "").trim() : "";
  }

  private found(query: string): HTMLOptionElement[] {
    const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const hits: HTMLOptionElement[] = [];
    for (const option of this.select?.options ?? []) {
      if (!option.value) continue;
      const group = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "";
      const text = `${option.textContent ?? ""} ${group} ${option.dataset["keys"] ?? ""}`.toLowerCase();
      if (wanted.every((word) => text.includes(word))) hits.push(option);
      if (hits.length >= SHOWN) break;
    }
    return hits;
  }

  private show(query: string): void {
    const items: HTMLElement[] = [];
    let group = "";
    for (const option of this.found(query)) {
      const parent = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "";
      if (parent && parent !== group) {
        const head = document.createElement("div");
        head.className = "pick-group";
        head.setAttribute("role", "presentation");
        head.textContent = parent;
        items.push(head);
        group = parent;
      }
      items.push(this.item(option));
    }
    if (!items.length) {
      const none = document.createElement("div");
      none.className = "pick-none";
      none.textContent = say.pickNone;
      items.push(none);
    }
    this.list.replaceChildren(...items);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.point(query ? 0 : -1);
  }

  private item(option: HTMLOptionElement): HTMLElement {
    const item = document.createElement("div");
    item.className = "pick-item";
    item.id = `${this.list.id}-${option.index}`;
    item.setAttribute("role", "option");
    item.dataset["value"] = option.value;
    const name = document.createElement("span");
    name.textContent = (option.textContent ?? "").trim();
    item.append(name);
    const code = (option.dataset["keys"] ?? "").split(" ")[0];
    if (code && this.hasAttribute("codes")) {
      const mark = document.createElement("span");
      mark.className = "pick-key";
      mark.textContent = code;
      item.append(mark);
    }
    return item;
  }

  private items(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-value]")];
  }

  private point(at: number): void {
    const items = this.items();
    this.at = items.length ? Math.max(-1, Math.min(items.length - 1, at)) : -1;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
    const here = items[this.at];
    if (here) {
      this.input.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.show("");
      this.point(this.at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const here = this.items()[this.at];
      if (here) this.take(here.dataset["value"] ?? "");
    } else if (event.key === "Escape") this.hide();
  }

  private take(value: string): void {
    if (!this.select) return;
    const changed = this.select.value !== value;
    this.select.value = value;
    this.hide();
    if (changed) this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private hide(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.mirror();
  }
}
