"""The board of a special operation: figures, days as bars, teams, classes, its cases, the leader's forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.command import charts, wording
from gezhi.interfaces.web.command.charts import Bars
from gezhi.interfaces.web.command.tried import Tried
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Field, Figure, Form, Link, Tone
from gezhi.interfaces.web.screens import Move
from gezhi.modules.cases.scopes import Counted, Day
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.command.queries import CampaignView

WEEKLY = 45  # more days than this are drawn by the week
LISTED = 60  # so many days a table lists, the latest first


def facts(view: CampaignView) -> tuple[tuple[str, str], ...]:
    """Where, when, what and who, in words."""
    found = [
        (_("Period"), wording.period(view.starts_on, view.ends_on)),
        (_("Ground"), wording.listed(labels.area(area) or str(area) for area in view.areas)),
        (_("Classes"), wording.listed(class_names(view)) or _("All classes")),
        (_("Led by"), wording.units(view.teams[:1])),
        (_("Taking part"), wording.units(view.teams[1:])),
        (_("Closed on"), f"{timezone.localtime(view.closed_at):%Y-%m-%d %H:%M}" if view.closed_at else ""),
    ]
    return tuple((name, value) for name, value in found if value)


def class_names(view: CampaignView) -> list[str]:
    """The classes of its scope in words, whole major classes first."""
    english, known = labels.english(), catalogue.in_force()
    majors = {f"{c.kind}:{c.major_code}": (c.major_en or c.major) if english else c.major for c in known.classes}
    whole = [majors.get(key, key) for key in view.majors]
    return whole + [labels.class_name(known.by_key.get(key), key) for key in view.classes]


def figures(view: CampaignView) -> tuple[Figure, ...]:
    """The operation in four numbers."""
    total = view.figures.total
    of = _("of %(n)d") % {"n": total.reported}
    return (
        Figure(_("Reported"), str(total.reported)),
        Figure(_("Solved"), percent(total.closed, total.reported), f"{total.closed} / {total.reported}"),
        Figure(_("Still open"), str(total.open), of),
        Figure(_("Late"), str(total.late), of, "bad" if total.late else "plain"),
    )


def percent(part: int, whole: int) -> str:
    """A share with one decimal; a dash where there is nothing to divide by."""
    return f"{100 * part / whole:.1f}\N{NO-BREAK SPACE}%" if whole else "–"


def chart(days: Sequence[Day]) -> Bars:
    """What was reported and closed and became late, by the day or, over a long time, by the week."""
    keys: tuple[tuple[Tone, str], ...] = (("info", _("Reported")), ("good", _("Solved")), ("bad", _("Became late")))
    if len(days) <= WEEKLY:
        groups = [(f"{day.on:%m-%d}", (day.reported, day.closed, day.overdue)) for day in days]
        return charts.bars(_("By day"), groups, keys=keys)
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(day.on - timedelta(days=day.on.weekday()), []).append(day)
    groups = [
        (
            f"{monday:%m-%d}",
            (sum(d.reported for d in week), sum(d.closed for d in week), sum(d.overdue for d in week)),
        )
        for monday, week in weeks.items()
    ]
    return charts.bars(_("By week"), groups, keys=keys)


def tables(view: CampaignView) -> tuple[ListScreen, ...]:
    """By team, by class, by day."""
    heads = (_("Reported"), _("Solved"), _("Solved, share"), _("Still open"), _("Late"))
    counted = dict(view.figures.units)
    known: list[tuple[str, Counted]] = [(labels.unit(one), counted.pop(one, Counted())) for one in view.teams]
    known += [
        (
            labels.unit(one)
            if one is not None
            else _("Without a unit (grid or community solved it, or not dispatched)"),
            told,
        )
        for one, told in counted.items()
    ]
    days = [day for day in reversed(view.figures.days) if day.reported or day.closed or day.overdue][:LISTED]
    return (
        ListScreen(
            _("By unit"), "", (_("Unit"), *heads), tuple(_line(*one) for one in known), _("Nothing was reported yet.")
        ),
        ListScreen(
            _("By class"),
            "",
            (_("Class"), *heads),
            tuple(_line(name or _("Not yet classed"), told) for name, told in view.figures.classes),
            _("Nothing was reported yet."),
        ),
        ListScreen(
            _("By day"),
            "",
            (_("Day"), _("Reported"), _("Solved"), _("Became late")),
            tuple(
                TableRow(
                    tuple(
                        Cell(text) for text in (day.on.isoformat(), *map(str, (day.reported, day.closed, day.overdue)))
                    )
                )
                for day in days
            ),
            _("Nothing was reported yet."),
        ),
    )


def _line(name: str, told: Counted) -> TableRow:
    share = percent(told.closed, told.reported)
    return TableRow(
        tuple(
            Cell(text) for text in (name, str(told.reported), str(told.closed), share, str(told.open), str(told.late))
        )
    )


def moves(view: CampaignView, tried: Tried) -> tuple[Move, ...]:
    """What whoever leads may do while it is not closed."""
    if not view.may_lead or view.closed_at is not None:
        return ()
    number = ("number", _("Number of the case"), "text")

    def case(deed: str) -> Field:
        mine = tried.of(deed)
        return Field(*number, mine.one("number"), True, problem=mine.problem("number"), maximum=40)  # type: ignore[arg-type]

    close = tried.of("close")
    words = Field(
        "words",
        _("What was achieved"),
        "words",
        close.one("words"),
        True,
        problem=close.problem("words"),
        maximum=10_000,
    )
    about = _("The figures are written down as they stand now, and stay so.")
    return (
        _move(view, "put-in", _("Put a case in"), (case("put-in"),), tried),
        _move(view, "leave-out", _("Leave a case out"), (case("leave-out"),), tried),
        _move(view, "close", _("Close with a report"), (words,), tried, about=about, primary=view.state == "over"),
    )


def _move(
    view: CampaignView,
    deed: str,
    submit: str,
    fields: tuple[Field, ...],
    tried: Tried,
    *,
    about: str = "",
    primary: bool = False,
) -> Move:
    action = reverse("desk_campaign_do", args=[view.id, deed])
    form = Form(deed, action, submit, fields, tried.of(deed).sentence)
    return Move(deed, submit, form, about=about, primary=primary)


def papers(view: CampaignView) -> tuple[Link, ...]:
    """The report as files; changing it, while that is possible."""
    name = _("Report")
    made = [
        Link(f"{name} ({form.upper()})", reverse("desk_campaign_paper", args=[view.id, form]), icon="file")
        for form in ("pdf", "docx")
    ]
    if view.may_lead and view.closed_at is None:
        made.append(Link(_("Change the plan"), reverse("desk_campaign_change", args=[view.id]), icon="list"))
    return tuple(made)
