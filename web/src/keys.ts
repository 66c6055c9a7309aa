// The keyboard of every page. On lists j / k move along the rows, Enter opens, x chooses, "/" goes to the search field;
// "?" tells all keys. Whatever carries `data-key` answers to that key: a link or button is pressed, a summary is
// unfolded and its first field entered. Off while typing; Ctrl+Enter sends the form one types in.
import { isOverlaid, overlay } from "./overlay";
import { say } from "./words";

const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio]):not([type=submit])";
const KEYED = "a[data-key], button[data-key], summary[data-key]";
const FIELDS = "input:not([type=hidden]), select, textarea, button";

function rows(page: Document): HTMLElement[] {
  return [...page.querySelectorAll<HTMLElement>("[data-row]")];
}

function step(page: Document, by: number): void {
  const all = rows(page);
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("is-at"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (!next) return;
  all[at]?.classList.remove("is-at");
  next.classList.add("is-at");
  next.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function choose(page: Document): void {
  const row = page.querySelector("[data-row].is-at") ?? page.querySelector("[data-row]");
  row?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
}

function search(page: Document): boolean {
  const field = page.querySelector<HTMLInputElement>("[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}

function seen(one: HTMLElement): boolean {
  return one.getClientRects().length > 0 && !(one instanceof HTMLButtonElement && one.disabled);
}

function keyed(page: Document, key: string): HTMLElement | undefined {
  const all = page.querySelectorAll<HTMLElement>(KEYED);
  return [...all].find((one) => one.dataset["key"] === key && seen(one));
}

function press(one: HTMLElement): void {
  if (one.tagName !== "SUMMARY") return one.click();
  const details = one.parentElement;
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  const fields = details.querySelectorAll<HTMLElement>(FIELDS);
  const field = [...fields].find(seen);
  (field ?? one).focus();
}

function send(event: KeyboardEvent): void {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  const button = form?.querySelector<HTMLButtonElement>("button[type=submit]:not([name])");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function tell(page: Document): void {
  const list = document.createElement("dl");
  list.className = "key-list";
  const line = (keys: string, words: string): void => {
    const name = document.createElement("dt");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      name.append(cap, " ");
    }
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    list.append(name, meaning);
  };
  const own = [...page.querySelectorAll<HTMLElement>(KEYED)].filter((one) => one.getClientRects().length > 0);
  for (const [keys, words, where] of say.keys) if (!where || page.querySelector(where)) line(keys, words);
  for (const one of own) line(one.dataset["key"] ?? "", one.dataset["keyWords"] ?? (one.textContent ?? "").trim());
  const title = document.createElement("h2");
  title.textContent = say.keysTitle;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-s";
  close.textContent = say.close;
  const opened = overlay(say.keysTitle, [title, list, close], close);
  close.addEventListener("click", () => opened.close());
}

function pressed(page: Document, event: KeyboardEvent): boolean {
  if (event.key === "j") step(page, 1);
  else if (event.key === "k") step(page, -1);
  else if (event.key === "x") choose(page);
  else if (event.key === "X") page.querySelector<HTMLInputElement>("[data-choose-all] input")?.click();
  else if (event.key === "/") return search(page);
  else if (event.key === "?") tell(page);
  else {
    const one = keyed(page, event.key);
    if (!one) return false;
    press(one);
  }
  return true;
}

export function listenToKeys(page: Document): void {
  page.body.classList.add("has-keys");
  for (const one of page.querySelectorAll<HTMLElement>(KEYED)) one.setAttribute("aria-keyshortcuts", one.dataset["key"] ?? "");
  page.addEventListener("keydown", (event) => {
    if (isOverlaid() || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter") send(event);
      return;
    }
    if (event.altKey || (event.target instanceof Element && event.target.closest(TYPING))) return;
    if (pressed(page, event)) event.preventDefault();
  });
  page.addEventListener("focusin", (event) => {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest("[data-row]");
    if (!row) return;
    for (const other of rows(page)) other.classList.toggle("is-at", other === row);
  });
}
