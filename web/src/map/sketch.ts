// A line or an outline being drawn, corner by corner, snapping to corners that are there already.
import type { GeoJSONSource, Map as Sheet, PointLike } from "maplibre-gl";

export type Corner = [number, number];
const NEAR = 12; // pixels within which a tap means the corner that is there

export class Sketch {
  corners: Corner[] = [];

  constructor(
    private readonly sheet: Sheet,
    private readonly known: () => Iterable<Corner>,
  ) {
    const empty: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
    sheet.addSource("sketch", { type: "geojson", data: empty });
    sheet.addLayer({
      id: "sketch-line",
      type: "line",
      source: "sketch",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": "#b8352a", "line-width": 3, "line-dasharray": [2, 1] },
    });
    sheet.addLayer({
      id: "sketch-corner",
      type: "circle",
      source: "sketch",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": "#b8352a", "circle-radius": 6, "circle-stroke-width": 2, "circle-stroke-color": "#fff" },
    });
  }

  /** Add a corner; one that is close to a corner of an area is that corner. */
  add(corner: Corner): void {
    this.corners.push(this.snapped(corner));
    this.show();
  }

  back(): void {
    this.corners.pop();
    this.show();
  }

  clear(): void {
    this.corners = [];
    this.show();
  }

  /** As the server reads it: "lon,lat lon,lat". */
  get words(): string {
    return this.corners.map(([x, y]) => `${x.toFixed(7)},${y.toFixed(7)}`).join(" ");
  }

  private snapped(corner: Corner): Corner {
    const at = this.sheet.project(corner);
    let best: Corner = corner;
    let nearest = NEAR;
    for (const one of this.known()) {
      const away = this.sheet.project(one);
      const distance = Math.hypot(away.x - at.x, away.y - at.y);
      if (distance < nearest) [best, nearest] = [one, distance];
    }
    return best;
  }

  private show(): void {
    const points = this.corners.map((coordinates) => ({
      type: "Feature" as const,
      properties: {},
      geometry: { type: "Point" as const, coordinates },
    }));
    const line = {
      type: "Feature" as const,
      properties: {},
      geometry: { type: "LineString" as const, coordinates: this.corners },
    };
    const features = this.corners.length > 1 ? [line, ...points] : points;
    this.sheet.getSource<GeoJSONSource>("sketch")?.setData({ type: "FeatureCollection", features } as never);
  }
}

/** A box around a point of the screen, for fingers. */
export function around(point: { x: number; y: number }, room = 10): [PointLike, PointLike] {
  return [
    [point.x - room, point.y - room],
    [point.x + room, point.y + room],
  ];
}
