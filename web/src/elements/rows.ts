// <gz-rows> around the rows of a plan: those still empty stay out of sight until «one more» is asked for.
import { icon } from "../icons";
import { say } from "../words";

const SHOWN = 3;

export class GzRows extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector("[data-more]")) return;
    const rows = [...this.querySelectorAll<HTMLElement>("[data-row-part]")];
    const filled = rows.map((row) => [...row.querySelectorAll<HTMLInputElement>("input, select")].some((box) => box.value));
    const last = Math.max(SHOWN, filled.lastIndexOf(true) + 1);
    rows.forEach((row, at) => (row.hidden = at >= last));
    if (last >= rows.length) return;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "btn btn-quiet btn-s";
    more.dataset["more"] = "";
    more.append(icon("plus"), say.oneMore);
    more.addEventListener("click", () => {
      const next = rows.find((row) => row.hidden);
      if (!next) return;
      next.hidden = false;
      next.querySelector<HTMLElement>("input")?.focus();
      more.hidden = !rows.some((row) => row.hidden);
    });
    this.append(more);
  }
}
