// Where a problem of a plan is, shown on the editor's map. Buttons of the list ([data-mark]) hold the address of a shape;
// pressed again, or by Escape, it goes. The sentence of the problem is said with it.
import type { GeoJSONSource, Map as Sheet } from "maplibre-gl";
import { markLayers } from "./outlines";
import { fetched, type Areas } from "./view";
import { boundsOf } from "./where";

const EMPTY: Areas = { type: "FeatureCollection", features: [] };

export class Marks {
  private button: HTMLElement | undefined;

  constructor(private readonly sheet: Sheet) {
    markLayers(sheet, EMPTY);
  }

  get shown(): boolean {
    return this.button !== undefined;
  }

  /** Show the shape of a button, or take it away where it is shown; the sentence to say, "" for none. */
  async press(button: HTMLElement): Promise<string> {
    const again = this.button === button;
    this.clear();
    if (again) return "";
    const found = await fetched<Areas>(button.dataset["mark"] ?? "");
    const first = found.features[0];
    if (!first) return "";
    this.button = button;
    button.setAttribute("aria-pressed", "true");
    this.put(found);
    this.sheet.fitBounds(boundsOf(first.geometry), { padding: 120, maxZoom: 17 });
    return String(first.properties["name"] ?? "");
  }

  clear(): void {
    this.button?.setAttribute("aria-pressed", "false");
    this.button = undefined;
    this.put(EMPTY);
  }

  private put(data: Areas): void {
    this.sheet.getSource<GeoJSONSource>("marks")?.setData(data);
  }
}
