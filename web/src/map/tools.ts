// Buttons and signs that lie on the map.
import type { Map as Sheet } from "maplibre-gl";
import { icon, type IconName } from "../icons";
import { say } from "../words";

export function mapButton(mark: IconName, text: string, act: () => void, wordless = false): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-btn";
  button.append(icon(mark));
  if (wordless) button.setAttribute("aria-label", text);
  else button.append(text);
  button.addEventListener("click", act);
  return button;
}

export function zoomTools(sheet: Sheet): HTMLElement {
  const tools = document.createElement("div");
  tools.className = "map-tools";
  const zoom = document.createElement("div");
  zoom.className = "map-zoom";
  zoom.append(
    mapButton("plus", say.zoomIn, () => sheet.zoomIn(), true),
    mapButton("minus", say.zoomOut, () => sheet.zoomOut(), true),
  );
  tools.append(zoom);
  return tools;
}

export function legend(): HTMLElement {
  const list = document.createElement("ul");
  list.className = "map-legend";
  for (const [tone, text] of say.legend) {
    const line = document.createElement("li");
    line.className = `tone-${tone}`;
    line.textContent = text;
    list.append(line);
  }
  return list;
}

export function badge(text: string): HTMLElement {
  const sign = document.createElement("p");
  sign.className = "map-badge badge badge-s badge-flat tone-warn";
  sign.textContent = text;
  return sign;
}
