// How the map looks: paper, areas in two quiet tints, thin lines, names set in the page's own font. No base tiles, no
// glyph server; a profile may bring a style of its own (`tiles`), on which the same layers are laid.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export const TONES: Record<string, string> = {
  plain: "#5b6773",
  info: "#1b4b8a",
  progress: "#0b7285",
  good: "#22804f",
  warn: "#b96a00",
  bad: "#b8352a",
};

export const FONT = ["Noto Sans SC Variable"];

/** How many live in a grid beside the norm; the number or a word always stands beside the colour. */
export const EVENNESS: Record<string, string> = {
  few: "#7fb3d5",
  less: "#c4dced",
  even: "#d7ead9",
  more: "#f7d9a8",
  many: "#e9a58f",
};
/** The colour of a feature's `tone`, or another one where it has none. */
export function evenness(otherwise: unknown): ExpressionSpecification {
  return ["match", ["coalesce", ["get", "tone"], ""], ...Object.entries(EVENNESS).flat(), otherwise] as never;
}

export const PAPER: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "paper", type: "background", paint: { "background-color": "#e9ebe4" } }],
};

/** Polygons; the one with the id `here` is marked. `tint` (0…3) is set on each by the loader: neighbours differ a little. */
export function areaLayers(source: string, here = -1): LayerSpecification[] {
  return [
    {
      id: "area-fill",
      type: "fill",
      source,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: {
        "fill-color": evenness(["match", ["get", "tint"], 0, "#fbfbf8", 1, "#f4f6f1", 2, "#f6f3ec", "#eff4f3"]),
        "fill-opacity": 0.96,
      },
    },
    {
      id: "area-here",
      type: "fill",
      source,
      filter: ["==", ["id"], here],
      paint: { "fill-color": "#1b4b8a", "fill-opacity": 0.14 },
    },
    {
      id: "area-line",
      type: "line",
      source,
      paint: {
        "line-color": ["match", ["get", "level"], "district", "#7c8893", "street", "#98a3a9", "#c3cac4"],
        "line-width": ["match", ["get", "level"], "district", 2, "street", 1.6, 1],
      },
    },
    {
      id: "area-own",
      type: "line",
      source,
      filter: ["==", ["id"], here],
      paint: { "line-color": "#1b4b8a", "line-width": 3 },
    },
  ];
}

export function labelLayer(source: string): LayerSpecification {
  return {
    id: "area-name",
    type: "symbol",
    source,
    layout: {
      "text-field": ["coalesce", ["get", "label"], ["get", "name"]],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 10, 11, 15, 14],
      "text-max-width": 7,
      "text-padding": 6,
    },
    paint: { "text-color": "#4a5662", "text-halo-color": "#fbfbf8", "text-halo-width": 1.5 },
  };
}

const worst: ExpressionSpecification = [
  "case",
  [">", ["get", "bad"], 0],
  TONES["bad"]!,
  [">", ["get", "warn"], 0],
  TONES["warn"]!,
  TONES["info"]!,
];

/** Clusters wear the colour of the worst case in them. */
export function caseLayers(source: string): LayerSpecification[] {
  return [
    {
      id: "case-cluster",
      type: "circle",
      source,
      filter: ["has", "point_count"],
      paint: {
        "circle-color": worst,
        "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 50, 23],
        "circle-stroke-width": 4,
        "circle-stroke-color": "#ffffff",
        "circle-stroke-opacity": 0.75,
      },
    },
    {
      id: "case-count",
      type: "symbol",
      source,
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": FONT,
        "text-size": 13,
        "text-allow-overlap": true,
      },
      paint: { "text-color": "#ffffff" },
    },
    {
      id: "case-point",
      type: "circle",
      source,
      filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-color": ["match", ["get", "tone"], ...Object.entries(TONES).flat(), TONES["plain"]!] as never,
        "circle-radius": 7,
        "circle-stroke-width": 2.5,
        "circle-stroke-color": "#ffffff",
      },
    },
  ];
}

/** The ring around the case that the list points at. */
export function atLayer(source: string): LayerSpecification {
  return {
    id: "case-at",
    type: "circle",
    source,
    paint: {
      "circle-radius": 15,
      "circle-color": "#1b4b8a",
      "circle-opacity": 0.16,
      "circle-stroke-width": 3,
      "circle-stroke-color": "#1b4b8a",
    },
  };
}
