// Small kindnesses on every form: no double sending, letters counted, chosen options marked, menus that close,
// the first problem brought into view.
import { say } from "./words";

function busy(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (!button || form.method === "get") return;
  button.classList.add("is-busy");
  button.setAttribute("aria-disabled", "true");
  const label = button.querySelector("[data-label]");
  if (label) label.textContent = say.sending;
}

function markOptions(group: Element): void {
  for (const option of group.querySelectorAll(".option")) {
    const input = option.querySelector<HTMLInputElement>("input");
    option.classList.toggle("is-on", Boolean(input?.checked));
  }
}

function countLetters(box: HTMLTextAreaElement): void {
  const place = document.getElementById(`${box.id}-count`);
  if (place) place.textContent = `${box.value.length} / ${box.maxLength}`;
}

export function listenToForms(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    if (form.method !== "get" && !form.hasAttribute("hx-post")) form.dataset["sent"] = "1";
    busy(form);
  });
  page.defaultView?.addEventListener("pageshow", () => {
    for (const form of page.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
    for (const button of page.querySelectorAll(".btn.is-busy")) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-disabled");
    }
  });
  page.addEventListener("change", (event) => {
    const group = event.target instanceof Element ? event.target.closest(".options") : null;
    if (group) markOptions(group);
  });
  page.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.maxLength > 0) countLetters(event.target);
  });
  page.addEventListener("click", (event) => {
    for (const menu of page.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of page.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  for (const group of page.querySelectorAll(".options")) markOptions(group);
  page.querySelector<HTMLElement>("[data-problem]")?.focus();
}
