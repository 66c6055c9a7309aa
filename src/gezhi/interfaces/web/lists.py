"""The desk's lists: a person's queues with their counts, one queue or all cases, filters, pages, the map beside.

Live: the counts are fetched again as a fragment when an event says that something changed.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked, labels, maps, need_fields
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Badge, Choice, Field, Form, Link, MapView, Paging, Tone
from gezhi.interfaces.web.screens import QueueNav, QueueRow, QueueScreen
from gezhi.lib.errors import BadInput, NotAllowed, NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseRow, Filters, Queue

PAGE = 50
NAMES = ("q", "class", "area", "channel", "state")


def home(request: Request) -> HttpResponse:
    """Where somebody's work is: administrators to their rooms, others to their first queue that holds something."""
    actor = request.actor
    if any(right.startswith("administer.") for right in actor.capabilities):
        return redirect("admin_home")
    if not any(right.startswith("case.see") for right in actor.capabilities):
        raise NotAllowed(_("Your account holds no post yet; ask the security administrator."), code="no_post")
    mine = cases.queues(actor, now=timezone.now())
    first = next((queue for queue in mine if queue.count), mine[0] if mine else None)
    return redirect("desk_queue", first.key) if first else redirect("desk_cases")


def queue(request: Request, key: str) -> HttpResponse:
    """One queue. Unknown queues are «not there»; one that is not this person's is empty."""
    return _list(request, key)


def everything(request: Request) -> HttpResponse:
    """All cases within the person's responsibility."""
    return _list(request, None)


def nav(request: Request) -> HttpResponse:
    """The queues with their counts, alone, for htmx."""
    now = timezone.now()
    current = asked.words(request.GET, "current", 80)
    response = render(request, "desk/parts/queues.html", {"nav": _nav(request, current or None, now)[0]})
    response["Cache-Control"] = "private, no-store"
    return response


def map_cases(request: Request) -> HttpResponse:
    """The cases of a list as GeoJSON points."""
    filters, _given = _filters(request, timezone.now())
    key = asked.words(request.GET, "queue", 80) or None
    return maps.of_cases(request, cases.points(request.actor, queue=key, filters=filters))


def _list(request: Request, key: str | None) -> HttpResponse:
    now = timezone.now()
    filters, given = _filters(request, now)
    after = asked.after(request.GET)
    try:
        found = cases.rows(request.actor, queue=key, filters=filters, after=after, size=PAGE + 1)
    except BadInput as wrong:
        raise NotThere(wrong.sentence) from wrong
    navigation, mine = _nav(request, key, now)
    here = next((q for q in mine if q.key == key), None)
    shown = found[:PAGE]
    address = reverse("desk_queue", args=[key]) if key else reverse("desk_cases")
    screen = QueueScreen(
        nav=navigation,
        title=_title(key, here),
        about=_about(key),
        rows=tuple(row(one, now) for one in shown),
        filters=_form(address, given),
        chips=_chips(address, given),
        paging=_paging(address, given, shown, more=len(found) > PAGE, first=not after),
        empty=_("Nothing matches these filters.") if given else _("Nothing waits here."),
        total=here.count if here and not given else None,
        map=_map(key, given),
    )
    return render(request, "desk/queue.html", {"screen": screen})


def _title(key: str | None, here: Queue | None) -> str:
    if key is None:
        return _("All cases")
    return said(here.title) if here else _("A queue of somebody else")


def _about(key: str | None) -> str:
    return (
        _("Everything within your responsibility, the soonest due first.")
        if key is None
        else _("The soonest due first.")
    )


def _nav(request: Request, key: str | None, now: datetime) -> tuple[QueueNav, list[Queue]]:
    mine = cases.queues(request.actor, now=now)
    links = tuple(
        Link(
            said(one.title),
            reverse("desk_queue", args=[one.key]),
            current=one.key == key,
            count=one.count,
            tone="bad" if one.late else "plain",
        )
        for one in mine
    )
    whole: tuple[Link, ...] = (Link(_("All cases"), reverse("desk_cases"), current=key is None, icon="list"),)
    if request.actor.may("case.report"):
        whole = (*whole, Link(_("New case"), reverse("desk_report"), icon="plus"))
    refresh = f"{reverse('desk_queue_nav')}?{urlencode({'current': key or ''})}"
    groups = ((_("To do"), links), (_("Look up"), whole)) if links else ((_("Look up"), whole),)
    return QueueNav(groups, refresh), mine


def _filters(request: HttpRequest, now: datetime) -> tuple[Filters, dict[str, str]]:
    """The filters asked for, and what was given for them (only what is not empty)."""
    given = {name: value for name in NAMES if (value := asked.words(request.GET, name, 80))}
    klass = labels.class_by_key(given["class"]) if "class" in given else None
    if "class" in given and klass is None:
        raise BadInput(_("The catalogue has no class “%(class)s”.") % {"class": given["class"]}, field="class")
    state = given.get("state", "")
    filters = Filters(
        words=given.get("q", ""),
        klass=klass.key if klass else "",
        area=asked.whole(request.GET, "area"),
        channel=given.get("channel", ""),
        late_at=now if state == "late" else None,
        unplaced=state == "unplaced",
    )
    return filters, given


def _form(address: str, given: dict[str, str]) -> Form:
    channels = tuple(Choice(key, said(title)) for key, title in labels.choices("channels").items())
    states = (Choice("late", _("Late")), Choice("unplaced", _("Place unknown")))
    fields = (
        Field("q", _("Search"), "text", given.get("q", ""), placeholder=_("Words or number")),
        Field("class", _("Class"), "pick", given.get("class", ""), choices=need_fields.class_choices()),
        Field("area", _("Area"), "pick", given.get("area", ""), choices=need_fields.area_choices()),
        Field("channel", _("Channel"), "choice", given.get("channel", ""), choices=channels),
        Field("state", _("State"), "choice", given.get("state", ""), choices=states),
    )
    return Form("filters", address, _("Filter"), fields, method="get")


def _chips(address: str, given: dict[str, str]) -> tuple[Link, ...]:
    chips = []
    for name, value in given.items():
        rest = {k: v for k, v in given.items() if k != name}
        chips.append(Link(_shown(name, value), f"{address}?{urlencode(rest)}" if rest else address))
    return tuple(chips)


def _shown(name: str, value: str) -> str:
    if name == "class":
        return labels.class_name(labels.class_by_key(value), value)
    if name == "area":
        return labels.area(int(value)) if value.isdigit() else value
    if name == "channel":
        return labels.channel(value)
    if name == "state":
        return {"late": _("Late"), "unplaced": _("Place unknown")}.get(value, value)
    return f"“{value}”"


def _paging(address: str, given: dict[str, str], shown: list[CaseRow], *, more: bool, first: bool) -> Paging:
    query = urlencode(given)
    start = f"{address}?{query}" if query else address
    onward = f"{address}?{urlencode({**given, 'after': shown[-1].cursor})}" if more and shown else ""
    return Paging(next=onward, first="" if first else start)


def _map(key: str | None, given: dict[str, str]) -> MapView:
    query = urlencode({**given, **({"queue": key} if key else {})})
    return maps.view("cases", _("Cases on the map"), cases_url=f"{reverse('desk_map_cases')}?{query}")


def row(one: CaseRow, now: datetime) -> QueueRow:
    """A case as a line of a list."""
    place = (
        "，".join(part for part in (one.area_name, one.address) if part)
        if not labels.english()
        else ", ".join(part for part in (one.area_name, one.address) if part)
    )
    return QueueRow(
        number=one.number,
        href=reverse("desk_case", args=[one.number]),
        words=one.words[:120],
        class_name=one.class_name,
        stage=labels.stage_badge(one.stage_key, one.stage),
        place=place or _("Place unknown"),
        channel=labels.channel(one.channel),
        reported_at=one.reported_at,
        clock=labels.due_clock(one.due_at, one.reported_at, one.late, now),
        unit=labels.unit(one.unit),
        flags=_flags(one),
    )


def _flags(one: CaseRow) -> tuple[Badge, ...]:
    flags: list[tuple[str, Tone]] = []
    if not one.placed:
        flags.append((_("Place unknown"), "warn"))
    if one.rework:
        flags.append((_("Rework %(n)d") % {"n": one.rework}, "warn"))
    if one.late:
        flags.append((_("Late"), "bad"))
    return tuple(Badge(label, tone) for label, tone in flags)
