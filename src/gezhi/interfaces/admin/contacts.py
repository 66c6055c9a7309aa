"""What the public is shown of an account's holder: duty phone, a note on duties, a portrait.

The system administrator gives it; it is shown only while its owner holds a post that the profile makes public, and the
sheet says so.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.admin import accounts, parts
from gezhi.interfaces.web import asked, pictures
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell
from gezhi.interfaces.web.parts import Field, Form
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.files import operations as files
from gezhi.modules.files import policies as file_policies
from gezhi.modules.files.operations import Prepared
from gezhi.modules.people import contacts
from gezhi.modules.people.contacts import LONGEST_NOTE, Contact


def pairs(shown: Contact) -> tuple[tuple[str, Cell], ...]:
    """The section of the sheet."""
    portrait = Cell(_("Portrait"), image=pictures.portrait(shown.photo)) if shown.photo else Cell(_("none"))
    return (
        (_("Duty phone"), Cell(shown.phone or _("none"))),
        (_("Note on duties"), Cell(shown.note or _("none"))),
        (_("Portrait"), portrait),
    )


def acts(request: HttpRequest, number: int, shown: Contact, refusal: Refusal | None, tried: str) -> tuple[Move, ...]:
    """The forms at the side of the sheet."""
    about = _("Shown to everybody while the account holds a post that the profile makes public, and to nobody else.")
    made = [
        parts.act(_contact_form(request, number, shown, refusal if tried == "contact" else None), about=about),
        parts.act(_photo_form(number, refusal if tried == "photo" else None), about=about),
    ]
    if shown.photo:
        remove = Form(
            "no-photo",
            reverse("admin_account_photo", args=[number]),
            _("Remove the portrait"),
            (Field("remove", "", "hidden", "1"),),
            tone="bad",
        )
        made.append(parts.act(remove, tone="bad"))
    return tuple(made)


def _contact_form(request: HttpRequest, number: int, shown: Contact, refusal: Refusal | None) -> Form:
    told = parts.problems(refusal)
    phone = asked.words(request.POST, "phone", 60) if refusal else shown.phone
    note = asked.words(request.POST, "note", 400) if refusal else shown.note
    fields = (
        Field(
            "phone",
            _("Duty phone"),
            "text",
            phone,
            hint=_("The number of the duty, never a private one."),
            problem=told.get("phone", ""),
            autocomplete="off",
            maximum=30,
        ),
        Field(
            "note",
            _("Note on duties"),
            "text",
            note,
            hint=_("For example which buildings, or when to be found. The post's duties stand there already."),
            problem=told.get("note", ""),
            maximum=LONGEST_NOTE,
        ),
    )
    address = reverse("admin_account_contact", args=[number])
    return Form("contact", address, _("Change phone and note"), fields, refusal.sentence if refusal else "")


def _photo_form(number: int, refusal: Refusal | None) -> Form:
    field = Field(
        "photo",
        _("Portrait"),
        "photos",
        hint=_("With the consent of whoever is on it. The place stored inside a photo is removed."),
        problem=parts.problems(refusal).get("photo", ""),
        maximum=1,
        required=True,
    )
    address = reverse("admin_account_photo", args=[number])
    return Form("photo", address, _("Set the portrait"), (field,), refusal.sentence if refusal else "")


@require_POST
def contact(request: Request, number: int) -> HttpResponse:
    """Set duty phone and note."""
    phone, note = asked.words(request.POST, "phone", 60), asked.words(request.POST, "note", 400)
    try:
        contacts.change(account_id=number, phone=phone, note=note, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return accounts.shown(request, number, refusal, "contact")
    return parts.done(request, _("Phone and note are changed."), "admin_account", number)


@require_POST
def photo(request: Request, number: int) -> HttpResponse:
    """Set the portrait, or take it away."""
    try:
        prepared = None if request.POST.get("remove") == "1" else _prepared(request)
        contacts.change_photo(account_id=number, photo=prepared, by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return accounts.shown(request, number, refusal, "photo")
    done = _("The portrait is set.") if prepared else _("The portrait is removed.")
    return parts.done(request, done, "admin_account", number)


def _prepared(request: Request) -> Prepared:
    uploads = [upload for upload in request.FILES.getlist("photo") if upload]
    if len(uploads) != 1:
        raise BadInput(_("Choose one photo."), field="photo")
    file_policies.check_bytes(uploads[0].size or 0, field="photo")
    return files.prepare(stream=cast(BinaryIO, uploads[0].file), field="photo")
