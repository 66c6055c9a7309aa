// What the plan editor draws on: areas with their names, blocks to hand over, what is chosen.
import type { Map as Sheet } from "maplibre-gl";
import { evenness, FONT } from "./style";
import type { Areas } from "./view";

const EMPTY: Areas = { type: "FeatureCollection", features: [] };

/** Sources `plan`, `plan-names` and `blocks`, empty, and how they look. */
export function planLayers(sheet: Sheet): void {
  for (const id of ["plan", "plan-names", "blocks"]) sheet.addSource(id, { type: "geojson", data: EMPTY });
  sheet.addLayer({
    id: "plan-fill",
    type: "fill",
    source: "plan",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": evenness("#f4f6f1"), "fill-opacity": 0.9 },
  });
  sheet.addLayer({
    id: "blocks-fill",
    type: "fill",
    source: "blocks",
    paint: { "fill-color": "#b8352a", "fill-opacity": ["case", ["get", "given"], 0.45, 0] },
  });
  sheet.addLayer({
    id: "blocks-line",
    type: "line",
    source: "blocks",
    paint: { "line-color": "#848d97", "line-width": 1, "line-dasharray": [2, 2] },
  });
  sheet.addLayer({
    id: "plan-line",
    type: "line",
    source: "plan",
    paint: { "line-color": "#5b6773", "line-width": 1.5 },
  });
  sheet.addLayer({
    id: "plan-chosen",
    type: "line",
    source: "plan",
    filter: ["==", ["get", "chosen"], true],
    paint: { "line-color": "#1b4b8a", "line-width": 4 },
  });
  sheet.addLayer({
    id: "plan-point",
    type: "circle",
    source: "plan",
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": "#1b4b8a", "circle-radius": 7, "circle-stroke-width": 2, "circle-stroke-color": "#fff" },
  });
  sheet.addLayer({
    id: "plan-name",
    type: "symbol",
    source: "plan-names",
    layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 13, "text-allow-overlap": false },
    paint: { "text-color": "#17202b", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
  });
}
