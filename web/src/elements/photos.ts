// <gz-photos max="9"> around <input type=file multiple>: choose or take photos, made smaller on the spot (JPEG of at
// most 2560 px; redrawing drops the camera's data, place included), previewed, removable. The prepared files are put
// back into the same input, so the form posts as it would without this.
import { icon, type IconName } from "../icons";
import { say } from "../words";

const EDGE = 2560;
const QUALITY = 0.85;
const LIMIT_MB = 20;

type Shot = { file: File; url: string };

/** A JPEG of at most EDGE pixels, or undefined when the file is no picture this browser can read. */
async function redraw(file: File): Promise<File | undefined> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const name = `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
  return blob ? new File([blob], name, { type: "image/jpeg" }) : undefined;
}

export class GzPhotos extends HTMLElement {
  private shots: Shot[] = [];
  private readonly grid = document.createElement("ul");
  private readonly note = document.createElement("p");
  private acts: HTMLElement | undefined;
  private input: HTMLInputElement | undefined;

  private get max(): number {
    return Number(this.getAttribute("max") ?? 9);
  }

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.input || typeof DataTransfer === "undefined") return;
    this.input = input;
    input.classList.add("hush");
    input.tabIndex = -1;
    input.addEventListener("change", () => void this.take([...(input.files ?? [])]));
    this.acts = document.createElement("div");
    this.acts.className = "photo-acts";
    if (window.matchMedia("(pointer: coarse)").matches) {
      this.acts.append(this.button(say.photoTake, "camera", () => this.choose(true)));
    }
    this.acts.append(this.button(say.photoChoose, "image", () => this.choose(false)));
    this.grid.className = "photo-grid";
    this.note.className = "photo-note";
    this.note.setAttribute("role", "status");
    this.append(this.acts, this.grid, this.note);
    this.tell("");
  }

  disconnectedCallback(): void {
    for (const shot of this.shots) URL.revokeObjectURL(shot.url);
  }

  private button(text: string, mark: IconName, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.append(icon(mark), text);
    button.addEventListener("click", act);
    return button;
  }

  private choose(camera: boolean): void {
    const ask = document.createElement("input");
    ask.type = "file";
    ask.accept = "image/*";
    if (camera) ask.setAttribute("capture", "environment");
    else ask.multiple = true;
    ask.addEventListener("change", () => void this.take([...(ask.files ?? [])]));
    ask.click();
  }

  private async take(files: File[]): Promise<void> {
    const room = this.max - this.shots.length;
    const problems: string[] = files.length > room ? [say.photoTooMany(this.max)] : [];
    this.toggleAttribute("aria-busy", true);
    this.note.textContent = say.photoWorking;
    for (const file of files.slice(0, room)) {
      if (file.size > LIMIT_MB * 1024 * 1024 * 2) {
        problems.push(say.photoTooLarge(file.name, LIMIT_MB * 2));
        continue;
      }
      const smaller = await redraw(file);
      if (smaller) this.shots.push({ file: smaller, url: URL.createObjectURL(smaller) });
      else if (/^image\/hei[cf]/.test(file.type)) this.shots.push({ file, url: "" });
      else problems.push(say.photoNotPicture(file.name));
    }
    this.removeAttribute("aria-busy");
    this.draw();
    this.tell(problems.join(" "));
  }

  private draw(): void {
    const kept = new DataTransfer();
    for (const shot of this.shots) kept.items.add(shot.file);
    if (this.input) this.input.files = kept.files;
    this.grid.replaceChildren(...this.shots.map((shot, at) => this.tile(shot, at)));
    const full = this.shots.length >= this.max;
    for (const button of this.acts?.querySelectorAll("button") ?? []) button.disabled = full;
  }

  private tile(shot: Shot, at: number): HTMLLIElement {
    const tile = document.createElement("li");
    tile.className = "shot";
    if (shot.url) {
      const picture = document.createElement("img");
      picture.src = shot.url;
      picture.alt = say.photoAlt(at + 1, shot.file.name);
      tile.append(picture);
    } else {
      const name = document.createElement("span");
      name.className = "shot-wait";
      name.textContent = shot.file.name;
      tile.append(name);
    }
    const off = document.createElement("button");
    off.type = "button";
    off.className = "shot-off";
    off.setAttribute("aria-label", say.photoRemove(at + 1));
    off.append(icon("close"));
    off.addEventListener("click", () => {
      if (shot.url) URL.revokeObjectURL(shot.url);
      this.shots = this.shots.filter((other) => other !== shot);
      this.draw();
      this.tell("");
    });
    tile.append(off);
    return tile;
  }

  private tell(problem: string): void {
    const left = this.max - this.shots.length;
    this.note.classList.toggle("is-bad", problem !== "");
    this.note.textContent = problem || (left ? say.photoMore(left) : say.photoFull(this.max));
  }
}
