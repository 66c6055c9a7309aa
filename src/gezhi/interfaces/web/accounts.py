"""Signing in: allauth's adapter, what must be done before anything else, and changing one's own password.

No sign-up, no e-mail. Every sign-in, failure and second factor is on the ledger by account id only; a user name that
nobody has leaves no trace, because people type passwords into that field. An administrator without a second factor
reaches nothing but its enrolment. One exception, on purpose: in a demonstration (GEZHI_DEMO, which serves this machine
only) an invented administrator may go without, so that a newcomer can look around; a ribbon on every page says what
kind of system this is.
"""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web.asked import Request, anonymous_mark
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.parts import Field, Form, Link
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.lib.rows import read_rows
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import operations as people
from gezhi.modules.people import queries as people_queries

FRESH = 300.0  # seconds after signing in
LOGIN = "account.login"
LOGIN_FAILED = "account.login_failed"
LOGOUT = "account.logout"
UNLOCKED = "account.unlocked"
SECOND_FACTOR_RESET = "account.second_factor_reset"


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's way to sign in; the account of a session is read by a prepared statement, as every page does."""

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """The account of a session, while it may sign in."""
        found = read_rows(get_user_model(), "WHERE id = %s", [user_id])
        return found[0] if found and self.user_can_authenticate(found[0]) else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth as this product wants it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the system administrator."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password for an account there is goes on its record."""
        known = people_queries.account_named(str(credentials.get("username") or ""))
        if known is not None:
            _note(LOGIN_FAILED, known.id, Actor.public())

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signed in, second factor included."""
        super().login(request, user)
        _note(LOGIN, int(user.pk), Actor(f"account:{user.pk}", int(user.pk)))

    def logout(self, request: HttpRequest) -> None:
        """Signed out."""
        pk = request.user.pk
        super().logout(request)
        if pk is not None:
            _note(LOGOUT, int(pk), Actor(f"account:{pk}", int(pk)))

    def get_client_ip(self, request: HttpRequest) -> str:
        """A keyed hash in place of the address: allauth counts attempts by it, in a table that is no place for one."""
        return anonymous_mark(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Is the password asked for again before a second factor is touched? Not within minutes of signing in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        recent = records and time.time() - records[-1]["at"] < FRESH
        return not recent and bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> bool:
        """There is no e-mail."""
        return False

    def unlock(self, request: HttpRequest, username: str) -> None:
        """Forget the failed attempts that keep this user name out."""
        site = get_current_site(request)
        key = f"{site.domain}:{username.lower()}"
        ratelimit.clear(request, action="login_failed", key=key)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """The secrets of second factors, encrypted in the database under the product's own key."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return str(_cipher().encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it was."""
        return str(_cipher().decrypt(encrypted_text.encode()).decode())


def _cipher() -> Any:
    import base64

    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), 32, salt=None, info=b"gezhi.second-factor").derive(settings.GEZHI_VAULT_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _note(kind: str, account: int, by: Actor) -> None:
    ledger.append(subject=f"account:{account}", kind=kind, by=by, now=timezone.now(), body={})


def has_second_factor(account_id: int) -> bool:
    """Has the account enrolled a one-time-code device? One query."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).exists())


def reset_second_factor(account_id: int) -> int:
    """Remove all second factors of an account; returns how many there were."""
    removed, _each = Authenticator.objects.filter(user_id=account_id).delete()
    return int(removed)


def must_enrol(request: HttpRequest, actor: Actor) -> bool:
    """Is this an administrator who has no second factor yet? See the paragraph above for demonstrations."""
    if actor.account_id is None or not any(right.startswith("administer.") for right in actor.capabilities):
        return False
    if settings.DEMO and getattr(request.user, "invented", False):
        return False
    return not has_second_factor(actor.account_id)


def must_change_password(request: HttpRequest) -> bool:
    """Was the password given by somebody else?"""
    return bool(getattr(request.user, "must_change_password", False))


def own_password(request: Request) -> HttpResponse:
    """Change one's own password: the old one, and the new one twice."""
    problems: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _change(request)
        except BadInput as refused:
            problems = dict(refused.problems) or {"": refused.sentence}
            status = refused.status
        else:
            return redirect("desk")
    return render(request, "generic/form.html", {"screen": _password_screen(problems)}, status=status)


def _change(request: Request) -> None:
    account = cast("AbstractBaseUser", request.user)
    given = {name: request.POST.get(name, "") for name in ("old", "password", "again")}
    if not account.check_password(given["old"]):
        raise BadInput(_("This is not your present password."), field="old")
    if given["password"] != given["again"]:
        raise BadInput(_("The two new passwords differ."), field="again")
    if given["password"] == given["old"]:
        raise BadInput(_("Choose a password that differs from the present one."), field="password")
    number = int(account.pk or 0)
    people.set_password(account_id=number, password=given["password"], by=request.actor, now=timezone.now())
    account.refresh_from_db()
    update_session_auth_hash(request, account)  # type: ignore[arg-type]


def _password_screen(problems: dict[str, str]) -> FormScreen:
    labels = (
        ("old", _("Present password"), "current-password"),
        ("password", _("New password"), "new-password"),
        ("again", _("New password, again"), "new-password"),
    )
    fields = tuple(
        Field(name, label, "password", required=True, autocomplete=complete, problem=problems.get(name, ""))
        for name, label, complete in labels
    )
    form = Form("password", reverse("own_password"), _("Change password"), fields, problem=problems.get("", ""))
    about = _("At least 10 characters, not a common word. A password given by an administrator must be changed first.")
    return FormScreen(_("Change password"), about, form, Link(_("Back"), reverse("desk"), icon="back"))
