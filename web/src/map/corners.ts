// Handles on the corners of a chosen area: dragging one moves it for every area that shares it; the small ones between
// two corners make a new corner. What is dragged is shown at once and sent when it is let go.
import type { GeoJSONSource, Map as Sheet, MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import type { Areas } from "./view";
import { around, type Corner } from "./sketch";

type Handle = { at: Corner; middle: boolean };
export type Dragged = (handle: Handle, to: Corner) => void;

function rings(geometry: GeoJSON.Geometry): Corner[][] {
  if (geometry.type === "Polygon") return geometry.coordinates as Corner[][];
  if (geometry.type === "MultiPolygon") return (geometry.coordinates as Corner[][][]).flat();
  return [];
}

/** All corners of areas, for snapping. */
export function* cornersOf(areas: Iterable<Areas["features"][number]>): Generator<Corner> {
  for (const area of areas) for (const ring of rings(area.geometry)) yield* ring;
}

/** The geometry with one corner elsewhere; itself where it has no such corner. */
export function withCorner(geometry: GeoJSON.Geometry, at: Corner, to: Corner): GeoJSON.Geometry {
  const same = (one: Corner): boolean => one[0] === at[0] && one[1] === at[1];
  if (!rings(geometry).some((ring) => ring.some(same))) return geometry;
  const change = (ring: Corner[]): Corner[] => ring.map((one) => (same(one) ? to : one));
  if (geometry.type === "Polygon") return { type: "Polygon", coordinates: (geometry.coordinates as Corner[][]).map(change) };
  const parts = (geometry as GeoJSON.MultiPolygon).coordinates as Corner[][][];
  return { type: "MultiPolygon", coordinates: parts.map((part) => part.map(change)) };
}

export class Corners {
  chosen: Corner | undefined;
  private handles: Handle[] = [];
  private held: Handle | undefined;
  private last: Corner | undefined;

  constructor(
    private readonly sheet: Sheet,
    private readonly preview: (at: Corner, to: Corner) => void,
    private readonly dropped: Dragged,
  ) {
    sheet.addSource("corners", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    sheet.addLayer({
      id: "corners",
      type: "circle",
      source: "corners",
      paint: {
        "circle-color": ["case", ["get", "chosen"], "#b8352a", "#ffffff"],
        "circle-radius": ["case", ["get", "middle"], 4, 7],
        "circle-stroke-width": ["case", ["get", "middle"], 1.5, 2.5],
        "circle-stroke-color": "#1b4b8a",
      },
    });
    sheet.on("mousedown", "corners", (event) => this.begin(event));
    sheet.on("touchstart", (event) => {
      if (event.points.length === 1) this.begin(event);
    });
    sheet.on("mousemove", (event) => this.move(event));
    sheet.on("touchmove", (event) => this.move(event));
    sheet.on("mouseup", () => this.drop());
    sheet.on("touchend", () => this.drop());
  }

  get dragging(): boolean {
    return this.held !== undefined;
  }

  /** Handles on this area, or none. */
  show(area: Areas["features"][number] | undefined): void {
    this.handles = [];
    this.chosen = undefined;
    for (const ring of area ? rings(area.geometry) : []) {
      ring.slice(0, -1).forEach((at, n) => {
        const next = ring[n + 1] ?? at;
        this.handles.push({ at, middle: false });
        this.handles.push({ at: [(at[0] + next[0]) / 2, (at[1] + next[1]) / 2], middle: true });
      });
    }
    this.draw();
  }

  private begin(event: MapMouseEvent | MapTouchEvent): void {
    const found = this.sheet.queryRenderedFeatures(around(event.point), { layers: ["corners"] });
    const number = found.find((one) => !one.properties["middle"])?.properties["n"] ?? found[0]?.properties["n"];
    const handle = typeof number === "number" ? this.handles[number] : undefined;
    if (!handle) return;
    event.preventDefault();
    this.sheet.dragPan.disable();
    this.held = handle;
    this.chosen = handle.middle ? undefined : handle.at;
    this.last = undefined;
    this.draw();
  }

  private move(event: MapMouseEvent | MapTouchEvent): void {
    if (!this.held) return;
    this.last = [event.lngLat.lng, event.lngLat.lat];
    if (!this.held.middle) this.preview(this.held.at, this.last);
  }

  private drop(): void {
    const { held, last } = this;
    this.held = undefined;
    this.sheet.dragPan.enable();
    if (held && last) this.dropped(held, last);
  }

  private draw(): void {
    const features = this.handles.map(({ at, middle }, n) => ({
      type: "Feature" as const,
      properties: { n, middle, chosen: this.chosen === at },
      geometry: { type: "Point" as const, coordinates: at },
    }));
    this.sheet.getSource<GeoJSONSource>("corners")?.setData({ type: "FeatureCollection", features });
  }
}
