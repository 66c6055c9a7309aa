"""Why the districting engine refuses, in words that the catalogue knows: of blocks where the engine says units.

What is not known here is shown as the engine says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from gezhi.engines.districting import BadUnits, Infeasible

KNOWN: Mapping[str, str] = {
    "too_large": gettext_noop("A grid may hold at most {most} households; more are in block {units}."),
    "total": gettext_noop("{all} households cannot make {grids} grids of {low} to {high}."),
    "cut_off": gettext_noop(
        "Block {units} cannot be reached from the others, and {homes} households make no whole grid."
    ),
    "apart": gettext_noop("The blocks lie in {groups} groups that do not touch and do not make {grids} grids."),
    "ruled_out": gettext_noop(
        "The {n} blocks make no {grids} connected grids of {low} to {high} households: all was tried."
    ),
    "no_room": gettext_noop(
        "The {n} blocks make no {grids} connected grids of {low} to {high} households: "
        "there is no room for block {units}."
    ),
}


def reason(refused: Infeasible | BadUnits) -> Mapping[str, Any]:
    """The sentence and its parameters, for `texts.worded`."""
    if refused.key in KNOWN:
        return {"sentence": KNOWN[refused.key], "params": refused.params}
    return {"sentence": "{said}", "params": {"said": str(refused)}}
