"""The model card: what the suggestions are learned from, how they did on cases kept aside, and how people took them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web.advising.screens import CardScreen
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.command import tabs
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Figure, Tone
from gezhi.modules.advice import rates
from gezhi.modules.advice.rates import Card, Rates

DAYS = 90
MOST = 60  # classes shown


def page(request: Request) -> HttpResponse:
    """The page. Three queries."""
    since = timezone.now() - timedelta(days=DAYS)
    cards, told = rates.cards(request.actor), rates.rates(request.actor, since=since)
    serving = next((one for one in cards if one.in_service), None)
    shown = serving or next((one for one in cards if one.latest), None)
    screen = CardScreen(
        title=_("Model card"),
        about=_("What class and unit are suggested by, and how well. People decide; the figures are about the model."),
        tabs=tabs.of(request.actor, "desk_models"),
        facts=_facts(serving),
        figures=_figures(serving),
        tables=(_rates(told), _errors(shown), _earlier(cards)),
        notes=(
            _("Trained every night on closed cases; used only where it beats the one in service on the newest cases."),
            _("A model keeps weights of characters, never a text or a person."),
        ),
    )
    return render(request, "advising/models.html", {"screen": screen})


def _facts(card: Card | None) -> tuple[tuple[str, str], ...]:
    if card is None:
        return ((_("In service"), _("The catalogue's names and conditions; too few closed cases to learn from.")),)
    return (
        (_("In service since"), _stamp(card.trained_at)),
        (_("Learned from"), _("%(n)d closed cases") % {"n": card.examples}),
        (_("Reported"), f"{_day(card.first_at)} – {_day(card.last_at)}"),
    )


def _figures(card: Card | None) -> tuple[Figure, ...]:
    told = card.held_out if card else None
    if not told:
        return ()
    note = _("on %(n)d cases kept aside") % {"n": round(told["n"])}
    return (
        Figure(_("First suggestion right"), percent(told["accuracy"]), note),
        Figure(_("Among the first three"), percent(told["top3"]), note),
        Figure(_("Macro F1"), f"{told['macro_f1']:.3f}", _("every class counts alike")),
        Figure(_("Calibration error"), f"{told['ece']:.3f}", _("0: as sure as it is right")),
    )


def _rates(told: tuple[Rates, ...]) -> ListScreen:
    rows = tuple(
        TableRow(
            (
                Cell(_("Class") if one.kind == rates.CLASS else _("Unit")),
                Cell(str(one.decided)),
                Cell(_of(one.first, one.decided)),
                Cell(_of(one.third, one.decided)),
                Cell(_of(one.corrected, one.decided)),
            )
        )
        for one in told
    )
    return ListScreen(
        title=_("Accepted and corrected"),
        about=_("Of the last %(n)d days; decided is what stands in the case once it is dispatched.") % {"n": DAYS},
        columns=(_("Suggestion"), _("Cases decided"), _("First one taken"), _("Among three"), _("Corrected")),
        rows=rows,
        empty=_("Nothing has been decided yet."),
    )


def _errors(card: Card | None) -> ListScreen:
    rows = tuple(
        TableRow(
            (
                Cell(one.name),
                Cell(str(one.n)),
                Cell(percent(one.precision)),
                Cell(percent(one.recall)),
                Cell("、".join(f"{name} {count}" for name, count in one.taken_for)),
            )
        )
        for one in (card.errors[:MOST] if card else ())
    )
    return ListScreen(
        title=_("Errors by class"),
        about=_("On cases kept aside: of what was called so, how much was; of what was so, how much was called so."),
        columns=(_("Class"), _("Cases"), _("Precision"), _("Recall"), _("Taken for")),
        rows=rows,
        empty=_("No model has been trained yet."),
    )


def _earlier(cards: list[Card]) -> ListScreen:
    outcomes: dict[str, tuple[str, Tone]] = {
        "in_service": (_("Put in service"), "good"),
        "not_better": (_("Not better: not used"), "plain"),
        "too_few": (_("Too few cases"), "warn"),
        "too_few_new": (_("Too few new cases to compare on"), "plain"),
    }
    rows = []
    for one in cards:
        label, tone = outcomes.get(one.outcome, (one.outcome, "plain"))
        rows.append(
            TableRow(
                (
                    Cell(at=one.trained_at),
                    Cell(str(one.examples)),
                    Cell(_pair(one, "macro_f1")),
                    Cell(_pair(one, "accuracy")),
                    Cell(badge=Badge(label, tone)),
                )
            )
        )
    return ListScreen(
        title=_("Trained lately"),
        about=_("New against in service, on the newest cases, which neither had seen."),
        columns=(_("When"), _("Cases"), _("Macro F1"), _("First right"), _("Outcome")),
        rows=tuple(rows),
        empty=_("No model has been trained yet."),
    )


def _pair(card: Card, name: str) -> str:
    if card.latest is None:
        return "–"
    rival = f"{card.rival[name]:.3f}" if card.rival else "–"
    return f"{card.latest[name]:.3f} / {rival}"


def _of(part: int, whole: int) -> str:
    return f"{percent(part / whole)} ({part})" if whole else "–"


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.1f} %"


def _stamp(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else "–"
