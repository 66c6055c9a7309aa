"""Pieces the administrators' pages share beside those of the desk: paging, account links, states in words."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.generic import Cell
from gezhi.interfaces.web.pages import act, button, done, form_page, list_page, problems, sheet_page
from gezhi.interfaces.web.parts import Badge, Link, Paging, Tone

__all__ = [
    "PAGE",
    "account_cell",
    "act",
    "administration",
    "back",
    "button",
    "done",
    "form_page",
    "list_page",
    "paging",
    "problems",
    "sheet_page",
    "yes",
]

PAGE = 50


def paging(name: str, given: Mapping[str, str], cursor: str, value: object | None, *, first: bool) -> Paging:
    """Keyset paging of a list: `value` of `cursor` starts the next page, None where there is none."""
    here = reverse(name)
    query = {k: v for k, v in given.items() if v}
    onward = f"{here}?{urlencode({**query, cursor: value})}" if value is not None else ""
    start = f"{here}?{urlencode(query)}" if query else here
    return Paging(onward, "" if first else start)


def account_cell(ref: str, names: Mapping[str, str], *, link: bool = False) -> Cell:
    """Who: a name, with the reference where it says more than the name."""
    number = labels.number_of(ref)
    href = reverse("admin_account", args=[number]) if link and number is not None else ""
    return Cell(names.get(ref, ref), href)


def yes(value: bool, label: str, otherwise: str, tone: Tone = "good", other: Tone = "plain") -> Badge:
    """A state as a badge."""
    return Badge(label, tone) if value else Badge(otherwise, other)


def administration(key: str) -> str:
    """An administration in words; "" for none."""
    return {
        "system": _("System administrator"),
        "security": _("Security administrator"),
        "audit": _("Audit administrator"),
    }.get(key, "")


def back(name: str, label: str, *args: object) -> Link:
    """A way back."""
    return Link(label, reverse(name, args=args), icon="back")
