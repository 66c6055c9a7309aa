"""What the public is shown of staff besides their name: the duty phone, a note on their duties, a portrait.

Given by the system administrator, shown only for those who hold a post that the profile makes public
(`territory.publicity`). The ledger learns that they changed, never what they say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.modules.files import operations as files
from gezhi.modules.files.operations import Prepared
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import events, policies
from gezhi.modules.people.models import Account

LONGEST_NOTE = 120
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−－", "-"))
_PHONE = re.compile(r"\+?[0-9(][0-9() -]{1,28}")


@dataclass(frozen=True, slots=True)
class Contact:
    """What an account's holder may show the public; `photo` is the portrait's SHA-256. Empty where not given."""

    phone: str
    note: str
    photo: str


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to be given with many others; `photo` is a stored file's id."""

    account: int
    phone: str
    photo: int | None


def of_account(account_id: int) -> Contact:
    """The contact of an account. Raises NotThere."""
    row = Account.objects.select_related("photo").filter(id=account_id).first()
    if row is None:
        raise NotThere(_("There is no such account."))
    return Contact(row.duty_phone, row.duty_note, row.photo.sha256 if row.photo else "")


def is_portrait(sha256: str) -> bool:
    """Is this the portrait of anybody on the staff?"""
    return Account.objects.filter(photo__sha256=sha256).exists()


@transaction.atomic
def change(*, account_id: int, phone: str, note: str, by: Actor, now: datetime) -> None:
    """Set duty phone and note; empty takes them away. Raises NotThere, NotAllowed, BadInput (no number, too long)."""
    account = _locked(account_id, by)
    wanted = {"duty_phone": tidy_phone(phone), "duty_note": _tidy_note(note)}
    changed = [name for name, value in wanted.items() if getattr(account, name) != value]
    if not changed:
        return
    Account.objects.filter(id=account_id).update(**wanted)
    body = {"changed": changed}
    ledger.append(subject=f"account:{account_id}", kind=events.CONTACT_CHANGED, by=by, now=now, body=body)


@transaction.atomic
def change_photo(*, account_id: int, photo: Prepared | None, by: Actor, now: datetime) -> None:
    """Set the portrait (`files.operations.prepare` has judged and re-encoded it), or take it away.

    Raises NotThere, NotAllowed, Unavailable (disk full).
    """
    account = _locked(account_id, by)
    stored = files.record(prepared=photo, by=by, now=now).id if photo else None
    if account.photo_id == stored:
        return
    Account.objects.filter(id=account_id).update(photo_id=stored)
    body = {"file": stored}
    ledger.append(subject=f"account:{account_id}", kind=events.PHOTO_CHANGED, by=by, now=now, body=body)


@transaction.atomic
def give_many(*, contacts: Sequence[NewContact], by: Actor, now: datetime) -> int:
    """Give many accounts a phone and a portrait where they have none (a demonstration's); how many got any.

    Raises NotAllowed, BadInput.
    """
    policies.check_may_manage_accounts(by)
    wanted = {one.account: one for one in contacts}
    rows = list(Account.objects.select_for_update().filter(id__in=wanted, duty_phone="", photo=None).order_by("id"))
    for row in rows:
        row.duty_phone, row.photo_id = tidy_phone(wanted[row.id].phone), wanted[row.id].photo
    Account.objects.bulk_update(rows, ["duty_phone", "photo"], batch_size=500)
    if rows:
        body = {"accounts": len(rows)}
        ledger.append(subject="people", kind=events.CONTACTS_GIVEN, by=by, now=now, body=body)
    return len(rows)


def tidy_phone(phone: str) -> str:
    """A number as it is dialled and read: half-width, one kind of dash, single spaces. Raises BadInput."""
    tidy = " ".join(unicodedata.normalize("NFKC", phone).translate(_DASHES).split())
    if tidy and not (_PHONE.fullmatch(tidy) and 3 <= sum(c.isdigit() for c in tidy) <= 15):
        raise BadInput(
            _("A telephone number has 3 to 15 digits; besides them only spaces, dashes, brackets and a leading plus."),
            field="phone",
        )
    return tidy


def _tidy_note(note: str) -> str:
    tidy = " ".join(note.split())
    if len(tidy) > LONGEST_NOTE or not tidy.isprintable():
        raise BadInput(_("A note on duties has at most 120 characters."), field="note")
    return tidy


def _locked(account_id: int, by: Actor) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotThere(_("There is no such account."))
    policies.check_may_manage(by, account)
    return account
