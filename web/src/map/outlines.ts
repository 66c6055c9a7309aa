// Outlines laid over the areas of a map: what is in force beside what is proposed (dashed), and what stands out.
import type { Map as Sheet } from "maplibre-gl";
import type { GzMap } from "../elements/map";
import { fetched } from "./view";

const MARK = "#b8352a";

/** `lines` and `marks` of the element, where it has them. */
export async function addOutlines(host: GzMap, sheet: Sheet): Promise<void> {
  const lines = host.getAttribute("lines");
  if (lines) {
    sheet.addSource("lines", { type: "geojson", data: await fetched<GeoJSON.FeatureCollection>(lines) });
    sheet.addLayer({
      id: "lines",
      type: "line",
      source: "lines",
      paint: { "line-color": "#435060", "line-width": 1.5, "line-dasharray": [3, 2] },
    });
  }
  const marks = host.getAttribute("marks");
  if (marks) markLayers(sheet, await fetched<GeoJSON.FeatureCollection>(marks));
}

/** The source `marks` and how it looks: whatever stands out. */
export function markLayers(sheet: Sheet, data: GeoJSON.FeatureCollection): void {
  sheet.addSource("marks", { type: "geojson", data });
  sheet.addLayer({
    id: "marks-fill",
    type: "fill",
    source: "marks",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": MARK, "fill-opacity": 0.35 },
  });
  sheet.addLayer({ id: "marks-line", type: "line", source: "marks", paint: { "line-color": MARK, "line-width": 3 } });
  sheet.addLayer({
    id: "marks-point",
    type: "circle",
    source: "marks",
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": MARK, "circle-radius": 9, "circle-stroke-width": 3, "circle-stroke-color": "#ffffff" },
  });
}
