// Line icons that scripts draw, from the same file that the template tag `{% icon %}` draws from.
import paths from "../../src/gezhi/interfaces/web/icons.json";

export type IconName = keyof typeof paths;

/** An inline <svg class="icon">, decorative. */
export function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
