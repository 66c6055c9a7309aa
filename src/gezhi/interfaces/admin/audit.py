"""The audit administrator's rooms: the ledger, one subject's chain, signed roots, sign-ins, personal data seen.

Reading only. Nothing shows what a case is about or who somebody is beyond the duty name: references, kinds, hashes.
"""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.admin import parts
from gezhi.interfaces.web import accounts, asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.proofs import chain_screen
from gezhi.lib.errors import NotThere
from gezhi.modules.ledger import queries
from gezhi.modules.ledger.queries import EntryView
from gezhi.modules.switches import events as switch_events

SIGN_INS = (accounts.LOGIN, accounts.LOGIN_FAILED, accounts.LOGOUT, accounts.UNLOCKED, accounts.SECOND_FACTOR_RESET)


def ledger(request: Request) -> HttpResponse:
    """The newest entries, by key; filters are exact. Two queries."""
    given = {name: asked.words(request.GET, name, 80) for name in ("subject", "by", "kind")}
    return _entries(
        request,
        "admin_ledger",
        title=_("Ledger"),
        about=_(
            "Every deed, newest first. Entries are chained per subject; the database refuses to change or delete them."
        ),
        given=given,
        filters=(
            Field("subject", _("Subject"), "text", given["subject"], placeholder="case:12"),
            Field("by", _("Who"), "text", given["by"], placeholder="account:3"),
            Field("kind", _("What"), "text", given["kind"], placeholder="case.moved"),
        ),
    )


def logins(request: Request) -> HttpResponse:
    """Sign-ins, failures and what concerns them."""
    kind = asked.words(request.GET, "kind", 60)
    chosen = kind if kind in SIGN_INS else accounts.LOGIN
    titles = {
        accounts.LOGIN: _("Signed in"),
        accounts.LOGIN_FAILED: _("Wrong password"),
        accounts.LOGOUT: _("Signed out"),
        accounts.UNLOCKED: _("Unlocked"),
        accounts.SECOND_FACTOR_RESET: _("Second factor removed"),
    }
    tabs = tuple(
        Link(title, f"{reverse('admin_logins')}?kind={key}", current=key == chosen) for key, title in titles.items()
    )
    about = _("By account only; user names that nobody has leave no trace, because people type passwords there.")
    return _entries(request, "admin_logins", title=_("Sign-ins"), about=about, given={"kind": chosen}, tabs=tabs)


def reveals(request: Request) -> HttpResponse:
    """Who saw which personal value in full, and for what reason; never the value."""
    return _entries(
        request,
        "admin_reveals",
        title=_("Personal data seen"),
        about=_("Every look at a personal value in full, with its reason. The value itself is not here."),
        given={"kind": switch_events.PERSON_REVEALED},
    )


def _entries(
    request: Request,
    name: str,
    *,
    title: str,
    about: str,
    given: dict[str, str],
    filters: tuple[Field, ...] = (),
    tabs: tuple[Link, ...] = (),
) -> HttpResponse:
    before = asked.whole(request.GET, "before")
    found = queries.browse(
        before=before,
        subject=given.get("subject", ""),
        by=given.get("by", ""),
        kind=given.get("kind", ""),
        size=parts.PAGE + 1,
    )
    shown = found[: parts.PAGE]
    names = labels.names(one.by for one in shown)
    screen = ListScreen(
        title=title,
        about=about,
        columns=(_("No."), _("When"), _("Subject"), _("What"), _("Who"), _("Content"), _("Hash")),
        rows=tuple(_row(one, names) for one in shown),
        empty=_("There is no entry."),
        paging=parts.paging(
            name, given, "before", shown[-1].id if len(found) > parts.PAGE else None, first=before is None
        ),
        filters=Form("filters", reverse(name), _("Filter"), filters, method="get") if filters else None,
        tabs=tabs,
    )
    return parts.list_page(request, screen)


def _row(one: EntryView, names: dict[str, str]) -> TableRow:
    content = json.dumps(one.body, ensure_ascii=False, separators=(", ", ": "))
    return TableRow(
        (
            Cell(str(one.id)),
            Cell(at=one.at),
            Cell(one.subject, reverse("admin_subject", args=[one.subject]), code=True),
            Cell(one.kind, code=True),
            Cell(f"{names[one.by]} ({one.by})" if names[one.by] != one.by else one.by),
            Cell(content[:200] + ("…" if len(content) > 200 else ""), code=True),
            Cell(one.short_hash, code=True),
        )
    )


def subject(request: Request, subject: str) -> HttpResponse:
    """One subject's whole chain, verified now."""
    found = queries.entries(subject)
    if not found:
        raise NotThere(_("The ledger has no such subject."))
    back = Link(_("Back to the ledger"), reverse("admin_ledger"), icon="back")
    screen = chain_screen(_("Chain of %(subject)s") % {"subject": subject}, found, queries.proof(subject), back)
    return parts.list_page(request, screen)


def roots(request: Request) -> HttpResponse:
    """The signed roots, newest first. One query."""
    found = queries.roots()[::-1][:400]
    rows = tuple(
        TableRow(
            (
                Cell(one.day),
                Cell(f"{one.first_id}–{one.last_id}"),
                Cell(f"{one.count:,}"),
                Cell(one.root.hex()[:24], code=True),
                Cell(one.signature.hex()[:24], code=True),
                Cell(one.public_key.hex()[:24], code=True),
            )
        )
        for one in found
    )
    screen = ListScreen(
        title=_("Signed roots"),
        about=_("Each night one root over all new entries is signed. `gezhi ledger verify` proves it offline."),
        columns=(_("Day"), _("Entries"), _("Count"), _("Root"), _("Signature"), _("Public key")),
        rows=rows,
        empty=_("Nothing is signed yet; the first root is made tonight."),
    )
    return parts.list_page(request, screen)
