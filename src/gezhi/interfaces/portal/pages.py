"""The public front page, what this is and which data it keeps, and complaints about the service itself."""

from __future__ import annotations

import re
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gezhi.interfaces.portal import throttle
from gezhi.interfaces.portal.screens import AboutScreen, ComplaintScreen, HomeScreen, PublicRow
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Field, Figure, Form, Link
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, Refusal, Unavailable
from gezhi.modules.cases import operations
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.operations import Report
from gezhi.modules.cases.queries import PublicFigures
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.switches import retention

COMPLAINT = "complaint"
_ONCE = re.compile(r"\A[0-9a-f]{32}\Z")


@require_safe
def home(request: Request) -> HttpResponse:
    """The front page: report, follow, honest figures, what was solved lately. Two queries beside the frame's."""
    now = timezone.now()
    screen = HomeScreen(
        city=labels.city(),
        report_url=reverse("portal_report"),
        follow_form=follow_form("home-follow"),
        about_url=reverse("portal_about"),
        complaints_url=reverse("portal_complaints"),
        grids_url=reverse("portal_grids"),
        figures=_figures(cases.public_figures(now=now)),
        recent=tuple(
            PublicRow(one.class_name, one.area_name, labels.stage_badge(one.stage_key, one.stage), one.closed_at)
            for one in cases.lately_solved()
        ),
    )
    return render(request, "portal/home.html", {"screen": screen})


def follow_form(key: str, *, with_number: bool = False, code: str = "", number: str = "", problem: str = "") -> Form:
    """Asks for a query code, and for the number where that is wanted."""
    code_field = Field("code", _("Query code"), "code", code, required=True, maximum=12, autocomplete="off")
    number_field = Field("number", _("Number"), "text", number, maximum=24, autocomplete="off")
    fields = (number_field, code_field) if with_number else (code_field,)
    return Form(key, reverse("portal_follow"), _("Look it up"), fields, problem=problem, method="get")


def _figures(found: PublicFigures) -> tuple[Figure, ...]:
    days = _("in the last %(n)d days") % {"n": found.days}
    share = f"{100 * found.in_time / found.closed:.1f} %" if found.closed else "—"
    return (
        Figure(_("Reported"), f"{found.reported:,}", days),
        Figure(_("Solved"), f"{found.closed:,}", days),
        Figure(_("Solved in time"), share, _("of those solved %(days)s") % {"days": days}),
        Figure(_("Open now"), f"{found.open:,}"),
    )


@require_safe
def about(request: Request) -> HttpResponse:
    """What this is, who runs it, which data it keeps and for how long."""
    days = {kept.kind: kept.days for kept in retention.listed()}
    sections = (
        (_("What this is"), _what()),
        (_("What we keep about you"), _kept(days.get("case", retention.days("case")))),
        (_("Your rights"), _rights()),
        (_("What we do not do"), _not()),
    )
    screen = AboutScreen(
        sections=tuple((heading, tuple(p for p in paragraphs if p)) for heading, paragraphs in sections),
        facts=_facts(),
        links=(Link(_("Complaints about this service"), reverse("portal_complaints")),),
    )
    return render(request, "portal/about.html", {"screen": screen})


def _what() -> tuple[str, ...]:
    return (
        labels.profile_text("portal_welcome"),
        _(
            "Reports are accepted, verified on site, handled by the unit responsible, checked and closed; "
            "each step has a limit."
        ),
        labels.profile_text("portal_emergency"),
    )


def _kept(days: int) -> tuple[str, ...]:
    return (
        labels.profile_text("portal_privacy"),
        _(
            "Phone and identity numbers written into a report are taken out of the text and kept encrypted. "
            "Photos lose the place and time the camera stored in them."
        ),
        _(
            "Name and phone are deleted %(n)d days after the report; "
            "everything else about the matter stays without them."
        )
        % {"n": days},
    )


def _rights() -> tuple[str, ...]:
    return (
        _(
            "You may ask what is kept about you, have it corrected, and have it deleted before its time. "
            "Use the complaints page and quote the number of your report."
        ),
    )


def _not() -> tuple[str, ...]:
    return (
        _(
            "Nobody is scored or ranked for reporting or for being reported. "
            "There are no lists of persons to be watched, and no face recognition."
        ),
    )


def _facts() -> tuple[tuple[str, str], ...]:
    try:
        profile = labels.profile()
    except Unavailable:
        return ()
    centre = next((o for o in profile.organisations if o.code == profile.centre), None)
    operator = (centre.name_en if labels.english() else centre.name) if centre else ""
    found = [(_("Run by"), operator), (_("Catalogue"), catalogue.in_force().standard)]
    return tuple((name, value) for name, value in found if value)


@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request: Request) -> HttpResponse:
    """Complaints about the service: other doors, and a form where the profile has a channel for them."""
    if request.method != "POST" or not _takes_complaints():
        sent = _("Thank you. A person will read it.") if request.GET.get("sent") else ""
        return _complaint_page(request, sent=sent)
    try:
        _complain(request)
    except Refusal as refusal:
        return _complaint_page(request, refusal)
    return redirect(f"{reverse('portal_complaints')}?sent=1")


def _takes_complaints() -> bool:
    return COMPLAINT in labels.choices("channels")


def _complain(request: Request) -> None:
    throttle.check_reports(request)
    once = request.POST.get("once", "")
    if not _ONCE.match(once):
        raise BadInput(_("Please send the form once more."))
    text = asked.words(request.POST, "words")
    if not text:
        raise BadInput(_("Please say what your complaint is about."), field="words")
    personal = (("name", asked.words(request.POST, "name")), ("phone", asked.words(request.POST, "phone")))
    complaint = Report(channel=COMPLAINT, source=COMPLAINT, source_id=once, words=text, reporter=personal)
    operations.report(report=complaint, by=Actor.public(), now=timezone.now())


def _complaint_page(request: Request, refusal: Refusal | None = None, *, sent: str = "") -> HttpResponse:
    lines = [
        (_("Hotline"), labels.profile_text("complaint_phone")),
        (_("Office"), labels.profile_text("complaint_office")),
        (_("Also"), labels.profile_text("complaint_entry") if not _takes_complaints() else ""),
    ]
    screen = ComplaintScreen(
        lines=tuple((name, value) for name, value in lines if value),
        form=_complaint_form(request, refusal) if _takes_complaints() and not sent else None,
        sent=sent,
    )
    return render(request, "portal/complaint.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _complaint_form(request: Request, refusal: Refusal | None) -> Form:
    problems = dict(getattr(refusal, "problems", ())) if refusal else {}
    typed = {name: asked.words(request.POST, name) for name in ("words", "name", "phone")}
    once = request.POST.get("once", "") if refusal and _ONCE.match(request.POST.get("once", "")) else uuid.uuid4().hex
    fields = (
        Field("once", "", "hidden", once),
        Field(
            "words",
            _("What is it about?"),
            "words",
            typed["words"],
            True,
            maximum=2000,
            problem=problems.get("words", ""),
        ),
        Field(
            "name", _("Name"), "text", typed["name"], autocomplete="name", maximum=80, problem=problems.get("name", "")
        ),
        Field(
            "phone",
            _("Phone"),
            "text",
            typed["phone"],
            autocomplete="tel",
            maximum=40,
            problem=problems.get("phone", ""),
        ),
    )
    hint = labels.profile_text("portal_privacy")
    return Form("complaint", reverse("portal_complaints"), _("Send"), fields, refusal.sentence if refusal else "", hint)
