// Keyboard: on lists j / k move along the rows, Enter opens, "/" goes to the search field; on a case a digit opens the
// move that carries it. Off while typing.

const TYPING = "input, textarea, select, [contenteditable]";

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

/** What carries this key: a move opens, its first field at hand; a button is pressed. */
function act(page: Document, key: string): void {
  const found = page.querySelector<HTMLElement>(`[data-key="${key}"]`);
  const move = found?.closest("details");
  if (!found) return;
  if (!move) return found.focus();
  move.open = true;
  move.scrollIntoView({ block: "nearest" });
  (move.querySelector<HTMLElement>(".field-box, textarea, select, input:not([type=hidden]), button") ?? found).focus();
}

export function listenToKeys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (event.key === "j") step(page, 1);
    else if (event.key === "k") step(page, -1);
    else if (/^[0-9]$/.test(event.key)) act(page, event.key);
    else if (event.key === "/") {
      const search = page.querySelector<HTMLElement>("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    }
  });
  page.addEventListener("focusin", (event) => {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest("[data-row]");
    if (!row) return;
    for (const other of rows(page)) other.classList.toggle("is-at", other === row);
  });
}
