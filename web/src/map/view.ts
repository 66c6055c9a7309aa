// The map itself, loaded lazily by <gz-map>. Builds one MapLibre map, lays areas and cases on it, and hands the rest
// (pins, tools) to its neighbours in this folder.
import "maplibre-gl/dist/maplibre-gl.css";
import "./older";
import workerUrl from "./worker?worker&url";
import { AttributionControl, LngLatBounds, Map as Sheet, Popup, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource, StyleSpecification } from "maplibre-gl";
import type { GzMap } from "../elements/map";
import { say } from "../words";
import { closeUp, letPick, pinAt } from "./pin";
import { addOutlines } from "./outlines";
import { areaLayers, atLayer, caseLayers, labelLayer, PAPER } from "./style";
import { badge, legend, zoomTools } from "./tools";
import { labelPoint } from "./where";

export type Shown = { remove(): void };
export type Areas = GeoJSON.FeatureCollection<GeoJSON.Geometry, Record<string, unknown>>;

setWorkerUrl(workerUrl);

/** Who wants no motion gets no fading names either; a map then draws itself once, not for a third of a second. */
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return (await answer.json()) as T;
}

/** Labels are drawn from the page's font, so the slices that hold these characters must be there first; where they do
 * not come, another font of the machine serves. */
export async function fontFor(text: string): Promise<void> {
  const characters = [...new Set(text)].join("").slice(0, 2000);
  await Promise.race([
    document.fonts.load('400 16px "Noto Sans SC Variable"', characters || "格").catch(() => undefined),
    new Promise((done) => setTimeout(done, 3000)),
  ]);
}

function labelPoints(areas: Areas): Areas {
  const features = areas.features.flatMap((feature) => {
    const at = labelPoint(feature.geometry);
    return at ? [{ ...feature, geometry: { type: "Point" as const, coordinates: at } }] : [];
  });
  return { type: "FeatureCollection", features };
}

async function addAreas(sheet: Sheet, url: string, here?: number): Promise<Areas> {
  const areas = await fetched<Areas>(url);
  areas.features.forEach((feature, at) => {
    feature.properties["tint"] = (at * 7) % 4;
  });
  sheet.addSource("areas", { type: "geojson", data: areas });
  for (const layer of areaLayers("areas", here)) sheet.addLayer(layer);
  const points = labelPoints(areas);
  await fontFor(areas.features.map((feature) => String(feature.properties["name"] ?? "")).join(""));
  sheet.addSource("area-names", { type: "geojson", data: points });
  sheet.addLayer(labelLayer("area-names"));
  return areas;
}

function popupFor(properties: Record<string, unknown>): HTMLElement {
  const box = document.createElement("div");
  const title = document.createElement("a");
  title.href = String(properties["href"] ?? "#");
  title.textContent = String(properties["title"] ?? properties["number"] ?? say.open);
  const stage = document.createElement("p");
  stage.className = "quiet tiny";
  stage.textContent = [properties["number"], properties["stage"]].filter(Boolean).join(" · ");
  box.append(title, stage);
  return box;
}

function openCluster(sheet: Sheet, feature: GeoJSON.Feature): void {
  const source = sheet.getSource<GeoJSONSource>("cases");
  const centre = (feature.geometry as GeoJSON.Point).coordinates as [number, number];
  void source?.getClusterExpansionZoom(Number(feature.properties?.["cluster_id"])).then((zoom) => {
    sheet.easeTo({ center: centre, zoom: Math.min(zoom + 0.3, 19) });
  });
}

/** A ring where the list says (`gz:at`, [lon, lat] or null): also within a cluster, which a point of its own would not be. */
function showAt(host: GzMap, sheet: Sheet): void {
  const none: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
  sheet.addSource("case-at", { type: "geojson", data: none });
  sheet.addLayer(atLayer("case-at"));
  host.addEventListener("gz:at", (event) => {
    const at = (event as CustomEvent<[number, number] | null>).detail;
    const geometry = at && { type: "Point" as const, coordinates: at };
    void sheet.getSource<GeoJSONSource>("case-at")?.setData(geometry ? { type: "Feature", geometry, properties: {} } : none);
  });
}

async function addCases(host: GzMap, sheet: Sheet, url: string): Promise<void> {
  const cases = await fetched<GeoJSON.FeatureCollection>(url);
  const is = (tone: string): unknown => ["+", ["case", ["==", ["get", "tone"], tone], 1, 0]];
  sheet.addSource("cases", {
    type: "geojson",
    data: cases,
    cluster: true,
    clusterRadius: 44,
    clusterMaxZoom: 17,
    clusterProperties: { bad: is("bad"), warn: is("warn") },
  });
  await fontFor("0123456789k");
  for (const layer of caseLayers("cases")) sheet.addLayer(layer);
  showAt(host, sheet);
  sheet.on("click", "case-cluster", (event) => {
    const feature = event.features?.[0];
    if (feature) openCluster(sheet, feature);
  });
  sheet.on("click", "case-point", (event) => {
    const feature = event.features?.[0];
    if (!feature) return;
    new Popup({ closeButton: false, maxWidth: "18rem", offset: 12 })
      .setLngLat((feature.geometry as GeoJSON.Point).coordinates as [number, number])
      .setDOMContent(popupFor(feature.properties))
      .addTo(sheet);
  });
  for (const layer of ["case-cluster", "case-point"]) {
    sheet.on("mouseenter", layer, () => (sheet.getCanvas().style.cursor = "pointer"));
    sheet.on("mouseleave", layer, () => (sheet.getCanvas().style.cursor = ""));
  }
}

/** A tap opens the area's page: at the desk, or (`public`) the one for everybody. */
function openAreaOnClick(host: GzMap, sheet: Sheet): void {
  const where = host.hasAttribute("public") ? "page" : "href";
  sheet.on("click", "area-fill", (event) => {
    const href = event.features?.[0]?.properties[where];
    if (typeof href === "string" && href) location.assign(href);
  });
}

async function styleOf(host: GzMap): Promise<StyleSpecification | string> {
  return host.getAttribute("tiles") || PAPER;
}

/** An empty sheet in `host`, with its zoom buttons; rejects where there is no WebGL. */
export async function sheetIn(host: GzMap): Promise<Sheet> {
  const words = [...host.childNodes];
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  const [west, south, east, north] = host.bounds;
  host.append(canvas);
  const sheet = new Sheet({
    container: canvas,
    style: await styleOf(host),
    bounds: new LngLatBounds([west, south, east, north]),
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: false,
    maxZoom: 20,
    fadeDuration: still.matches ? 0 : 300,
    locale: { "Map.Title": host.getAttribute("label") ?? "" },
  });
  sheet.touchZoomRotate.disableRotation();
  if (host.getAttribute("tiles")) sheet.addControl(new AttributionControl({ compact: true }));
  await new Promise<void>((ready) => void sheet.once("load", () => ready()));
  for (const node of words) node.remove();
  host.append(zoomTools(sheet));
  if (host.hasAttribute("synthetic")) host.append(badge(say.mapSynthetic));
  return sheet;
}

/** Build the map in `host`; rejects where there is no WebGL. */
export async function show(host: GzMap): Promise<Shown> {
  const sheet = await sheetIn(host);
  await fill(host, sheet);
  host.setAttribute("ready", "");
  return { remove: () => sheet.remove() };
}

async function fill(host: GzMap, sheet: Sheet): Promise<void> {
  const lon = host.figure("lon");
  const lat = host.figure("lat");
  let areas: Areas = { type: "FeatureCollection", features: [] };
  try {
    const areasUrl = host.getAttribute("areas");
    if (areasUrl) areas = await addAreas(sheet, areasUrl, host.figure("here"));
    await addOutlines(host, sheet);
    const casesUrl = host.getAttribute("cases");
    if (casesUrl) {
      await addCases(host, sheet, casesUrl);
      host.append(legend());
    }
  } catch {
    host.append(badge(say.mapFailed));
  }
  if (host.mode === "pick") letPick(host, sheet, areas);
  else if (lon !== undefined && lat !== undefined) {
    pinAt(sheet, lon, lat);
    sheet.jumpTo({ center: [lon, lat], zoom: closeUp(host) });
  }
  if (host.mode === "areas") openAreaOnClick(host, sheet);
}
