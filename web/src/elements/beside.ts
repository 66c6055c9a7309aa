// <gz-beside src revision token>: asks every few seconds who else has this case open and whether it has moved, and says
// goodbye when the page is left. Quiet while the page is hidden. What comes back is a fragment of our own server.

const EVERY = 5_000; // a sign of presence is good for 15 s

export class GzBeside extends HTMLElement {
  private timer = 0;
  private shown = "";

  connectedCallback(): void {
    this.setAttribute("role", "status");
    this.turn();
    document.addEventListener("visibilitychange", this.turn);
    window.addEventListener("pagehide", this.leave);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.turn);
    window.removeEventListener("pagehide", this.leave);
  }

  private body(more: Record<string, string> = {}): FormData {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.getAttribute("token") ?? "");
    body.set("revision", this.getAttribute("revision") ?? "");
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    return body;
  }

  private readonly leave = (): void => {
    navigator.sendBeacon(this.getAttribute("src") ?? "", this.body({ leave: "1" }));
  };

  private readonly turn = (): void => {
    window.clearTimeout(this.timer);
    if (document.visibilityState === "visible") void this.ask();
  };

  private async ask(): Promise<void> {
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", { method: "POST", body: this.body() });
      if (!answer.ok) return; // signed out, or no longer this person's case: the page itself will say so
      const words = await answer.text();
      if (words.trim() !== this.shown) {
        this.shown = words.trim();
        this.innerHTML = words;
      }
    } catch {
      // offline: the stream's own sign says it
    }
    this.timer = window.setTimeout(this.turn, EVERY);
  }
}
