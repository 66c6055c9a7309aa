"""Signing in: on record by account only, locked after failures, administrators with a second factor or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model

from gezhi.lib.actor import Actor
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.people import operations as people
from gezhi.modules.people import queries as people_queries
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import PASSWORD, Town


def sign_in(visitor: Visitor, username: str, password: str = PASSWORD) -> Any:
    """The login form."""
    return visitor.post("/accounts/login/", {"login": username, "password": password})


def kinds(username: str) -> list[str]:
    """What the ledger says of an account."""
    account = people_queries.account_named(username)
    assert account is not None
    return [entry.kind for entry in ledger.entries(account.ref)]


def test_somebody_with_a_post_comes_to_their_queue(public: Visitor) -> None:
    assert public.get("/accounts/login/").status_code == 200
    answer = sign_in(public, "Acceptor")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    onward = public.get("/desk/")
    assert onward["Location"].startswith("/desk/queues/event:")
    assert kinds("acceptor")[-1] == "account.login"
    assert public.post("/accounts/logout/").status_code == 302
    assert kinds("acceptor")[-1] == "account.logout"


def test_a_wrong_password_is_on_record_and_an_unknown_name_is_not(public: Visitor) -> None:
    refused = sign_in(public, "acceptor", "not the password")
    assert refused.status_code == 200
    assert kinds("acceptor")[-1] == "account.login_failed"
    before = ledger.browse()[0].id
    sign_in(public, "my-password-by-mistake", "x")
    assert ledger.browse()[0].id == before


def test_too_many_wrong_passwords_lock_the_door_for_a_while(public: Visitor) -> None:
    for _n in range(5):
        sign_in(public, "acceptor", "not the password")
    refused = sign_in(public, "acceptor")
    assert refused.status_code == 200
    assert "Too many" in text_of(refused)


def test_an_administrator_without_second_factor_reaches_only_its_enrolment(today: Town) -> None:
    visitor = as_(today, "audit", enrolled=False)
    for path in ("/admin/ledger", "/desk/", "/desk/notices"):
        answer = visitor.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/"), path


def test_in_a_demonstration_an_invented_administrator_may_look_around(today: Town, settings: Any) -> None:
    settings.DEMO = True
    visitor = as_(today, "audit", enrolled=False)
    page = visitor.get("/admin/ledger")
    assert page.status_code == 200
    assert "Demonstration" in text_of(page)
    get_user_model().objects.filter(username="audit").update(invented=False)
    assert visitor.get("/admin/ledger").status_code == 302


def test_enrolling_and_signing_in_with_a_code(public: Visitor) -> None:
    account = get_user_model().objects.get(username="security")
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    stored = Authenticator.objects.get(user=account).data["secret"]
    assert secret not in stored
    answer = sign_in(public, "security")
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert public.get("/admin/accounts").status_code == 302
    assert public.get("/accounts/2fa/authenticate/").status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    done = public.post("/accounts/2fa/authenticate/", {"code": code})
    assert done.status_code == 302
    assert public.get("/admin/accounts").status_code == 200


def test_the_enrolment_page_shows_a_code_to_scan(public: Visitor) -> None:
    sign_in(public, "security")
    page = public.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, text_of(page)
    assert "<svg" in page.content.decode() or "data:image/svg" in page.content.decode()


def test_a_given_password_must_be_changed_first(today: Town) -> None:
    account = people_queries.account_named("acceptor")
    assert account is not None
    people.set_password(account_id=account.id, password="given-by-hand-1", by=Actor.system(), now=today.now)
    visitor = Visitor(today)
    sign_in(visitor, "acceptor", "given-by-hand-1")
    assert visitor.get("/desk/cases")["Location"] == "/accounts/password/"
    new = {"password": "another-password-7", "again": "another-password-7"}
    wrong = visitor.post("/accounts/password/", {"old": "x"} | new)
    assert wrong.status_code == 422
    assert "not your present password" in text_of(wrong)
    weak = visitor.post("/accounts/password/", {"old": "given-by-hand-1", "password": "short", "again": "short"})
    assert weak.status_code == 422
    done = visitor.post("/accounts/password/", {"old": "given-by-hand-1"} | new)
    assert done.status_code == 302
    assert visitor.get("/desk/cases").status_code == 200


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"])
def test_there_is_no_sign_up_and_no_e_mail(public: Visitor, path: str) -> None:
    assert public.get(path).status_code == 404


def test_a_key_to_the_api_is_shown_once_and_withdrawn(today: Town) -> None:
    visitor = as_(today, "acceptor")
    assert visitor.get("/accounts/keys/").status_code == 200
    assert visitor.post("/accounts/keys/", {"label": "", "days": "0"}).status_code == 422
    made = visitor.post("/accounts/keys/", {"label": "值班屏幕", "source": "wall-screen", "days": "30"})
    assert made.status_code == 200, text_of(made)
    secret = next(word for word in text_of(made).split() if word.startswith("gz_"))
    api = Visitor(today).client
    assert api.get("/api/v1/queues", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    shown = visitor.get("/accounts/keys/").content.decode()
    assert secret not in shown
    number = shown.partition("/withdraw")[0].rpartition("/")[2]
    assert as_(today, "dispatcher").post(f"/accounts/keys/{number}/withdraw").status_code == 404
    assert visitor.post(f"/accounts/keys/{number}/withdraw").status_code == 302
    assert api.get("/api/v1/queues", headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_a_closed_account_is_out_at_once(today: Town) -> None:
    visitor = as_(today, "acceptor")
    assert visitor.get("/desk/cases").status_code == 200
    account = people_queries.account_named("acceptor")
    assert account is not None
    people.deactivate(account_id=account.id, by=Actor.system(), now=today.now)
    assert visitor.get("/desk/cases")["Location"].startswith("/accounts/login/")
    assert sign_in(Visitor(today), "acceptor").status_code in {200, 302}
