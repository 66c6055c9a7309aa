// A layer over the page with one box in it: for the palette and the list of keys. The focus stays inside until it is
// closed (Escape, a click beside it), and goes back to where it was. `<dialog>` is too young for Safari 14.

const REACHED = "a[href], button:not([disabled]), input:not([disabled])";

export type Overlay = { close(): void };

let open: Overlay | undefined;

/** Is one open? Other keys rest then. */
export function isOverlaid(): boolean {
  return open !== undefined;
}

export function overlay(label: string, content: Node[], focus?: HTMLElement): Overlay {
  open?.close();
  const before = document.activeElement;
  const layer = document.createElement("div");
  layer.className = "overlay";
  const box = document.createElement("div");
  box.className = "overlay-box";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-modal", "true");
  box.setAttribute("aria-label", label);
  box.append(...content);
  layer.append(box);

  const here: Overlay = {
    close: () => {
      if (open !== here) return;
      open = undefined;
      layer.remove();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
  };
  layer.addEventListener("mousedown", (event) => {
    if (event.target === layer) here.close();
  });
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      here.close();
    } else if (event.key === "Tab") keepInside(event, box);
  });
  open = here;
  document.body.append(layer);
  (focus ?? box).focus();
  return here;
}

function keepInside(event: KeyboardEvent, box: HTMLElement): void {
  const inside = [...box.querySelectorAll<HTMLElement>(REACHED)];
  const first = inside[0];
  const last = inside[inside.length - 1];
  if (!first || !last) return event.preventDefault();
  const at = document.activeElement;
  const leaving = event.shiftKey ? at === first || at === box : at === last;
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
