// The one entry: styles, htmx under a strict content policy, and the custom elements. Every page works without it;
// this makes pages quicker and kinder. Heavy parts (the map) are loaded only where their element stands on a page.
import "@fontsource-variable/noto-sans-sc/index.css";
import "./styles/index.css";
import htmx from "htmx.org";
import { GzBeside } from "./elements/beside";
import { GzClock } from "./elements/clock";
import { GzCopy } from "./elements/copy";
import { GzFilter } from "./elements/filter";
import { GzFold } from "./elements/fold";
import { GzHere } from "./elements/here";
import { GzList } from "./elements/list";
import { GzLive } from "./elements/live";
import { GzMap } from "./elements/map";
import { GzPalette } from "./elements/palette";
import { GzPhotos } from "./elements/photos";
import { GzPick } from "./elements/pick";
import { GzPlan } from "./elements/plan";
import { GzRows } from "./elements/rows";
import { GzTips } from "./elements/tips";
import { GzYear } from "./elements/year";
import { listenToForms } from "./forms";
import { listenToKeys } from "./keys";
import { listenToTextSize } from "./text-size";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.disableInheritance = true;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "auto";

const elements: Record<string, CustomElementConstructor> = {
  "gz-beside": GzBeside,
  "gz-clock": GzClock,
  "gz-copy": GzCopy,
  "gz-filter": GzFilter,
  "gz-fold": GzFold,
  "gz-here": GzHere,
  "gz-list": GzList,
  "gz-live": GzLive,
  "gz-map": GzMap,
  "gz-palette": GzPalette,
  "gz-photos": GzPhotos,
  "gz-pick": GzPick,
  "gz-plan": GzPlan,
  "gz-rows": GzRows,
  "gz-tips": GzTips,
  "gz-year": GzYear,
};
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

listenToForms(document);
listenToKeys(document);
listenToTextSize(document);
