// 大字版: one step larger, kept in a cookie so that the server sends the next page already large.

const YEAR = 365 * 24 * 3600;

export function listenToTextSize(page: Document): void {
  const root = page.documentElement;
  for (const button of page.querySelectorAll<HTMLButtonElement>("[data-text-size]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(root.dataset["text"] === "large"));
    button.addEventListener("click", () => {
      const large = root.dataset["text"] !== "large";
      if (large) root.dataset["text"] = "large";
      else delete root.dataset["text"];
      button.setAttribute("aria-pressed", String(large));
      page.cookie = `gz_text=${large ? "large" : "normal"}; path=/; max-age=${YEAR}; samesite=lax`;
    });
  }
}
