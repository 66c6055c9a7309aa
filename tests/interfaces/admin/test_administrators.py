"""The three administrators: accounts, rights, and the record of it all; none can do another's work."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils import timezone

from gezhi.lib.actor import Actor
from gezhi.modules.ledger import queries as ledger
from gezhi.modules.people import operations as people
from gezhi.modules.people import queries as people_queries
from gezhi.modules.people.queries import AccountView
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import PASSWORD, Town, counted_queries


def account(username: str) -> AccountView:
    """An account of the town."""
    found = people_queries.account_named(username)
    assert found is not None
    return found


def kinds(subject: str) -> list[str]:
    """Kinds of a subject's entries."""
    return [entry.kind for entry in ledger.entries(subject)]


# --- system ----------------------------------------------------------------------------------------------------
def test_an_account_is_opened_with_a_password_shown_once(today: Town) -> None:
    system = as_(today, "system")
    made = system.post("/admin/accounts/new", {"username": "New.Person", "display_name": "新人"})
    assert made.status_code == 200
    assert made["Cache-Control"] == "private, no-store"
    found = re.search(r"\b(?:[A-Za-z0-9]{4}-){3}[A-Za-z0-9]{4}\b", text_of(made))
    assert found
    new = account("new.person")
    assert kinds(new.ref) == ["account.created"]
    visitor = Visitor(today)
    visitor.post("/accounts/login/", {"login": "new.person", "password": found[0]})
    assert visitor.get("/desk/")["Location"] == "/accounts/password/"
    assert found[0] not in system.get(f"/admin/accounts/{new.id}").content.decode()


@pytest.mark.parametrize(
    ("username", "name", "sentence"),
    [
        ("acceptor", "再来一个", "is taken"),
        ("", "没有", "1 to 60"),
        ("a b", "空格", "1 to 60"),
        ("fine", "", "1 to 60 characters"),
        ("x" * 61, "长", "1 to 60"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said(today: Town, username: str, name: str, sentence: str) -> None:
    answer = as_(today, "system").post("/admin/accounts/new", {"username": username, "display_name": name})
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_accounts_are_closed_and_opened_again(today: Town) -> None:
    system, one = as_(today, "system"), account("roads.handler")
    assert system.post(f"/admin/accounts/{one.id}/deactivate").status_code == 302
    assert not account("roads.handler").active
    assert system.post(f"/admin/accounts/{one.id}/deactivate").status_code == 409
    assert system.post(f"/admin/accounts/{one.id}/reactivate").status_code == 302
    assert account("roads.handler").active
    own = account("system")
    assert system.post(f"/admin/accounts/{own.id}/deactivate").status_code == 403
    last = account("security")
    assert as_(today, "security").post(f"/admin/accounts/{last.id}/deactivate").status_code == 409
    assert system.post("/admin/accounts/99999999/deactivate").status_code == 404


def test_a_password_is_made_anew(today: Town) -> None:
    system, one = as_(today, "system"), account("acceptor")
    shown = system.post(f"/admin/accounts/{one.id}/password")
    assert shown.status_code == 200
    assert account("acceptor").must_change_password
    assert kinds(one.ref)[-1] == "account.password_set"
    visitor = Visitor(today)
    assert visitor.post("/accounts/login/", {"login": "acceptor", "password": PASSWORD}).status_code == 200


def test_the_list_of_accounts_starts_where_asked_and_goes_on(today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from gezhi.interfaces.admin import parts

    monkeypatch.setattr(parts, "PAGE", 5)
    system = as_(today, "system")
    first = system.get("/admin/accounts")
    assert 'rel="next"' in first.content.decode()
    started = text_of(system.get("/admin/accounts", q="water"))
    assert "water.handler" in started
    assert "acceptor" not in started
    counts = []
    for n in range(2):
        with counted_queries() as asked:
            system.get("/admin/accounts")
        counts.append(len(asked))
        people.create_account(username=f"aa.more{n}", display_name="多", by=Actor.system(), now=timezone.now())
    assert counts[0] == counts[1]


def test_organisations_and_the_profile_in_force(today: Town) -> None:
    system = as_(today, "system")
    assert "water" in text_of(system.get("/admin/organisations"))
    page = text_of(system.get("/admin/profile"))
    assert "PostgreSQL 1" in page
    assert switches.profile_digest()[:16] in page


# --- security --------------------------------------------------------------------------------------------------
def test_posts_are_given_and_ended(today: Town) -> None:
    security, one = as_(today, "security"), account("roads.handler")
    unit = today.unit("roads")
    given = {"post": "unit_leader", "organisation": unit, "since": timezone.localdate().isoformat()}
    held = security.post(f"/admin/accounts/{one.id}/appoint", given)
    assert held.status_code == 409, text_of(held)
    assert "holds this post" in text_of(held)
    done = security.post(f"/admin/accounts/{one.id}/appoint", given | {"post": "dispatcher"})
    assert done.status_code == 302, text_of(done)
    tenure = next(t for t in territory.tenures_of(one.id) if t.post == "dispatcher")
    assert kinds(one.ref)[-1] == "tenure.given"
    early = security.post(f"/admin/tenures/{tenure.tenure}/end", {"account": one.id})
    assert early.status_code == 422
    earlier = next(t for t in territory.tenures_of(one.id) if t.post != "dispatcher")
    assert security.post(f"/admin/tenures/{earlier.tenure}/end", {"account": one.id}).status_code == 302
    assert kinds(one.ref)[-1] == "tenure.ended"


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"post": "grid_worker"}, 422, "say which"),
        ({"post": "grid_worker", "area": "nowhere"}, 422, "no area with the code"),
        ({"post": "king"}, 404, "no such post"),
        ({"post": "dispatcher", "organisation": "99999999"}, 404, "no such organisation"),
        ({"post": "dispatcher", "since": "tomorrow"}, 422, "year-month-day"),
        ({"post": "dispatcher", "rank": "emperor"}, 422, "no such rank"),
        ({"post": "dispatcher", "organisation": "x"}, 422, "not a number"),
    ],
)
def test_a_wrong_post_is_refused(today: Town, changes: dict[str, str], status: int, sentence: str) -> None:
    given = {"organisation": "", "since": timezone.localdate().isoformat()} | changes
    answer = as_(today, "security").post(f"/admin/accounts/{account('roads.handler').id}/appoint", given)
    assert answer.status_code == status, text_of(answer)
    assert sentence in text_of(answer)


def test_administrators_are_named_and_hold_no_post(today: Town) -> None:
    security = as_(today, "security")
    new = people.create_account(
        username="second", display_name="第二", password="a-good-password-1", by=Actor.system(), now=timezone.now()
    )
    path = f"/admin/accounts/{new.id}/administration"
    assert security.post(path, {"administration": "audit"}).status_code == 302
    assert account("second").administration == "audit"
    assert "第二" in text_of(security.get("/admin/administrators"))
    busy = account("acceptor")
    refused = security.post(f"/admin/accounts/{busy.id}/administration", {"administration": "audit"})
    assert refused.status_code == 409
    own = account("security")
    assert security.post(f"/admin/accounts/{own.id}/administration", {"administration": "none"}).status_code == 403
    assert security.post(path, {"administration": "god"}).status_code == 422
    assert security.post(path, {"administration": ""}).status_code == 422


def test_an_account_is_unlocked_and_a_second_factor_removed(today: Town) -> None:
    visitor, security, one = Visitor(today), as_(today, "security"), account("acceptor")
    for _n in range(5):
        visitor.post("/accounts/login/", {"login": "acceptor", "password": "wrong"})
    assert visitor.post("/accounts/login/", {"login": "acceptor", "password": PASSWORD}).status_code == 200
    assert security.post(f"/admin/accounts/{one.id}/unlock").status_code == 302
    assert visitor.post("/accounts/login/", {"login": "acceptor", "password": PASSWORD}).status_code == 302
    as_(today, "audit")
    audit = account("audit")
    assert security.post(f"/admin/accounts/{audit.id}/second-factor").status_code == 302
    assert not Authenticator.objects.filter(user_id=audit.id).exists()
    assert kinds(audit.ref)[-1] == "account.second_factor_reset"
    assert security.post(f"/admin/accounts/{audit.id}/second-factor").status_code == 409
    assert security.post(f"/admin/accounts/{account('security').id}/second-factor").status_code == 403


def test_a_switch_takes_two_hands(today: Town) -> None:
    system, security = as_(today, "system"), as_(today, "security")
    assert system.get("/admin/switches/tracks/ask").status_code == 200
    assert system.get("/admin/switches/nothing/ask").status_code == 404
    until = (timezone.localdate() + timezone.timedelta(days=30)).isoformat()
    bad = system.post("/admin/switches/tracks/ask", {"legal_basis": "x", "purpose": "", "expires_at": until})
    assert bad.status_code == 422
    given = {"legal_basis": "市容条例第十条", "purpose": "汛期巡查", "expires_at": until}
    assert system.post("/admin/switches/tracks/ask", given).status_code == 302
    request = next(s for s in switches.switches(timezone.now()) if s.key == "tracks").waiting
    assert request is not None
    assert "市容条例第十条" in text_of(security.get("/admin/switches"))
    where = f"/admin/switches/requests/{request.id}"
    assert system.post(where, {"verdict": "approve"}).status_code == 403
    assert security.post(where, {"verdict": "perhaps"}).status_code == 422
    assert security.post(where, {"verdict": "approve"}).status_code == 302
    assert switches.is_on("tracks", timezone.now())
    assert security.post("/admin/switches/tracks/off").status_code == 302
    assert not switches.is_on("tracks", timezone.now())
    assert security.post("/admin/switches/tracks/off").status_code == 409


def test_retention_is_set(today: Town) -> None:
    security = as_(today, "security")
    assert security.get("/admin/retention").status_code == 200
    assert security.post("/admin/retention", {"kind": "case", "days": "0"}).status_code == 422
    assert security.post("/admin/retention", {"kind": "case", "days": "abc"}).status_code == 422
    assert security.post("/admin/retention", {"kind": "everything", "days": "5"}).status_code == 404
    assert security.post("/admin/retention", {"kind": "case", "days": "365"}).status_code == 302
    assert "365 days" in text_of(security.get("/admin/retention"))


# --- audit -----------------------------------------------------------------------------------------------------
def test_the_ledger_is_read_filtered_and_verified(today: Town) -> None:
    receipt = today.until("filed")
    audit = as_(today, "audit")
    page = audit.get("/admin/ledger", kind="case.moved")
    assert page.status_code == 200
    assert f"case:{receipt.case}" in text_of(page)
    assert "territory.installed" not in text_of(page)
    chain = audit.get(f"/admin/ledger/case:{receipt.case}")
    assert chain.status_code == 200
    assert "intact" in text_of(chain)
    assert audit.get("/admin/ledger/case:99999999").status_code == 404
    assert audit.get("/admin/roots").status_code == 200


def test_a_broken_chain_is_shown_as_broken(today: Town) -> None:
    receipt = today.until("filed")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("SELECT tableoid::regclass::text FROM ledger_entry WHERE subject = %s", [f"case:{receipt.case}"])
        for part in {row[0] for row in cursor.fetchall()}:
            cursor.execute(f"ALTER TABLE {part} DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_entry SET body = '{}'::jsonb WHERE subject = %s AND seq = 2", [f"case:{receipt.case}"]
        )
    assert "broken" in text_of(as_(today, "audit").get(f"/admin/ledger/case:{receipt.case}"))
    assert "The trace is broken" in text_of(as_(today, "acceptor").get(f"/desk/cases/{receipt.number}"))


def test_sign_ins_and_looks_at_personal_data_are_listed(today: Town) -> None:
    visitor, audit = Visitor(today), as_(today, "audit")
    visitor.post("/accounts/login/", {"login": "acceptor", "password": PASSWORD})
    one = account("acceptor")
    assert one.ref in text_of(audit.get("/admin/sign-ins"))
    receipt = today.report(reporter=(("name", "赵钱孙"), ("phone", "13655556666")))
    acceptor = as_(today, "acceptor")
    case = acceptor.get(f"/desk/cases/{receipt.number}")
    assert "赵**" in text_of(case)
    assert "赵钱孙" not in case.content.decode()
    path = f"/desk/cases/{receipt.number}/reveal"
    bare = acceptor.post(path, {"field": "phone"})
    assert bare.status_code == 422
    assert "13655556666" not in bare.content.decode()
    shown = acceptor.post(path, {"field": "phone", "why": "contact", "words": "核实地点"})
    assert shown.status_code == 200, text_of(shown)
    assert "13655556666" in text_of(shown)
    assert shown["Cache-Control"] == "private, no-store"
    assert "13655556666" not in acceptor.get(f"/desk/cases/{receipt.number}").content.decode()
    listed = text_of(audit.get("/admin/reveals"))
    assert "核实地点" in listed
    assert "13655556666" not in listed
    assert as_(today, "dispatcher").post(path, {"field": "phone", "why": "contact"}).status_code == 403
    echo = acceptor.post(path, {"field": "phone", "why": "contact", "words": "打 13655556666"})
    assert echo.status_code == 422
