// The plan editor: areas coloured by how many live in them, tools with words, one POST a gesture. The server draws and
// answers with what changed; nothing is decided here. Steps, Ctrl+Z, and the list beside the map are the same steps.
import type { GeoJSONSource, Map as Sheet, MapMouseEvent } from "maplibre-gl";
import type { GzMap } from "../elements/map";
import { say } from "../words";
import { Corners, cornersOf, withCorner } from "./corners";
import { around, Sketch, type Corner } from "./sketch";
import { planLayers } from "./plan-layers";
import { Marks } from "./plan-marks";
import { mapButton } from "./tools";
import { fetched, fontFor, sheetIn, type Areas, type Shown } from "./view";
import { areaAt, boundsOf, labelPoint } from "./where";
import type { IconName } from "../icons";

type Area = Areas["features"][number];
type Tool = "choose" | "bend" | "split" | "draw" | "hand";
type Answer = { revision: number; changed: Area[]; removed: number[]; side: string };
type Refused = { sentence: string; code: string; revision: number };

class Editor {
  private readonly areas = new Map<number, Area>();
  private readonly blocks = new Map<number, Area>();
  private readonly chosen = new Set<number>();
  private readonly given = new Set<number>(); // blocks to hand over
  private tool: Tool = "choose";
  private revision: number;
  private busy = false;
  private readonly sketch: Sketch;
  private readonly corners: Corners;
  private readonly marks: Marks;
  private readonly bar = document.createElement("div");
  private readonly told = document.createElement("p");
  private readonly side = document.getElementById("plan-side");

  constructor(
    private readonly host: GzMap,
    private readonly sheet: Sheet,
  ) {
    this.revision = host.figure("revision") ?? 0;
    planLayers(sheet);
    this.marks = new Marks(sheet);
    this.sketch = new Sketch(sheet, () => cornersOf(this.areas.values()));
    this.corners = new Corners(
      sheet,
      (at, to) => this.preview(at, to),
      (handle, to) => void this.send({ act: handle.middle ? "bend" : "move", at: handle.at, to }),
    );
    this.told.className = "plan-say";
    this.told.setAttribute("role", "status");
    this.bar.className = "plan-bar";
    this.bar.setAttribute("role", "toolbar");
    this.bar.setAttribute("aria-label", say.planTools);
    this.host.append(this.told, this.bar);
    this.side?.classList.add("has-editor");
    this.listen();
  }

  get editable(): boolean {
    return Boolean(this.host.getAttribute("edit"));
  }

  async load(): Promise<void> {
    const url = this.host.getAttribute("areas") ?? "";
    const found = await fetched<Areas>(url);
    this.areas.clear();
    for (const area of found.features) this.areas.set(Number(area.properties["key"]), area);
    await fontFor("0123456789");
    this.sheet.fitBounds(this.host.bounds, { padding: this.room(), animate: false });
    this.draw();
    this.choose("choose");
  }

  /** Space for the sentence above and the tools below the areas. */
  private room(): { top: number; bottom: number; left: number; right: number } {
    const narrow = this.host.clientWidth < 600;
    return { top: narrow ? 84 : 64, bottom: narrow ? 168 : 84, left: 24, right: narrow ? 24 : 72 };
  }

  // --- what is seen ------------------------------------------------------------------------------------------------
  private draw(): void {
    const features = [...this.areas.values()].map((area): Area => {
      const chosen = this.chosen.has(Number(area.properties["key"]));
      return { ...area, properties: { ...area.properties, chosen } };
    });
    this.sheet.getSource<GeoJSONSource>("plan")?.setData({ type: "FeatureCollection", features });
    const names = features.flatMap((area) => {
      const at = labelPoint(area.geometry);
      const homes = Number(area.properties["households"] ?? 0);
      const label = `${String(area.properties["code"] ?? "").slice(-3)}\n${homes || ""}`;
      return at ? [{ ...area, properties: { label }, geometry: { type: "Point" as const, coordinates: at } }] : [];
    });
    this.sheet.getSource<GeoJSONSource>("plan-names")?.setData({ type: "FeatureCollection", features: names });
    const one = this.tool === "bend" && this.chosen.size === 1 ? this.areas.get([...this.chosen][0]!) : undefined;
    this.corners.show(one);
    this.drawBlocks();
    this.drawBar();
    for (const row of this.side?.querySelectorAll<HTMLElement>("[data-key]") ?? []) {
      row.classList.toggle("is-at", this.chosen.has(Number(row.dataset["key"])));
    }
  }

  private drawBlocks(): void {
    const features = this.tool !== "hand" ? [] : [...this.blocks.values()].map((block) => ({
      ...block,
      properties: { ...block.properties, given: this.given.has(Number(block.id)) },
    }));
    this.sheet.getSource<GeoJSONSource>("blocks")?.setData({ type: "FeatureCollection", features });
  }

  private drawBar(): void {
    this.bar.replaceChildren();
    if (!this.editable) return;
    const polygons = this.host.getAttribute("shape") === "polygon";
    const tool = (key: Tool, mark: IconName, words: string): void => {
      const button = mapButton(mark, words, () => this.choose(key));
      button.setAttribute("aria-pressed", String(this.tool === key));
      this.bar.append(button);
    };
    const deed = (mark: IconName, words: string, act: () => void, able = true): void => {
      const button = mapButton(mark, words, act);
      button.disabled = !able;
      this.bar.append(button);
    };
    tool("choose", "crosshair", say.planChoose);
    if (polygons) tool("split", "cut", say.planSplit);
    if (polygons) deed("merge", say.planMerge, () => void this.merge(), this.chosen.size > 1);
    if (polygons) tool("bend", "corner", say.planBend);
    tool("draw", "plus", say.planDraw);
    if (this.host.getAttribute("blocks")) tool("hand", "hand", say.planHand);
    if (!this.host.hasAttribute("covers")) deed("minus", say.planRemove, () => void this.remove(), this.chosen.size === 1);
    deed("undo", say.planUndo, () => void this.send({ act: "undo" }), this.can("undo"));
    deed("redo", say.planRedo, () => void this.send({ act: "redo" }), this.can("redo"));
    if (this.tool === "split" || this.tool === "draw") {
      deed("crosshair", say.planPoint, () => this.tap(this.sheet.getCenter().toArray()));
      deed("check", say.planDone, () => void this.finish(), this.sketch.corners.length > 0);
    }
    if (this.tool === "hand") deed("check", say.planDone, () => void this.finish(), this.given.size > 0);
  }

  /** Is there a step to take back, or to make again? The list beside the map knows. */
  private can(step: "undo" | "redo"): boolean {
    return this.side?.querySelector<HTMLButtonElement>(`[data-step="${step}"]`)?.disabled === false;
  }

  // --- what is done ------------------------------------------------------------------------------------------------
  private choose(tool: Tool): void {
    this.tool = tool;
    this.sketch.clear();
    this.given.clear();
    this.say(this.editable ? HELP[tool]() : say.planClosed);
    if (tool === "hand" && !this.blocks.size) void this.loadBlocks();
    this.draw();
  }

  private async loadBlocks(): Promise<void> {
    const found = await fetched<Areas>(this.host.getAttribute("blocks") ?? "");
    for (const block of found.features) this.blocks.set(Number(block.id), block);
    this.drawBlocks();
  }

  private tap(at: Corner): void {
    if (this.busy || this.corners.dragging) return;
    if (this.editable && (this.tool === "split" || this.tool === "draw")) {
      this.sketch.add(at);
      if (this.host.getAttribute("shape") === "point") void this.finish();
      else this.drawBar();
      return;
    }
    if (this.tool === "hand" && this.chosen.size === 1) {
      const block = areaAt({ type: "FeatureCollection", features: [...this.blocks.values()] }, ...at);
      if (!block) return;
      const id = Number(block.id);
      if (!this.given.delete(id)) this.given.add(id);
      this.draw();
      return;
    }
    this.select(this.keyAt(at));
  }

  private select(key: number | undefined): void {
    const several = this.tool === "choose";
    if (key === undefined) this.chosen.clear();
    else if (this.chosen.has(key)) this.chosen.delete(key);
    else {
      if (!several) this.chosen.clear();
      this.chosen.add(key);
    }
    this.draw();
  }

  private keyAt(at: Corner): number | undefined {
    const inside = areaAt({ type: "FeatureCollection", features: [...this.areas.values()] }, ...at);
    if (inside) return Number(inside.properties["key"]);
    const near = this.sheet.queryRenderedFeatures(around(this.sheet.project(at), 14), { layers: ["plan-point", "plan-line"] });
    const key = near[0]?.properties["key"];
    return typeof key === "number" ? key : undefined;
  }

  private async finish(): Promise<void> {
    if (this.tool === "hand") {
      await this.send({ act: "handover", to: [...this.chosen][0], blocks: [...this.given] });
      return;
    }
    const line = this.sketch.words;
    if (this.tool === "draw") await this.send({ act: "draw", line });
    else await this.send({ act: "split", line, key: this.cutKey() });
  }

  /** The area a line cuts: the chosen one, else the one in which the middle of the line lies. */
  private cutKey(): number | undefined {
    if (this.chosen.size === 1) return [...this.chosen][0];
    const { corners } = this.sketch;
    const [a, b] = [corners[Math.floor((corners.length - 1) / 2)], corners[Math.ceil((corners.length - 1) / 2)]];
    return a && b ? this.keyAt([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]) : undefined;
  }

  private async merge(): Promise<void> {
    await this.send({ act: "merge", keys: [...this.chosen] });
  }

  private async remove(): Promise<void> {
    await this.send({ act: "remove", key: [...this.chosen][0] });
  }

  private preview(at: Corner, to: Corner): void {
    const features = [...this.areas.values()].map((area) => ({ ...area, geometry: withCorner(area.geometry, at, to) }));
    this.sheet.getSource<GeoJSONSource>("plan")?.setData({ type: "FeatureCollection", features });
  }

  // --- the server --------------------------------------------------------------------------------------------------
  private async send(step: Record<string, string | number | Corner | number[] | undefined>): Promise<void> {
    if (!this.editable || this.busy) return;
    const form = new FormData();
    for (const [name, value] of Object.entries(step)) {
      if (name === "keys" || name === "blocks") for (const one of value as number[]) form.append(name, String(one));
      else if (Array.isArray(value)) form.set(name, value.map((part) => Number(part).toFixed(7)).join(","));
      else if (value !== undefined) form.set(name, String(value));
    }
    await this.post(form);
  }

  private async post(form: FormData): Promise<void> {
    form.set("revision", String(this.revision));
    this.busy = true;
    this.host.setAttribute("busy", "");
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": this.host.getAttribute("token") ?? "" };
      const answer = await fetch(this.host.getAttribute("edit") ?? "", { method: "POST", headers, body: form });
      if (answer.ok) this.take((await answer.json()) as Answer);
      else await this.refused((await answer.json()) as Refused);
    } catch {
      this.say(say.planFailed, true);
      this.draw();
    } finally {
      this.busy = false;
      this.host.removeAttribute("busy");
    }
  }

  private take(answer: Answer): void {
    this.revision = answer.revision;
    for (const key of answer.removed) this.areas.delete(key);
    for (const area of answer.changed) this.areas.set(Number(area.properties["key"]), area);
    for (const key of [...this.chosen]) if (!this.areas.has(key)) this.chosen.delete(key);
    this.marks.clear();
    if (this.side) this.side.innerHTML = answer.side;
    this.sketch.clear();
    this.given.clear();
    this.say(say.planKept);
    this.draw();
  }

  private async refused(why: Refused): Promise<void> {
    if (why.code === "changed") {
      await this.load();
      const side = await fetch(this.host.getAttribute("side") ?? "");
      if (side.ok && this.side) this.side.innerHTML = await side.text();
    }
    this.revision = why.revision || this.revision;
    this.say(why.sentence, true);
    this.draw();
  }

  private say(words: string, wrong = false): void {
    this.told.textContent = words;
    this.told.classList.toggle("is-bad", wrong);
  }

  // --- hands -------------------------------------------------------------------------------------------------------
  private listen(): void {
    this.sheet.on("click", (event: MapMouseEvent) => this.tap([event.lngLat.lng, event.lngLat.lat]));
    this.sheet.doubleClickZoom.disable();
    this.sheet.on("dblclick", () => {
      if (this.sketch.corners.length > 1) {
        this.sketch.back(); // the second tap of the two set a corner of its own
        void this.finish();
      }
    });
    document.addEventListener("keydown", (event) => this.key(event));
    this.side?.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show], [data-mark]") : null;
      if (button?.dataset["mark"]) void this.point(button);
      else if (button) this.look(Number(button.dataset["show"]));
    });
    this.side?.addEventListener("submit", (event) => {
      if (!(event.target instanceof HTMLFormElement) || event.target.method !== "post") return;
      event.preventDefault();
      event.stopPropagation();
      void this.post(new FormData(event.target));
    });
  }

  private async point(button: HTMLElement): Promise<void> {
    try {
      const said = await this.marks.press(button);
      if (said) this.say(said, true);
      else this.choose(this.tool);
    } catch {
      this.say(say.planFailed, true);
    }
  }

  private look(key: number): void {
    const area = this.areas.get(key);
    if (!area) return;
    this.chosen.clear();
    this.chosen.add(key);
    if (area.geometry.type.endsWith("Polygon")) {
      this.sheet.fitBounds(boundsOf(area.geometry), { padding: 80, maxZoom: 17 });
    }
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z") {
      event.preventDefault();
      void this.send({ act: event.shiftKey ? "redo" : "undo" });
    } else if (control && event.key.toLowerCase() === "y") {
      event.preventDefault();
      void this.send({ act: "redo" });
    } else if (event.key === "Escape") {
      if (this.marks.shown) this.marks.clear();
      else if (this.sketch.corners.length || this.given.size) this.choose(this.tool);
      else {
        this.chosen.clear();
        this.choose("choose");
      }
    } else if (event.key === "Enter" && this.sketch.corners.length > 1) void this.finish();
    else if (event.key === "Delete" || event.key === "Backspace") this.erase(event);
  }

  private erase(event: KeyboardEvent): void {
    if (this.sketch.corners.length) this.sketch.back();
    else if (this.corners.chosen) void this.send({ act: "straighten", at: this.corners.chosen });
    else if (!this.host.hasAttribute("covers") && this.chosen.size === 1) void this.remove();
    else return;
    event.preventDefault();
  }
}

const HELP: Record<Tool, () => string> = {
  choose: () => say.planHelpChoose,
  split: () => say.planHelpSplit,
  bend: () => say.planHelpBend,
  draw: () => say.planHelpDraw,
  hand: () => say.planHelpHand,
};

/** Build the editor in `host`; rejects where there is no WebGL. */
export async function edit(host: GzMap): Promise<Shown> {
  const sheet = await sheetIn(host);
  const editor = new Editor(host, sheet);
  await editor.load();
  host.setAttribute("ready", "");
  return { remove: () => sheet.remove() };
}
