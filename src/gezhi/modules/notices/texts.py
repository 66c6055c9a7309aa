"""The words of each kind of notice, as message ids with named gaps; a notice of another kind cannot be put.

`params` of a notice fills the gaps; it holds numbers, references and catalogue words, never a personal value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Promise | str] = {
    "case.late": _("Case %(number)s (%(class)s) is late."),
    "case.due_soon": _("Case %(number)s (%(class)s) is due soon."),
    "case.complaint": _("There is a complaint about case %(number)s (%(class)s)."),
    "case.rated_low": _("The reporter of case %(number)s (%(class)s) is not satisfied."),
    "spot.warned": _("Early warning: %(place)s, %(object)s: %(count)s cases, %(since)s – %(until)s, and growing."),
    "spot.grown": _(
        "Early warning: %(place)s, %(object)s: now %(count)s cases (%(before)s when last told), %(since)s – %(until)s."
    ),
    "switch.asked": _("A scenario switch waits for your decision."),
    "switch.decided": _("Your request for a scenario switch was decided."),
    "plan.held_back": _("The plan “%(name)s” could not be put in force on its day and is a draft again."),
    "account.changed": _("The rights of your account were changed."),
}

FAMILIES: Mapping[str, Promise | str] = {
    "case": _("Case %(number)s (%(class)s) waits for you."),
    "task": _("Your unit has a task in case %(number)s (%(class)s)."),
}
"""Kinds made of a stage that a profile names: `case.reported`, `task.sent`."""


def check_known(kind: str) -> None:
    """Raises ValueError where there are no words for this kind."""
    if _text(kind) is None:
        raise ValueError(f"there are no words for notices of kind {kind!r}")


def line(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; a gap nobody filled shows as `…`, an unknown kind as its name."""
    text = _text(kind)
    if text is None:
        return kind
    return str(text) % defaultdict(lambda: "…", {name: str(value or "…") for name, value in params.items()})


def _text(kind: str) -> Promise | str | None:
    return KINDS.get(kind) or FAMILIES.get(kind.partition(".")[0])
