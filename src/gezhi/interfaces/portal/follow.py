"""After reporting: the receipt, following a report by its code, rating it.

Whoever has the code is the reporter. Shown are stages, units, and what was said and photographed where it concerns the
result; never a person, and no words meant for the house.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gezhi.engines import procedure as engine
from gezhi.interfaces.portal import throttle
from gezhi.interfaces.portal.pages import follow_form
from gezhi.interfaces.portal.public_story import next_steps, result, steps
from gezhi.interfaces.portal.screens import FollowAskScreen, FollowScreen, ReceiptScreen
from gezhi.interfaces.web import asked, case_story, labels, maps, need_fields, need_values, pictures
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.moves import needs_of
from gezhi.interfaces.web.need_fields import NOTHING, About, Given
from gezhi.interfaces.web.parts import Clock, Field, Form
from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotThere, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import CaseView
from gezhi.modules.documents import qr


@require_safe
def receipt(request: Request, number: str) -> HttpResponse:
    """What the reporter keeps: number, code, QR. `?code=` opens it again."""
    view = _found(request, asked.words(request.GET, "code", 20), number)
    row = view.row
    follow = f"{reverse('portal_follow')}?{urlencode({'code': row.query_code, 'number': row.number})}"
    screen = ReceiptScreen(
        number=row.number,
        code=row.query_code,
        follow_url=follow,
        qr_svg=qr.svg(settings.PUBLIC_URL.rstrip("/") + follow),
        reported_at=row.reported_at,
        words=row.words,
        place=_place(view),
        photos=len(view.photos),
        steps=next_steps(view),
        limit=_("Keep the code: with it you can see what happens, without an account."),
        home_url=reverse("portal_home"),
    )
    return _private(render(request, "portal/receipt.html", {"screen": screen}))


@require_safe
def follow(request: Request) -> HttpResponse:
    """Ask for the code, or show the report it belongs to."""
    code, number = asked.words(request.GET, "code", 20), asked.words(request.GET, "number", 24)
    if not code:
        screen = FollowAskScreen(follow_form("follow", with_number=True, number=number))
        return render(request, "portal/follow_ask.html", {"screen": screen})
    try:
        view = _found(request, code, number)
    except Refusal as refusal:
        form = follow_form("follow", with_number=True, code=code, number=number, problem=refusal.sentence)
        return render(request, "portal/follow_ask.html", {"screen": FollowAskScreen(form)}, status=refusal.status)
    return _shown(request, view, NOTHING, None)


@require_POST
def rate(request: Request) -> HttpResponse:
    """The reporter's own move on the report (rating it), for whoever has the code."""
    view = _found(request, asked.words(request.POST, "code", 20), asked.words(request.POST, "number", 24))
    move = asked.words(request.POST, "move", 40)
    entered = need_values.read(request, needs_of(view, move, None), salt=f"public.{view.row.id}")
    reporter = _reporter(request, view)
    try:
        entered.store_photos(by=reporter, now=timezone.now())
        operations.act(case=view.row.id, move=move, inputs=entered.inputs, by=reporter, now=timezone.now())
    except Refusal as refusal:
        fresh = cases.by_code(view.row.query_code, view.row.number)
        return _shown(request, fresh, entered.refused(refusal), refusal)
    query = urlencode({"code": view.row.query_code, "number": view.row.number})
    return redirect(f"{reverse('portal_follow')}?{query}")


def _found(request: Request, code: str, number: str) -> CaseView:
    """The case of this code. Raises NotThere, TooMany after too many wrong ones."""
    throttle.check_guesses(request)
    if not code:
        raise NotThere(_("No report was found for this code. Please check number and code."))
    try:
        return cases.by_code(code, number)
    except NotThere:
        throttle.count_guess(request)
        raise


def _shown(request: Request, view: CaseView, given: Given, refusal: Refusal | None) -> HttpResponse:
    row = view.row
    now = timezone.now()
    words, photos = result(view)
    own = _reporter(request, view).ref == view.reporter_ref
    forms = _own_forms(request, view, given, refusal) if own else ()
    screen = FollowScreen(
        number=row.number,
        title=row.class_name or row.words[:40] or _("Your report"),
        stage=labels.stage_badge(row.stage, view.stage, view.procedure),
        reported_at=row.reported_at,
        words=row.words,
        place=_place(view),
        photos=tuple(pictures.public_photo(one, _("Photo of the report")) for one in view.photos),
        steps=steps(view),
        result=words,
        result_photos=photos,
        clock=_clock(view, now),
        rate=next((form for form in forms if form.key == "rate-form"), None),
        more=tuple(form for form in forms if form.key != "rate-form"),
        rated=_rated(view),
        notice=_notice(view),
        problem=refusal.sentence if refusal and not any(form.problem for form in forms) else "",
        map=maps.view("place", _("Where it is"), lon=row.lon, lat=row.lat) if row.lon is not None else None,
        complaints_url=reverse("portal_complaints"),
    )
    status = refusal.status if refusal else 200
    return _private(render(request, "portal/follow.html", {"screen": screen}, status=status))


def _own_forms(request: Request, view: CaseView, given: Given, refusal: Refusal | None) -> tuple[Form, ...]:
    """The moves that the procedure leaves to the reporter now: rating, opening again, taking back."""
    tried = asked.words(request.POST, "move", 40)
    mine = [one for one in view.moves if one.assignment is None]
    return tuple(
        _own_form(view, one, given if one.move == tried else NOTHING, refusal if one.move == tried else None)
        for one in mine
    )


def _own_form(view: CaseView, one: engine.OpenMove, given: Given, refusal: Refusal | None) -> Form:
    hidden = (
        Field("code", "", "hidden", view.row.query_code),
        Field("number", "", "hidden", view.row.number),
        Field("move", "", "hidden", one.move),
    )
    fields = need_fields.fields(About(view, None, frozenset()), one.move, one.needs, given)
    return Form(
        f"{one.move}-form",
        reverse("portal_rate"),
        said(one.title),
        (*hidden, *fields),
        problem=refusal.sentence if refusal else "",
    )


def _notice(view: CaseView) -> str:
    """Where a merged report went: the case it follows from now on, and how far that one is."""
    joined = cases.merged_into(view.row.id)
    if joined is None:
        return ""
    told = {"number": joined.number, "stage": said(joined.stage)}
    return (
        _("This report was joined with case %(number)s about the same matter, which now stands at: %(stage)s.") % told
    )


def _rated(view: CaseView) -> str:
    if view.row.rating is None:
        return ""
    said_so = said(labels.choices("ratings").get(str(view.row.rating))) or str(view.row.rating)
    return _("Thank you. Your rating: %(rating)s.") % {"rating": said_so}


def _clock(view: CaseView, now: datetime) -> Clock | None:
    """The limit of the case itself, while it runs: the one by class where it has started, else the next."""
    running = [c for c in view.clocks if not c.assignment and c.stopped_at is None]
    chosen = next((c for c in running if c.why == "catalogue"), running[0] if running else None)
    return case_story.clock(chosen, now) if chosen else None


def _place(view: CaseView) -> str:
    parts = [part for part in (view.row.area_name, view.row.address) if part]
    return (", " if labels.english() else "，").join(parts) or _("Not known yet")


def _reporter(request: Request, view: CaseView) -> Actor:
    """Whoever has the code is the reporter; but what staff reported is theirs only when they are signed in."""
    return Actor(view.reporter_ref) if view.reporter_ref.startswith("reporter:") else request.actor


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"  # with no-referrer, browsers send `Origin: null`: the CSRF check fails
    return response
