// Pins: show one, or let one be placed by tap, by drag, by "use my location" (asked first), or by keyboard (move the
// map, then pin its middle). The choice goes into the form's inputs named by `lon-input` / `lat-input`; the area it
// lies in is told in words and put into the area field, so both ways of giving a place agree.
import { Marker } from "maplibre-gl";
import type { Map as Sheet, MapMouseEvent } from "maplibre-gl";
import type { GzMap } from "../elements/map";
import { say } from "../words";
import type { Areas } from "./view";
import { areaAt, boundsOf } from "./where";
import { mapButton } from "./tools";

const SPACE = "http://www.w3.org/2000/svg";
const SIX = 6; // decimals kept: a tenth of a metre

function pinShape(): SVGSVGElement {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 36 46");
  svg.setAttribute("class", "map-pin");
  const drop = document.createElementNS(SPACE, "path");
  drop.setAttribute("d", "M18 45C11 36 3 28 3 17.5a15 15 0 0 1 30 0C33 28 25 36 18 45z");
  drop.setAttribute("fill", "#b8352a");
  drop.setAttribute("stroke", "#ffffff");
  drop.setAttribute("stroke-width", "2.5");
  const eye = document.createElementNS(SPACE, "circle");
  eye.setAttribute("cx", "18");
  eye.setAttribute("cy", "17.5");
  eye.setAttribute("r", "5.5");
  eye.setAttribute("fill", "#ffffff");
  svg.append(drop, eye);
  return svg;
}

function holder(): HTMLDivElement {
  const element = document.createElement("div");
  element.append(pinShape());
  return element;
}

export function pinAt(sheet: Sheet, lon: number, lat: number, draggable = false): Marker {
  const marker = new Marker({ element: holder(), anchor: "bottom", draggable }).setLngLat([lon, lat]).addTo(sheet);
  marker.getElement().setAttribute("role", "img");
  marker.getElement().setAttribute("aria-label", say.pinLabel);
  return marker;
}

/** The one pin of a form and everything that can move it. */
class Picker {
  private marker: Marker | undefined;
  private readonly lon: HTMLInputElement | null;
  private readonly lat: HTMLInputElement | null;
  private readonly area: HTMLSelectElement | null;
  private readonly told: HTMLElement | null;
  private following = false;

  constructor(
    private readonly host: GzMap,
    private readonly sheet: Sheet,
    private readonly areas: Areas,
  ) {
    const find = (name: string): HTMLElement | null => document.getElementById(host.getAttribute(name) ?? "");
    this.lon = find("lon-input") as HTMLInputElement | null;
    this.lat = find("lat-input") as HTMLInputElement | null;
    this.area = find("area-input") as HTMLSelectElement | null;
    this.told = find("where");
    this.area?.addEventListener("change", () => this.flyToArea());
  }

  place(lon: number, lat: number): void {
    if (this.marker) this.marker.setLngLat([lon, lat]);
    else {
      const marker = pinAt(this.sheet, lon, lat, true);
      this.marker = marker;
      marker.on("dragend", () => {
        const { lng, lat: north } = marker.getLngLat();
        this.place(lng, north);
      });
    }
    if (this.lon) this.lon.value = lon.toFixed(SIX);
    if (this.lat) this.lat.value = lat.toFixed(SIX);
    this.tell(lon, lat);
    this.host.dispatchEvent(new CustomEvent("gz:place", { bubbles: true, detail: { lon, lat } }));
  }

  private tell(lon: number, lat: number): void {
    const inside = areaAt(this.areas, lon, lat);
    const outside = this.areas.features.length > 0 && !inside;
    if (this.told) {
      const words = this.told.querySelector("[data-words]") ?? this.told;
      const name = String(inside?.properties["path"] ?? inside?.properties["name"] ?? "");
      const set = this.told.dataset["set"] ?? "";
      words.textContent = outside ? (this.told.dataset["outside"] ?? "") : name ? `${set}${name}` : set;
      this.told.classList.toggle("is-set", !outside);
      this.told.classList.toggle("is-off", outside);
    }
    const value = String(inside?.id ?? "");
    if (this.area && [...this.area.options].some((option) => option.value !== "" && option.value === value)) {
      this.following = true;
      this.area.value = value;
      this.area.dispatchEvent(new Event("change", { bubbles: true }));
      this.following = false;
    }
  }

  private flyToArea(): void {
    if (this.following || !this.area?.value) return;
    const wanted = this.areas.features.find((feature) => String(feature.id ?? "") === this.area?.value);
    if (!wanted) return;
    this.sheet.fitBounds(boundsOf(wanted.geometry), { padding: 40, maxZoom: 17 });
    const at = this.marker?.getLngLat();
    if (at && areaAt(this.areas, at.lng, at.lat) !== wanted) this.clear();
  }

  /** The area chosen by hand is not where the pin stands: the later word counts, the pin goes. */
  private clear(): void {
    this.marker?.remove();
    this.marker = undefined;
    if (this.lon) this.lon.value = "";
    if (this.lat) this.lat.value = "";
    if (!this.told) return;
    (this.told.querySelector("[data-words]") ?? this.told).textContent = this.told.dataset["ask"] ?? "";
    this.told.classList.remove("is-set", "is-off");
  }
}

/** Ask first, in words; only then the browser's own question. */
function askForLocation(host: GzMap, found: (lon: number, lat: number) => void): void {
  if (host.querySelector(".map-consent")) return;
  const box = document.createElement("div");
  box.className = "map-consent";
  box.setAttribute("role", "group");
  const words = document.createElement("p");
  words.textContent = say.locateAsk;
  const acts = document.createElement("div");
  acts.className = "cluster";
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = "btn btn-main btn-s";
  yes.textContent = say.locateYes;
  const no = document.createElement("button");
  no.type = "button";
  no.className = "btn btn-s";
  no.textContent = say.locateNo;
  no.addEventListener("click", () => box.remove());
  yes.addEventListener("click", () => {
    words.textContent = say.locateWorking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        box.remove();
        found(coords.longitude, coords.latitude);
      },
      () => {
        words.textContent = say.locateDenied;
        yes.remove();
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  });
  acts.append(yes, no);
  box.append(words, acts);
  host.append(box);
  yes.focus();
}

/** How near is near: with streets to see, close; on plain paper, far enough to show the neighbours' names. */
export function closeUp(host: GzMap): number {
  return host.getAttribute("tiles") ? 16.5 : 14;
}

export function letPick(host: GzMap, sheet: Sheet, areas: Areas): void {
  const picker = new Picker(host, sheet, areas);
  const lon = host.figure("lon");
  const lat = host.figure("lat");
  if (lon !== undefined && lat !== undefined) {
    picker.place(lon, lat);
    sheet.jumpTo({ center: [lon, lat], zoom: closeUp(host) });
  }
  sheet.on("click", (event: MapMouseEvent) => picker.place(event.lngLat.lng, event.lngLat.lat));
  sheet.getCanvas().setAttribute("aria-label", say.mapPickHelp);
  const acts = document.createElement("div");
  acts.className = "map-acts";
  if ("geolocation" in navigator) {
    acts.append(
      mapButton("locate", say.useLocation, () =>
        askForLocation(host, (east, north) => {
          sheet.jumpTo({ center: [east, north], zoom: closeUp(host) });
          picker.place(east, north);
        }),
      ),
    );
  }
  acts.append(
    mapButton("crosshair", say.pinHere, () => {
      const centre = sheet.getCenter();
      picker.place(centre.lng, centre.lat);
    }),
  );
  host.append(acts);
}
