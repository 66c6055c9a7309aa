"""What an area's page says beside its map: the six fixes, posts of the matrix, other days, how it was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.case_page import person
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.pages import done, form_page
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.interfaces.web.screens import PersonLine
from gezhi.interfaces.web.territory import words
from gezhi.interfaces.web.territory.screens import AreaStanding, FixLine, SeatLine
from gezhi.lib.errors import WrongState
from gezhi.lib.texts import said
from gezhi.modules.territory import fixes, policies
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.fixes import AreaFixes, FixView, SeatView
from gezhi.modules.territory.queries import AreaFact, AreaRow


def of(request: Request, fact: AreaFact, on: date) -> AreaStanding:
    """The standing of an area on a day. Four queries."""
    today, standing = timezone.localdate(), fixes.of_area(fact.id, on=on)
    draws = on == today and policies.may(request.actor, policies.DRAW, fact.path)
    here = reverse("desk_area", args=[fact.id])
    return AreaStanding(
        fixes=tuple(_fix(one, fact) for one in standing.fixes),
        seats=tuple(_seat(one) for one in standing.seats),
        history=tuple(_row(one, fact.id, on) for one in territory.history(fact.id)),
        day=Form("day", here, _("Show"), (Field("on", _("Day"), "date", on.isoformat(), True),), method="get"),
        told=_("Shown as it was on %(day)s.") % {"day": on.isoformat()} if on != today else "",
        write=_write(standing, fact) if draws and standing.fixes else None,
        acts=_acts(fact) if draws else (),
    )


def _fix(one: FixView, fact: AreaFact) -> FixLine:
    text, note = one.text, ""
    if one.key == "scope" and not text:
        text = _("the outline on the map") if one.fixed else ""
    if one.key == "people":
        text = _("every post is filled") if one.fixed else _("not every post is filled")
    if one.own:
        note = _("written for this area")
    elif one.key in fixes.TEXTS and one.text and fact.kind:
        note = words.compound(fact.kind)
    return FixLine(words.fix(one.key), text, note, not one.fixed)


def _seat(one: SeatView) -> SeatLine:
    wanted = (
        _("%(least)d to %(most)d wanted") % {"least": one.least, "most": one.most}
        if one.most is not None and one.most != one.least
        else ngettext("%(n)d wanted", "%(n)d wanted", one.least) % {"n": one.least}
    )
    title = said(one.title)
    vacant = tuple(PersonLine(title) for _turn in range(one.missing))
    return SeatLine(title, wanted, (*(person(holder) for holder in one.holders), *vacant))


def _row(one: AreaRow, current: int, on: date) -> tuple[str, Link]:
    when = f"{one.since.isoformat()} – {one.until.isoformat() if one.until else _('today')}"
    name = (one.name_en or one.name) if labels.english() else one.name
    query = "" if one.until is None else f"?{urlencode({'on': one.since.isoformat()})}"
    return when, Link(name, f"{reverse('desk_area', args=[one.id])}{query}", current=one.id == current)


def _write(standing: AreaFixes, fact: AreaFact, given: Mapping[str, str] | None = None, problem: str = "") -> Form:
    """The texts to write. `given`: what was written and refused; what stands now is said below each that differs."""
    own = {one.key: one.text if one.own else "" for one in standing.fixes}
    general = {one.key: one.text for one in standing.fixes if not one.own}
    fields = [Field("seen", "", "hidden", standing.mark)]
    for key in ("scope", *fixes.TEXTS):
        mine, now = (given or own).get(key, ""), own.get(key, "")
        hint = _("Now: %(text)s") % {"text": now or _("no text")} if mine != now else ""
        label, usual = words.fix(key), general.get(key, "")
        fields.append(Field(key, label, "words", mine, hint=hint, placeholder=usual, maximum=fixes.LONGEST))
    hint = _("Leave a text empty to keep the one that is shown in grey.")
    address = reverse("desk_area_fixes", args=[fact.id])
    return Form("texts", address, _("Write texts for this area"), tuple(fields), problem, hint=hint)


def _acts(fact: AreaFact) -> tuple[Link, ...]:
    known = {choice.value for choice in words.scope_choices()}
    if str(fact.id) not in known:
        return ()
    query = urlencode({"scope": fact.id})
    return (
        Link(_("Propose grids here"), f"{reverse('desk_run_new')}?{query}", icon="half"),
        Link(_("Draw a plan here"), f"{reverse('desk_plan_new')}?{query}", icon="map"),
    )


@require_POST
def write(request: Request, number: int) -> HttpResponse:
    """Texts of its own for an area. Where somebody else wrote meanwhile, both versions are shown."""
    texts = {key: asked.words(request.POST, key, fixes.LONGEST + 1) for key in ("scope", *fixes.TEXTS)}
    seen = asked.words(request.POST, "seen", 40)
    try:
        fixes.set_texts(area=number, texts=texts, seen=seen, by=request.actor, now=timezone.now())
    except WrongState as refusal:
        fact = territory.areas_in_force().areas[number]
        form = _write(fixes.of_area(number, on=timezone.localdate()), fact, texts, refusal.sentence)
        back = Link(words.area(fact), reverse("desk_area", args=[number]))
        return form_page(request, FormScreen(words.area(fact), "", form, back), refusal.status)
    return done(request, _("The texts are kept."), "desk_area", number)
