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
    "case.waits": _("Case %(number)s waits for you: %(stage)s."),
    "case.assigned": _("Case %(number)s was given to your unit."),
    "case.due_soon": _("Case %(number)s is due soon: %(due)s."),
    "case.overdue": _("Case %(number)s is overdue since %(due)s."),
    "case.escalated": _("Case %(number)s was passed up to you."),
    "case.returned": _("Case %(number)s came back from a unit."),
    "case.reworked": _("Case %(number)s failed its check and is to be done again."),
    "case.supervised": _("Case %(number)s is under supervision."),
    "case.extension_asked": _("An extension is asked for case %(number)s."),
    "case.extension_decided": _("The extension asked for case %(number)s was decided."),
    "case.follow_up": _("Case %(number)s is closed; ask the reporter how it went."),
    "case.closed": _("Case %(number)s is closed."),
    "case.voided": _("Case %(number)s was voided."),
    "case.rated_low": _("The reporter of case %(number)s is not satisfied."),
    "case.complaint": _("There is a complaint about case %(number)s."),
    "switch.asked": _("A scenario switch waits for your decision."),
    "switch.decided": _("Your request for a scenario switch was decided."),
    "account.changed": _("The rights of your account were changed."),
}


def line(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; a gap nobody filled shows as `…`, an unknown kind as its name."""
    text = KINDS.get(kind)
    if text is None:
        return kind
    return str(text) % defaultdict(lambda: "…", {name: str(value) for name, value in params.items()})
