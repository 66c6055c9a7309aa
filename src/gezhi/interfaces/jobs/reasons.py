"""Why the districting engine refuses, in sentences that the catalogue knows.

The engine says one English sentence with names and numbers in it. A page of another language needs the sentence and
its parameters apart; what is not known here is shown as the engine says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

_DIVIDED = r"The (?P<n>\d+) units.* into (?P<grids>\d+) connected grids of (?P<low>\S+) to (?P<high>\S+) households"
KNOWN: tuple[tuple[str, str], ...] = (
    (
        r"A grid.* may hold at most (?P<most>\S+) households; more are in unit (?P<blocks>.+)\.",
        gettext_noop("A grid may hold at most {most} households; more are in block {blocks}."),
    ),
    (
        r"(?P<all>\S+) households.* cannot make (?P<grids>\d+) grids of (?P<low>\S+) to (?P<high>\S+)\.",
        gettext_noop("{all} households cannot make {grids} grids of {low} to {high}."),
    ),
    (
        r"Unit (?P<blocks>.+) cannot be reached from the others.*: (?P<homes>\S+) households there .* whole grids.*\.",
        gettext_noop("Block {blocks} cannot be reached from the others, and {homes} households make no whole grid."),
    ),
    (
        r"The units.* lie in (?P<groups>\d+) groups that do not touch; .* not (?P<grids>\d+)\.",
        gettext_noop("The blocks lie in {groups} groups that do not touch and do not make {grids} grids."),
    ),
    (
        _DIVIDED + r": every way .*\.",
        gettext_noop("The {n} blocks make no {grids} connected grids of {low} to {high} households: all was tried."),
    ),
    (
        _DIVIDED + r": among others, .* room for unit (?P<blocks>.+)\.",
        gettext_noop(
            "The {n} blocks make no {grids} connected grids of {low} to {high} households: "
            "there is no room for block {blocks}."
        ),
    ),
)


def reason(said: str) -> Mapping[str, Any]:
    """The sentence and its parameters, for `texts.worded`."""
    for pattern, sentence in KNOWN:
        if found := re.fullmatch(pattern, said):
            return {"sentence": sentence, "params": found.groupdict()}
    return {"sentence": "{said}", "params": {"said": said}}
