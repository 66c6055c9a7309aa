"""The chain of a case, entry by entry, each with its hash: what "the trace is intact" rests on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Figure, Link
from gezhi.modules.cases import queries as cases
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.ledger.queries import EntryView, Proof


def proof(request: Request, number: str) -> HttpResponse:
    """The chain of one case, verified now."""
    view = cases.case(request.actor, number)
    subject = f"case:{view.row.id}"
    screen = chain_screen(
        _("Trace of case %(number)s") % {"number": number},
        [story.entry for story in view.story],
        ledger.proof(subject),
        Link(_("Back to the case"), reverse("desk_case", args=[number]), icon="back"),
    )
    return render(request, "generic/list.html", {"screen": screen})


def chain_screen(title: str, entries: list[EntryView], found: Proof, back: Link) -> ListScreen:
    """A subject's chain as a table: number, moment, kind, hand, the hash before, the hash. One query (names)."""
    names = labels.names(entry.by for entry in entries)
    rows = tuple(
        TableRow(
            (
                Cell(str(one.seq)),
                Cell(at=one.at),
                Cell(one.kind, code=True),
                Cell(names[one.by]),
                Cell(one.prev.hex()[:12] if one.prev else "—", code=True),
                Cell(one.short_hash, code=True),
            )
        )
        for one in entries
    )
    return ListScreen(
        title=title,
        about=_(
            "Each entry's hash covers its content and the hash before it: changing or removing one breaks all after it."
        ),
        columns=(_("No."), _("When"), _("What"), _("Who"), _("Hash before"), _("Hash")),
        rows=rows,
        empty=_("There is no entry."),
        actions=(back,),
        figures=proof_figures(found),
    )


def proof_figures(found: Proof) -> tuple[Figure, ...]:
    """Whether the chain verified, how long it is, and which signed root covers it."""
    state = Figure(_("Chain"), _("intact") if found.whole else _("broken"), tone="good" if found.whole else "bad")
    sealed = Figure(_("Sealed on"), found.sealed_on or _("not yet"), tone="good" if found.sealed_on else "plain")
    return (state, Figure(_("Entries"), str(found.entries)), sealed)
