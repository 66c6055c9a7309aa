"""The desk's lists: a person's queues with their counts, one queue or all cases, pages, the map beside, as a file.

Live: the counts are fetched again as a fragment when an event says that something changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gezhi.engines.procedure import Move
from gezhi.interfaces.web import asked, labels, list_filters, maps
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.list_filters import Given
from gezhi.interfaces.web.parts import Badge, Link, MapView, Paging, Tone
from gezhi.interfaces.web.screens import BulkMove, QueueNav, QueueRow, QueueScreen
from gezhi.lib.errors import BadInput, NotAllowed, NotThere
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseRow, Filters, Queue
from gezhi.modules.documents import xlsx
from gezhi.modules.people import saved_views
from gezhi.modules.people.saved_views import ViewOnList

PAGE, LARGEST_PAGE = 50, 100
FILE_ROWS, FILE_STEP = 5000, 200
MAP_COOKIE = "gz_map"  # "off": this browser wants no map beside lists
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    current = asked.words(request.GET, "current", 80)
    mine = cases.queues(request.actor, now=timezone.now())
    shown = _nav(request, mine, current or None, asked.whole(request.GET, "view"))
    response = render(request, "desk/parts/queues.html", {"nav": shown})
    response["Cache-Control"] = "private, no-store"
    return response


def map_cases(request: Request) -> HttpResponse:
    """The cases of a list as GeoJSON points."""
    filters, _given = list_filters.read(request.GET, timezone.now())
    key = asked.words(request.GET, "queue", 80) or None
    return maps.of_cases(request, cases.points(request.actor, queue=key, filters=filters))


def file(request: Request) -> HttpResponse:
    """The list as an XLSX file, its first five thousand cases."""
    now = timezone.now()
    filters, _given = list_filters.read(request.GET, now)
    key = asked.words(request.GET, "queue", 80) or None
    columns = (
        _("Number"), _("Case"), _("Class"), _("Stage"), _("Area"), _("Address"), _("Channel"), _("Reported"),
        _("Due"), _("Late"), _("Lead unit"),
    )  # fmt: skip
    title = _title(key, next((q for q in cases.queues(request.actor, now=now) if q.key == key), None))
    rows = (_file_row(one) for one in _all_rows(request, key, filters))
    sheet = xlsx.Sheet(title, columns, rows, (18, 60, 20, 12, 28, 28, 12, 18, 18, 8, 24))
    response = HttpResponse(xlsx.written([sheet], at=now, title=title), content_type=XLSX)
    name = f"{title} {timezone.localtime(now):%Y-%m-%d %H%M}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _all_rows(request: Request, key: str | None, filters: Filters) -> Iterator[CaseRow]:
    after = ""
    for _step in range(FILE_ROWS // FILE_STEP):
        found = cases.rows(request.actor, queue=key, filters=filters, after=after, size=FILE_STEP)
        yield from found
        if len(found) < FILE_STEP:
            return
        after = found[-1].cursor


def _file_row(one: CaseRow) -> tuple[xlsx.Value, ...]:
    late = _("yes") if one.late else ""
    unit = labels.unit(one.unit)
    return (
        one.number, one.words, one.class_name, said(one.stage), one.area_name, one.address,
        labels.channel(one.channel), one.reported_at, one.due_at, late, unit,
    )  # fmt: skip


def _list(request: Request, key: str | None) -> HttpResponse:
    now = timezone.now()
    filters, given = list_filters.read(request.GET, now)
    size = min(max(asked.whole(request.GET, "size") or PAGE, 1), LARGEST_PAGE)
    after = asked.after(request.GET)
    try:
        found = cases.rows(request.actor, queue=key, filters=filters, after=after, size=size + 1)
        moves = cases.offered(request.actor, key) if key else ()
    except BadInput as wrong:
        raise NotThere(wrong.sentence) from wrong
    mine = cases.queues(request.actor, now=now)
    here = next((q for q in mine if q.key == key), None)
    view = next((v for v in saved_views.of(request.actor) if (v.queue or None, v.filters) == (key, given)), None)
    title, shown = _title(key, here), found[:size]
    screen = QueueScreen(
        nav=_nav(request, mine, key, view.id if view else None),
        title=view.name if view else title,
        about=title if view else _about(key),
        rows=tuple(row(one, now) for one in shown),
        filters=list_filters.form(key, given),
        chips=list_filters.chips(key, given),
        paging=_paging(
            key, {**given, **({"size": str(size)} if size != PAGE else {})}, shown, len(found) > size, after
        ),
        empty=_("Nothing matches these filters.") if given else _("Nothing waits here."),
        total=here.count if here and not given else None,
        map=_map(key, given),
        map_off=request.COOKIES.get(MAP_COOKIE) == "off",
        queue=key or "",
        bulk=_bulk(moves) if shown else (),
        bulk_url=reverse("desk_bulk"),
        tools=_tools(key, given, saved=view is not None),
    )
    return render(request, "desk/queue.html", {"screen": screen})


def _title(key: str | None, here: Queue | None) -> str:
    if key is None:
        return _("All cases")
    return said(here.title) if here else _("A queue of somebody else")


def _about(key: str | None) -> str:
    return _("Everything within your responsibility, the newest first.") if key is None else _("The soonest due first.")


def _bulk(moves: tuple[Move, ...]) -> tuple[BulkMove, ...]:
    return tuple(BulkMove(move.key, said(move.title)) for move in moves)


def _tools(key: str | None, given: Given, *, saved: bool) -> tuple[Link, ...]:
    """What can be done with the list as a whole."""
    query = urlencode({"queue": key or "", **given})
    tools = (Link(_("Excel file"), f"{reverse('desk_list_file')}?{query}", icon="download"),)
    if saved or not given:
        return tools
    return (Link(_("Save as a view"), f"{reverse('desk_view_new')}?{query}", icon="plus"), *tools)


def _nav(request: Request, mine: list[Queue], key: str | None, view: int | None) -> QueueNav:
    links = tuple(
        Link(
            said(one.title),
            reverse("desk_queue", args=[one.key]),
            current=one.key == key and view is None,
            count=one.count,
            tone="bad" if one.late else "plain",
        )
        for one in mine
    )
    views = saved_views.of(request.actor)
    saved = tuple(Link(one.name, view_address(one), current=one.id == view) for one in views)
    whole: tuple[Link, ...] = (
        Link(_("All cases"), reverse("desk_cases"), current=key is None and view is None, icon="list"),
    )
    if views:
        whole = (*whole, Link(_("Manage views"), reverse("desk_views"), icon="list"))
    if request.actor.may("case.report"):
        whole = (*whole, Link(_("New case"), reverse("desk_report"), icon="plus"))
    told = {"current": key or "", **({"view": view} if view is not None else {})}
    groups = ((_("To do"), links), (_("Saved views"), saved), (_("Look up"), whole))
    return QueueNav(tuple(group for group in groups if group[1]), f"{reverse('desk_queue_nav')}?{urlencode(told)}")


def view_address(one: ViewOnList) -> str:
    """The list of a saved view."""
    known = {name: value for name, value in one.filters.items() if name in list_filters.NAMES}
    return list_filters.address(one.queue or None, known)


def _paging(key: str | None, given: Given, shown: list[CaseRow], more: bool, after: str) -> Paging:
    onward = list_filters.address(key, {**given, "after": shown[-1].cursor}) if more and shown else ""
    return Paging(next=onward, first=list_filters.address(key, given) if after else "")


def _map(key: str | None, given: Given) -> MapView:
    query = urlencode({**given, **({"queue": key} if key else {})})
    return maps.view("cases", _("Cases on the map"), cases_url=f"{reverse('desk_map_cases')}?{query}")


def row(one: CaseRow, now: datetime) -> QueueRow:
    """A case as a line of a list."""
    place = (", " if labels.english() else "，").join(part for part in (one.area_name, one.address) if part)
    return QueueRow(
        number=one.number,
        href=_cases_folder() + one.number,
        words=one.words[:120],
        class_name=one.class_name,
        stage=_stage(one.stage_key, said(one.stage), labels.profile().fingerprint),
        place=place or _("Place unknown"),
        channel=labels.channel(one.channel),
        reported_at=one.reported_at,
        clock=labels.due_clock(one.due_at, one.reported_at, one.late, now),
        unit=labels.unit(one.unit),
        flags=_flags(one),
        at=f"{one.lon:.6f},{one.lat:.6f}" if one.lon is not None and one.lat is not None else "",
        revision=one.revision,
    )


@lru_cache(maxsize=1)
def _cases_folder() -> str:
    """What the address of every case begins with: the names of addresses are looked up once, not for each row."""
    return reverse("desk_case", args=["0"]).removesuffix("0")


@lru_cache(maxsize=512)
def _stage(key: str, title: str, profile: str) -> Badge:
    return labels.stage_badge(key, {"zh": title, "en": title})


def _flags(one: CaseRow) -> tuple[Badge, ...]:
    flags: list[tuple[str, Tone]] = []
    if not one.placed:
        flags.append((_("Place unknown"), "warn"))
    if one.rework:
        flags.append((_("Rework %(n)d") % {"n": one.rework}, "warn"))
    if one.late:
        flags.append((_("Late"), "bad"))
    return tuple(Badge(label, tone) for label, tone in flags)
