// Which area holds a point, among the polygons the page has loaded: enough to say it in words at once. The server
// decides again when the form arrives.
import type { Areas } from "./view";

type Ring = GeoJSON.Position[];

function inRing(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function polygons(geometry: GeoJSON.Geometry): Ring[][] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  if (geometry.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

/** The last (finest) feature that holds the point. */
export function areaAt(areas: Areas, lon: number, lat: number): Areas["features"][number] | undefined {
  const holding = areas.features.filter((feature) =>
    polygons(feature.geometry).some(
      ([outer = [], ...holes]) => inRing(outer, lon, lat) && !holes.some((hole) => inRing(hole, lon, lat)),
    ),
  );
  return holding[holding.length - 1];
}

/** west, south, east, north of a geometry. */
export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const all = polygons(geometry).flat(2);
  const xs = all.map(([x = 0]) => x);
  const ys = all.map(([, y = 0]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
