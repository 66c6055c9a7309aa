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

function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    sum += xj * yi - xi * yj;
  }
  return sum / 2;
}

/** Middle of the widest stretch of the ring on one parallel: always inside, near enough to where a name belongs. */
function widest(ring: Ring, y: number): { x: number; width: number } {
  const crossings: number[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y) crossings.push(xi + ((y - yi) / (yj - yi)) * (xj - xi));
  }
  crossings.sort((a, b) => a - b);
  let best = { x: crossings[0] ?? 0, width: 0 };
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const from = crossings[i] ?? 0;
    const to = crossings[i + 1] ?? 0;
    if (to - from > best.width) best = { x: (from + to) / 2, width: to - from };
  }
  return best;
}

/** Where the name of an area goes: inside its largest part, where it is broad. */
export function labelPoint(geometry: GeoJSON.Geometry): [number, number] | undefined {
  const rings = polygons(geometry).map(([outer = []]) => outer);
  const ring = rings.sort((a, b) => Math.abs(signedArea(b)) - Math.abs(signedArea(a)))[0];
  if (!ring?.length) return undefined;
  const ys = ring.map(([, y = 0]) => y);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  const tries = [0.5, 0.42, 0.58, 0.34, 0.66].map((part) => low + (high - low) * part);
  const found = tries.map((y) => ({ y, ...widest(ring, y) })).sort((a, b) => b.width - a.width)[0];
  return found ? [found.x, found.y] : undefined;
}

function corners(geometry: GeoJSON.Geometry): Ring {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(corners);
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "LineString" || geometry.type === "MultiPoint") return geometry.coordinates;
  if (geometry.type === "MultiLineString") return geometry.coordinates.flat();
  return polygons(geometry).flat(2);
}

/** west, south, east, north of a geometry. */
export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const all = corners(geometry);
  const xs = all.map(([x = 0]) => x);
  const ys = all.map(([, y = 0]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
