"""What the security administrator does: posts given and ended, administrators named, accounts unlocked.

No account, no case, no ledger: those belong to the other administrators and to the people at work.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import parts
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.accounts import SECOND_FACTOR_RESET, UNLOCKED, Adapter, has_second_factor, reset_second_factor
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Choice, Field, Form
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import BadInput, NotAllowed, Refusal, WrongState
from gezhi.lib.texts import said
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import operations, queries
from gezhi.modules.people.queries import AccountView
from gezhi.modules.territory import operations as territory_operations
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import Responsible


def acts(
    request: Request, one: AccountView, held: list[Responsible], refusal: Refusal | None, tried: str
) -> tuple[Move, ...]:
    """The security administrator's acts on an account's sheet."""
    made = [parts.act(_appoint_form(request, one, refusal if tried == "appoint" else None), primary=True)]
    made.append(parts.act(_administration_form(request, one, refusal if tried == "administration" else None)))
    unlock = Form("unlock", reverse("admin_unlock", args=[one.id]), _("Unlock after failed sign-ins"))
    made.append(parts.act(unlock, about=_("Forgets the failed attempts that keep it out. Its password stays.")))
    if has_second_factor(one.id):
        reset = Form(
            "second-factor",
            reverse("admin_reset_second_factor", args=[one.id]),
            _("Remove the second factor"),
            tone="bad",
        )
        about = _("When the device is lost. An administrator must enrol a new one before anything else.")
        made.append(parts.act(reset, about=about, tone="bad"))
    return tuple(made)


def _appoint_form(request: Request, one: AccountView, refusal: Refusal | None) -> Form:
    told = parts.problems(refusal)
    given = request.POST if refusal else {}
    posts = tuple(Choice(key, said(kind.name), hint=_scope(kind.scope)) for key, kind in queries.post_kinds().items())
    units = tuple(Choice(str(n), said(u.name), keys=u.code) for n, u in labels.units().items() if u.active)
    ranks = tuple(Choice(key, said(text)) for key, text in labels.profile().ranks.items())
    fields = (
        Field("post", _("Post"), "pick", given.get("post", ""), True, choices=posts, problem=told.get("post", "")),
        Field(
            "organisation",
            _("Organisation"),
            "pick",
            given.get("organisation", ""),
            choices=units,
            problem=told.get("organisation", ""),
        ),
        Field(
            "area",
            _("Area"),
            "text",
            given.get("area", ""),
            hint=_("The code of the area, for posts held over an area."),
            problem=told.get("area", ""),
        ),
        Field("rank", _("Rank"), "pick", given.get("rank", ""), choices=ranks, problem=told.get("rank", "")),
        Field(
            "since",
            _("From"),
            "date",
            given.get("since", "") or timezone.localdate().isoformat(),
            True,
            problem=told.get("since", ""),
        ),
    )
    action = reverse("admin_appoint", args=[one.id])
    return Form("appoint", action, _("Give a post"), fields, refusal.sentence if refusal else "")


def _scope(scope: str) -> str:
    return {"area": _("over an area"), "organisation": _("in an organisation")}.get(scope, "")


def _administration_form(request: Request, one: AccountView, refusal: Refusal | None) -> Form:
    choices = (
        Choice("none", _("none")),
        *(Choice(key, parts.administration(key)) for key in ("system", "security", "audit")),
    )
    told = parts.problems(refusal)
    chosen = request.POST.get("administration", "") if refusal else one.administration or "none"
    field = Field(
        "administration",
        _("Administration"),
        "choice",
        chosen,
        True,
        hint=_("One account is at most one of the three administrators, and then holds no post."),
        choices=choices,
        problem=told.get("administration", ""),
    )
    action = reverse("admin_administration", args=[one.id])
    return Form("administration", action, _("Name as administrator"), (field,), refusal.sentence if refusal else "")


def end_button(one: Responsible) -> Form:
    """Ends a tenure from today."""
    return parts.button(
        f"end-{one.tenure}",
        reverse("admin_end_tenure", args=[one.tenure]),
        _("End"),
        tone="bad",
    )


@require_POST
def appoint(request: Request, number: int) -> HttpResponse:
    """Give a post."""
    from gezhi.interfaces.admin.accounts import shown

    try:
        territory_operations.appoint(
            account=number,
            post=asked.words(request.POST, "post", 60),
            organisation=asked.whole(request.POST, "organisation"),
            area=_area(request),
            rank=_rank(request),
            since=day(asked.words(request.POST, "since", 20), "since"),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return shown(request, number, refusal, "appoint")
    return parts.done(request, _("The post is given."), "admin_account", number)


def _area(request: Request) -> int | None:
    code = asked.words(request.POST, "area", 60)
    if not code:
        return None
    found = territory.areas_in_force().by_code.get(code)
    if found is None:
        raise BadInput(_("There is no area with the code “%(code)s”.") % {"code": code}, field="area")
    return found.id


def _rank(request: Request) -> str:
    rank = asked.words(request.POST, "rank", 60)
    if rank and rank not in labels.profile().ranks:
        raise BadInput(_("There is no such rank."), field="rank")
    return rank


def day(text: str, name: str) -> date:
    """A day as forms send it. Raises BadInput naming the field."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(_("Give the day as year-month-day."), field=name) from wrong


@require_POST
def end(request: Request, number: int) -> HttpResponse:
    """End a tenure: yesterday was its last day."""
    account = territory_operations.end_tenure(
        tenure=number, on=timezone.localdate(), by=request.actor, now=timezone.now()
    )
    return parts.done(request, _("The post is ended."), "admin_account", account)


@require_POST
def administration(request: Request, number: int) -> HttpResponse:
    """Name somebody administrator, or nobody any more."""
    from gezhi.interfaces.admin.accounts import shown

    asked_for = asked.words(request.POST, "administration", 20)
    today = timezone.localdate()
    holds = any(one.until is None or one.until > today for one in territory.tenures_of(number))
    try:
        operations.change_administration(
            account_id=number,
            administration="" if asked_for == "none" else asked_for or "?",
            holds_post=holds,
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return shown(request, number, refusal, "administration")
    return parts.done(request, _("The administration is changed."), "admin_account", number)


def administrators(request: Request) -> HttpResponse:
    """The administrators there are. Two queries."""
    found = queries.administrators()
    rows = tuple(
        TableRow(
            (
                Cell(one.username, reverse("admin_account", args=[one.id]), code=True),
                Cell(one.display_name),
                Cell(parts.administration(one.administration)),
            )
        )
        for one in found
    )
    missing = [
        parts.administration(key)
        for key in ("system", "security", "audit")
        if key not in {o.administration for o in found}
    ]
    about = _("Three administrators, none of whom can do another's work.")
    screen = ListScreen(
        title=_("Administrators"),
        about=f"{about} {_('Vacant: %(names)s.') % {'names': ', '.join(missing)}}" if missing else about,
        columns=(_("User name"), _("Name"), _("Administration")),
        rows=rows,
        empty=_("There is no administrator."),
    )
    return parts.list_page(request, screen)


@require_POST
def unlock(request: Request, number: int) -> HttpResponse:
    """Forget the failed sign-ins of an account."""
    one = queries.account(number)
    Adapter(request).unlock(request, one.username)
    ledger.append(subject=one.ref, kind=UNLOCKED, by=request.actor, now=timezone.now(), body={})
    return parts.done(request, _("The account is unlocked."), "admin_account", number)


@require_POST
def second_factor(request: Request, number: int) -> HttpResponse:
    """Remove an account's second factors; never one's own."""
    one = queries.account(number)
    if request.actor.account_id == number:
        raise NotAllowed(_("Nobody removes their own second factor here; ask another security administrator."))
    if not reset_second_factor(number):
        raise WrongState(_("This account has no second factor."))
    ledger.append(subject=one.ref, kind=SECOND_FACTOR_RESET, by=request.actor, now=timezone.now(), body={})
    return parts.done(request, _("The second factor is removed."), "admin_account", number)
