"""Who may change territory and who holds what. Each refusal is a sentence.

Drawing and adopting are two rights: whoever draws a plan does not put it in force. Held at the centre, a right covers
all ground; held over an area, that area. Foreign ground is «not there». Looking is open to everybody at a desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere

DRAW = "territory.draw"
ADOPT = "territory.adopt"


def check_may_grant(by: Actor) -> None:
    """Only the security administrator gives and ends posts; installation does too."""
    if not (by.may("administer.security") or by.ref == "system"):
        raise NotAllowed(_("Posts are given by the security administrator only."), code="not_security")


def check_may_install(by: Actor) -> None:
    """Areas come from the profile; the system administrator or the installation puts them in force."""
    if not (by.may("administer.system") or by.ref == "system"):
        raise NotAllowed(_("Areas are put in force by the system administrator only."), code="not_system")


def check_may_draw(by: Actor, path: Sequence[int]) -> None:
    """Plans, runs and the texts of grids: people with the right to draw. `path`: the ids down to the area."""
    if not by.may(DRAW):
        raise NotAllowed(_("Grids are drawn by grid planners only."), code="not_planner")
    _check_ground(by, path)


def check_may_adopt(by: Actor, path: Sequence[int]) -> None:
    """A plan is put in force by people with the right to adopt."""
    if not by.may(ADOPT):
        raise NotAllowed(_("A plan is adopted by the head of the centre or a district leader."), code="not_adopter")
    _check_ground(by, path)


def may(by: Actor, right: str, path: Sequence[int]) -> bool:
    """The same as an answer, for what a page offers."""
    return by.may(right) and _covers(by, path)


def _check_ground(by: Actor, path: Sequence[int]) -> None:
    if not _covers(by, path):
        raise NotThere(_("There is no such area within your responsibility."))


def _covers(by: Actor, path: Sequence[int]) -> bool:
    return bool(by.organisations()) or by.ref == "system" or bool(by.areas() & set(path))
