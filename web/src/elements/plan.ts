// <gz-plan>: the shell of the plan editor. It is a <gz-map> that brings the editor instead of the plain map; without
// scripts the list beside it merges, renames and undoes by plain forms.
import { GzMap } from "./map";
import type { Shown } from "../map/view";

export class GzPlan extends GzMap {
  protected override async build(): Promise<Shown> {
    const { edit } = await import("../map/plan");
    return edit(this);
  }
}
