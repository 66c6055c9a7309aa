"""Accounts: the list, one account's sheet, and what the system administrator does with it.

System and security administrators see the same sheet, each with their own acts on it: here the system
administrator's; the security administrator's are in `rights`. A password is made by the product, shown once, and must
be changed by its owner.
"""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import contacts as contact_forms
from gezhi.interfaces.admin import parts, rights
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.accounts import has_second_factor
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.doors import administrators as doors_of
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, SheetScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Field, Form, Link
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import Refusal
from gezhi.modules.people import contacts, operations, queries
from gezhi.modules.people.queries import AccountView
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import Responsible

LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def home(request: Request) -> HttpResponse:
    """Each administrator's first room."""
    return redirect(doors_of(request.actor)[0][0])


def accounts(request: Request) -> HttpResponse:
    """All accounts by user name; `q` starts the list there. One query."""
    start = asked.words(request.GET, "q", 60).lower()
    after = asked.words(request.GET, "after", 60)
    found = queries.accounts_after(after or _just_before(start), limit=parts.PAGE + 1)
    shown = found[: parts.PAGE]
    onward = shown[-1].username if len(found) > parts.PAGE else None
    system = request.actor.may("administer.system")
    screen = ListScreen(
        title=_("Accounts") if system else _("Posts and rights"),
        about=_about(system),
        columns=(_("User name"), _("Name"), _("Administration"), _("State"), _("Since")),
        rows=tuple(_row(one) for one in shown),
        empty=_("There is no such account."),
        paging=parts.paging("admin_accounts", {"q": start}, "after", onward, first=not after),
        filters=Form(
            "filters",
            reverse("admin_accounts"),
            _("Go"),
            (Field("q", _("User name from"), "text", start),),
            method="get",
        ),
        actions=(Link(_("New account"), reverse("admin_account_new"), icon="plus"),) if system else (),
    )
    return parts.list_page(request, screen)


def _about(system: bool) -> str:
    if system:
        return _("You open and close accounts. What an account may do is given by the security administrator.")
    return _("You give and end posts. Accounts themselves are opened by the system administrator.")


def _just_before(name: str) -> str:
    """A user name that sorts right before this one, so that the page begins with it."""
    return name[:-1] + chr(ord(name[-1]) - 1) + "\U0010fffd" if name else ""


def _row(one: AccountView) -> TableRow:
    return TableRow(
        (
            Cell(one.username, reverse("admin_account", args=[one.id]), code=True),
            Cell(one.display_name),
            Cell(parts.administration(one.administration)),
            Cell(badge=_state(one)),
            Cell(at=one.created_at),
        )
    )


def _state(one: AccountView) -> Badge:
    if not one.active:
        return Badge(_("Inactive"), "bad")
    return Badge(_("Password to be changed"), "warn") if one.must_change_password else Badge(_("Active"), "good")


def account(request: Request, number: int) -> HttpResponse:
    """One account: what it is, the posts it holds and held, and the acts of whoever looks."""
    return shown(request, number)


def shown(request: Request, number: int, refusal: Refusal | None = None, tried: str = "") -> HttpResponse:
    """The sheet, also after a refusal of the form `tried`."""
    one = queries.account(number)
    held = territory.tenures_of(number)
    system = request.actor.may("administer.system")
    public = contacts.of_account(number) if system and not one.administration else None
    moves = () if system else rights.acts(request, one, held, refusal, tried)
    if public is not None:
        moves = contact_forms.acts(request, number, public, refusal, tried)
    if system != bool(one.administration):  # an administrator's account is the security administrator's to manage
        moves = (*moves, *_acts(one, refusal, tried))
    screen = SheetScreen(
        title=one.display_name,
        about=one.username,
        back=parts.back("admin_accounts", _("Back to the list")),
        sections=(
            (_("Account"), _pairs(one)),
            *(((_("Shown to the public"), contact_forms.pairs(public)),) if public else ()),
        ),
        badge=_state(one),
        moves=moves,
        table=_tenures(held, may_end=not system),
    )
    return parts.sheet_page(request, screen, refusal.status if refusal else 200)


def _pairs(one: AccountView) -> tuple[tuple[str, Cell], ...]:
    return (
        (_("User name"), Cell(one.username, code=True)),
        (_("Reference in the ledger"), Cell(one.ref, code=True)),
        (_("Administration"), Cell(parts.administration(one.administration) or _("none"))),
        (_("Second factor"), Cell(badge=parts.yes(has_second_factor(one.id), _("enrolled"), _("not enrolled")))),
        (_("Invented for a demonstration"), Cell(_("Yes") if one.invented else _("No"))),
        (_("Since"), Cell(at=one.created_at)),
    )


def _tenures(held: list[Responsible], *, may_end: bool) -> ListScreen:
    rows = []
    for one in held:
        ends = (rights.end_button(one),) if may_end and one.until is None else ()
        where = one.organisation_name or labels.area(one.area) or one.area_name
        cells = (
            Cell(one.post_name_en if labels.english() and one.post_name_en else one.post_name),
            Cell(where),
            Cell(one.since.isoformat()),
            Cell(one.until.isoformat() if one.until else ""),
        )
        rows.append(TableRow(cells, ends))
    return ListScreen(
        title=_("Posts"),
        about="",
        columns=(_("Post"), _("Where"), _("From"), _("Until")),
        rows=tuple(rows),
        empty=_("This account holds no post and never did."),
    )


def _acts(one: AccountView, refusal: Refusal | None, tried: str) -> tuple[Move, ...]:
    """On the account itself: a new password, whether it may sign in."""

    def problem(key: str) -> str:
        return refusal.sentence if refusal and tried == key else ""

    password_form = Form(
        "password",
        reverse("admin_account_password", args=[one.id]),
        _("Make a new password"),
        problem=problem("password"),
    )
    name = "admin_account_deactivate" if one.active else "admin_account_reactivate"
    label = _("Deactivate the account") if one.active else _("Let it sign in again")
    state = Form(
        "state", reverse(name, args=[one.id]), label, problem=problem("state"), tone="bad" if one.active else "info"
    )
    about = _("Nobody can sign in with it any more; everything it did stays on record.") if one.active else ""
    return (
        parts.act(password_form, about=_("It is shown to you once; its owner must change it at the next sign-in.")),
        parts.act(state, about=about, tone="bad" if one.active else "info"),
    )


def new(request: Request) -> HttpResponse:
    """Open an account: user name and the name it acts under."""
    if request.method != "POST":
        return _new_form(request, None)
    password = one_time_password()
    try:
        made = operations.create_account(
            username=asked.words(request.POST, "username", 200),
            display_name=asked.words(request.POST, "display_name", 200),
            password=password,
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _new_form(request, refusal)
    return _once(request, made, password)


def _new_form(request: Request, refusal: Refusal | None) -> HttpResponse:
    told = parts.problems(refusal)
    typed = {name: asked.words(request.POST, name, 200) for name in ("username", "display_name")}
    fields = (
        Field(
            "username", _("User name"), "text", typed["username"], True, problem=told.get("username", ""), maximum=60
        ),
        Field(
            "display_name",
            _("Name it acts under"),
            "text",
            typed["display_name"],
            True,
            hint=_("A duty name is enough; it is shown to colleagues and, with the post, to the public."),
            problem=told.get("display_name", ""),
            maximum=60,
        ),
    )
    form = Form("new", reverse("admin_account_new"), _("Open the account"), fields, refusal.sentence if refusal else "")
    about = _("A new account may do nothing until the security administrator gives it a post.")
    screen = FormScreen(_("New account"), about, form, parts.back("admin_accounts", _("Back to the list")))
    return parts.form_page(request, screen, refusal.status if refusal else 200)


@require_POST
def deactivate(request: Request, number: int) -> HttpResponse:
    """Nobody can sign in with it any more."""
    try:
        operations.deactivate(account_id=number, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return shown(request, number, refusal, "state")
    return parts.done(request, _("The account is inactive now."), "admin_account", number)


@require_POST
def reactivate(request: Request, number: int) -> HttpResponse:
    """Let it sign in again."""
    try:
        operations.reactivate(account_id=number, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return shown(request, number, refusal, "state")
    return parts.done(request, _("The account can sign in again."), "admin_account", number)


@require_POST
def password(request: Request, number: int) -> HttpResponse:
    """A new password, shown in this answer only."""
    made = one_time_password()
    try:
        operations.set_password(account_id=number, password=made, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return shown(request, number, refusal, "password")
    return _once(request, queries.account(number), made)


def one_time_password() -> str:
    """Sixteen letters and digits without look-alikes, in groups of four: 92 bits."""
    drawn = "".join(secrets.choice(LETTERS) for _n in range(16))
    return "-".join(drawn[i : i + 4] for i in range(0, 16, 4))


def _once(request: Request, one: AccountView, password: str) -> HttpResponse:
    screen = SheetScreen(
        title=_("Password of %(name)s") % {"name": one.display_name},
        about=_("Shown once. Hand it over in person or by telephone; it must be changed at the next sign-in."),
        back=parts.back("admin_account", _("To the account"), one.id),
        sections=(
            (
                _("To hand over"),
                ((_("User name"), Cell(one.username, code=True)), (_("Password"), Cell(password, code=True))),
            ),
        ),
    )
    response = parts.sheet_page(request, screen)
    response["Cache-Control"] = "private, no-store"
    return response
