"""A planner with a plan, for the tests of plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from gezhi.modules.territory import adoption, plan_views, plans
from gezhi.modules.territory.drafting import (
    Act,
)  # fmt: skip
from gezhi.modules.territory.models import Area
from tests.town import Town, forget

CUT = ((118.8033, 31.99), (118.8033, 32.02))  # along the edge of the blocks of the first grid in the east
STREET, EAST_COMMUNITY, WEST_COMMUNITY = "999001001", "999001001001", "999001001002"


def area(code: str) -> Area:
    """The area in force with this code."""
    return Area.objects.get(code=code, valid_to=None)


class Planner:
    """A planner with a plan for the grids of a ground."""

    def __init__(self, town: Town, scope: str = STREET, layer: str = "base", level: str = "grid") -> None:
        self.town, self.by = town, town.who("planner")
        self.plan = plans.begin(
            name="调整方案", layer=layer, scope=area(scope).id, level=level, by=self.by, now=town.now
        )  # fmt: skip
        self.revision = 0

    def act(self, act: Act) -> plans.Edited:
        """Make an act on the newest state."""
        edited = plans.edit(plan=self.plan, revision=self.revision, act=act, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def back(self) -> plans.Edited:
        """Undo."""
        edited = plans.undo(plan=self.plan, revision=self.revision, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def again(self) -> plans.Edited:
        """Redo."""
        edited = plans.redo(plan=self.plan, revision=self.revision, by=self.by, now=self.town.now)
        self.revision = edited.revision
        return edited

    def adopt(self, on: date | None = None, **more: Any) -> adoption.Adopted:
        """Put it in force, today unless said otherwise."""
        today = self.town.now.date()
        given = {"today": today, "reported_since": 0, "by": self.town.who("centre.leader"), "now": self.town.now}
        done = adoption.adopt(plan=self.plan, on=on or today, **(given | more))
        forget()
        return done

    def areas(self) -> dict[str, plan_views.PlanAreaView]:
        """Its areas by code."""
        return {one.code: one for one in plan_views.areas(self.plan)}
