"""Keys put into words: channels, limits, stages, hands, in the language of the request. No query of their own.

The words are the profile's where it has some; the product's otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gezhi.engines import procedure as engine
from gezhi.engines.workclock import parse_limit
from gezhi.interfaces.web.parts import Badge, Clock, Tone
from gezhi.lib.errors import Unavailable
from gezhi.lib.texts import Text, said
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import ClassFact
from gezhi.modules.people import queries as people
from gezhi.modules.people.queries import OrganisationView
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches.profiles import Profile
from gezhi.modules.territory import queries as territory

NAMED = "named day"  # what the cases room writes where the moment itself was named

_held: ContextVar[Profile | None] = ContextVar("profile", default=None)


@contextmanager
def one_profile() -> Iterator[Profile | None]:
    """For the length of a request, ask once which profile is in force: one page speaks one language of rules.

    None where there is none yet, or where it cannot be read; whoever then needs it is refused with the reason.
    """
    try:
        found: Profile | None = switches.profile()
    except Unavailable:
        found = None
    token = _held.set(found)
    try:
        yield found
    finally:
        _held.reset(token)


def profile() -> Profile:
    """The profile in force. Raises Unavailable."""
    return _held.get() or switches.profile()


def english() -> bool:
    """Is English the active language?"""
    return said({"zh": "", "en": "y"}) == "y"


def city() -> str:
    """The name of the place this installation serves; the product's where no profile is in force yet."""
    try:
        return said(profile().title)
    except Unavailable:
        return "Gezhi"


def channel(key: str) -> str:
    """How a report came in."""
    return said(profile().lists.get("channels", {}).get(key, key))


def choices(list_name: str) -> Mapping[str, Text]:
    """A named list of the profile: key → text."""
    return profile().lists.get(list_name, {})


def profile_text(key: str) -> str:
    """A sentence a city words itself; "" where it has none."""
    return said(profile().texts.get(key))


def class_name(fact: ClassFact | None, otherwise: str = "") -> str:
    """A class in words."""
    if fact is None:
        return otherwise
    return (fact.name_en or fact.name) if english() else fact.name


def class_by_key(key: str) -> ClassFact | None:
    """The class of the catalogue in force with this key."""
    return catalogue.in_force().by_key.get(key)


def limit(text: str) -> str:
    """ "4 work_hours" → "4 work hours"; a limit that cannot be read stays as it is."""
    return _limit(text, get_language() or "")


@lru_cache(maxsize=256)
def _limit(text: str, language: str) -> str:
    """In the language active now, which is the one named."""
    if text == NAMED:
        return _("the day named")
    try:
        read = parse_limit(text)
    except ValueError:
        return text
    number = float(read.amount)
    shown = f"{number:g}"
    count = int(number) if number.is_integer() else 2
    words = {
        "min": ngettext("%(n)s minute", "%(n)s minutes", count),
        "hours": ngettext("%(n)s hour", "%(n)s hours", count),
        "work_hours": ngettext("%(n)s work hour", "%(n)s work hours", count),
        "work_days": ngettext("%(n)s work day", "%(n)s work days", count),
        "urgent_hours": ngettext("%(n)s urgent hour", "%(n)s urgent hours", count),
        "urgent_days": ngettext("%(n)s urgent day", "%(n)s urgent days", count),
        "natural_days": ngettext("%(n)s natural day", "%(n)s natural days", count),
    }
    return words.get(read.unit, text) % {"n": shown}


def stage_tone(stage: engine.Stage, procedure: engine.Procedure) -> Tone:
    """Colour of a stage by its place in the procedure: first, end reached, ended otherwise, under way."""
    if stage.end:
        ends = [s.key for s in procedure.stages.values() if s.end]
        return "good" if stage.key == ends[0] else "plain"
    return "info" if stage.key == procedure.first else "progress"


def stage_badge(key: str, title: Text, procedure: engine.Procedure | None = None) -> Badge:
    """A stage as a badge; without its procedure, the profile's procedures are asked for a stage of this key."""
    if procedure is None:
        for known in profile().procedures.values():
            if key in known.procedure.stages:
                procedure = known.procedure
                break
    tone: Tone = "plain"
    if procedure is not None and key in procedure.stages:
        tone = stage_tone(procedure.stages[key], procedure)
    return Badge(said(title), tone)


def due_clock(due: datetime | None, since: datetime, late: bool, now: datetime) -> Clock | None:
    """The next limit of a case in a list, amber in the last third of the time since its report.

    For an ended case only whether it was late.
    """
    if due is None:
        return Clock(_("Limit"), "missed") if late else None
    left = int((due - now).total_seconds())
    return Clock(_("Limit"), "running", due, left, amber_left=int((due - since).total_seconds() / 3))


def number_of(ref: str) -> int | None:
    """12 for `account:12`; None for anybody without an account."""
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None


def names(refs: Iterable[str]) -> dict[str, str]:
    """Who acted, by ledger reference: duty names of staff, kinds of everybody else. One query."""
    wanted = set(refs)
    accounts = people.names({n for r in wanted if (n := number_of(r)) is not None})
    others = {
        "clock": _("Clock"),
        "system": _("System"),
        "import": _("Import"),
        "public": _("The public"),
    }
    shown = {}
    for ref in wanted:
        number = number_of(ref)
        if number is not None:
            shown[ref] = accounts[number] if number in accounts else _("Former member of staff")
        else:
            shown[ref] = _("The reporter") if ref.startswith("reporter:") else others.get(ref, ref)
    return shown


def units() -> Mapping[int, OrganisationView]:
    """All organisations by id, inactive ones too, not older than a second."""
    return people.organisations_now()


def unit(number: int | None) -> str:
    """An organisation's name; "" for none."""
    found = units().get(number) if number is not None else None
    return said(found.name) if found else ""


def post(key: str) -> str:
    """A post's title."""
    return next((said(p.title) for p in profile().posts if p.key == key), key)


def area(number: int | None) -> str:
    """An area's full name below the root; "" for none or one no longer in force."""
    snapshot = territory.areas_in_force()
    if number is None or number not in snapshot.areas:
        return ""
    return snapshot.full_name(number, english=english())


def relation(kind: str, *, later: bool) -> str:
    """How another case belongs to this one; `later`: it came of this one."""
    words = {
        "merged_into": (_("Merged into this case"), _("This case was merged into")),
        "split_from": (_("Split off this case"), _("Split off from")),
        "project_of": (_("Project made of this case"), _("Project made of")),
        "whistle_for": (_("Whistle blown for this case"), _("Whistle blown for")),
        "decided_for": (_("Decided by a meeting about this case"), _("A meeting decided about")),
    }
    came, was = words.get(kind, (kind, kind))
    return came if later else was


def level(key: str) -> str:
    """A level of territory."""
    return next((said(one.title) for one in profile().levels if one.key == key), key)
