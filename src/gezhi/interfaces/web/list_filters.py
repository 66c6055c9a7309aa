"""What narrows a list of cases: read off the address, drawn as a compact form and as chips, kept by saved views.

The same few names stand in the address, in a saved view, and in the map's and the file's addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, need_fields
from gezhi.interfaces.web.parts import Choice, Field, Form, Link
from gezhi.lib.errors import BadInput
from gezhi.lib.texts import said
from gezhi.modules.cases.queries import Filters
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.territory import queries as territory

NAMES = ("q", "class", "area", "channel", "time", "state")
DAYS = {"1d": 1, "7d": 7, "30d": 30}
Given = Mapping[str, str]


def given_in(query: QueryDict) -> dict[str, str]:
    """What was asked for, by name; only what is not empty."""
    return {name: value for name in NAMES if (value := asked.words(query, name, 80))}


def read(query: QueryDict, now: datetime) -> tuple[Filters, dict[str, str]]:
    """The filters asked for, and what was given for them. Raises BadInput naming the filter."""
    given = given_in(query)
    klass = labels.class_by_key(given["class"]) if "class" in given else None
    if "class" in given and klass is None:
        raise BadInput(_("The catalogue has no class “%(class)s”.") % {"class": given["class"]}, field="class")
    days = DAYS.get(given.get("time", ""))
    if "time" in given and days is None:
        raise BadInput(_("Lists go back a day, seven days or thirty."), field="time")
    state = given.get("state", "")
    filters = Filters(
        words=given.get("q", ""),
        klass=klass.key if klass else "",
        area=asked.whole(query, "area"),
        channel=given.get("channel", ""),
        late_at=now if state == "late" else None,
        unplaced=state == "unplaced",
        since=now - timedelta(days=days) if days else None,
    )
    return filters, given


def address(key: str | None, given: Given) -> str:
    """Where the list of this queue (None: all cases) with these filters is. Raises BadInput for what is no key."""
    try:
        base = reverse("desk_queue", args=[key]) if key else reverse("desk_cases")
    except NoReverseMatch as unknown:
        raise BadInput(_("There is no such queue."), field="queue") from unknown
    return f"{base}?{urlencode(given)}" if given else base


def form(key: str | None, given: Given) -> Form:
    """The filters as a form that asks for the list anew."""
    channels = tuple(Choice(name, said(title)) for name, title in labels.choices("channels").items())
    fields = (
        Field("q", _("Search"), "text", given.get("q", ""), placeholder=_("Words or number")),
        Field("class", _("Class"), "pick", given.get("class", ""), choices=_classes()),
        Field("area", _("Area"), "pick", given.get("area", ""), choices=_areas()),
        Field("channel", _("Channel"), "choice", given.get("channel", ""), choices=channels),
        Field("time", _("Reported"), "choice", given.get("time", ""), choices=_times()),
        Field("state", _("State"), "choice", given.get("state", ""), choices=_states()),
    )
    return Form("filters", address(key, {}), _("Filter"), fields, method="get")


def chips(key: str | None, given: Given) -> tuple[Link, ...]:
    """The filters in force, each a link to the list without it."""
    return tuple(
        Link(shown(name, value), address(key, {k: v for k, v in given.items() if k != name}))
        for name, value in given.items()
    )


def shown(name: str, value: str) -> str:
    """One filter in words."""
    if name == "class":
        return labels.class_name(labels.class_by_key(value), value)
    if name == "area":
        return (labels.area(int(value)) or _("An area no longer in force")) if value.isdecimal() else value
    if name == "channel":
        return labels.channel(value)
    if name in {"state", "time"}:
        choices = _states() if name == "state" else _times()
        return next((one.label for one in choices if one.value == value), value)
    return f"“{value}”"


def _states() -> tuple[Choice, ...]:
    return (Choice("late", _("Late")), Choice("unplaced", _("Place unknown")))


def _times() -> tuple[Choice, ...]:
    return (
        Choice("1d", _("Within 24 hours")),
        Choice("7d", _("Within 7 days")),
        Choice("30d", _("Within 30 days")),
    )


def _classes() -> tuple[Choice, ...]:
    return _classes_of(catalogue.in_force().digest, labels.english())


@lru_cache(maxsize=8)
def _classes_of(digest: str, english: bool) -> tuple[Choice, ...]:
    return need_fields.class_choices()


def _areas() -> tuple[Choice, ...]:
    return _areas_of(territory.areas_in_force().version, labels.profile().fingerprint, labels.english())


@lru_cache(maxsize=8)
def _areas_of(version: int, profile: str, english: bool) -> tuple[Choice, ...]:
    return need_fields.area_choices()


def forget() -> None:
    """Drop what is kept in this process (between tests)."""
    _classes_of.cache_clear()
    _areas_of.cache_clear()
