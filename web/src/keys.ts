// Keyboard on lists: j / k move along the rows, Enter opens, "/" goes to the search field. Off while typing.

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

export function listenToKeys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (event.key === "j") step(page, 1);
    else if (event.key === "k") step(page, -1);
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
