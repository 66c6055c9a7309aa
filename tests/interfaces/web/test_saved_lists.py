"""Saved views: a list with its filters under a name, one's own or an organisation's; nobody else's to see or change."""

from __future__ import annotations

from typing import Any

from gezhi.modules.ledger.models import Entry
from gezhi.modules.people.models import SavedView
from tests.interfaces.visitor import Visitor, as_, text_of
from tests.town import Town

LATE = {"queue": "", "state": "late", "time": "7d"}


def save(visitor: Visitor, name: str, organisation: str = "own", **given: Any) -> Any:
    return visitor.post("/desk/views/new", {**(given or LATE), "name": name, "organisation": organisation})


def test_a_filtered_list_is_saved_under_a_name(today: Town) -> None:
    visitor = as_(today, "acceptor")
    assert "/desk/views/new?queue=&amp;state=late" in visitor.get("/desk/cases", state="late").content.decode()
    asked = visitor.get("/desk/views/new", queue="", state="late", time="7d")
    assert "All cases：Within 7 days、Late" in text_of(asked)
    done = save(visitor, "Late ones")
    assert done.status_code == 302
    assert done["Location"] == "/desk/cases?time=7d&state=late"
    page = visitor.get("/desk/cases", time="7d", state="late").content.decode()
    assert "<h1>Late ones" in page
    assert '<a class="queue-link" href="/desk/cases?time=7d&amp;state=late" aria-current="page">Late ones' in page
    assert "/desk/views/new" not in page  # saved already
    assert "Late ones" in text_of(visitor.get("/desk/queues", current=""))


def test_a_view_of_a_queue_leads_to_the_queue(today: Town) -> None:
    visitor = as_(today, "acceptor")
    done = save(visitor, "Unplaced", queue="event:reported", state="unplaced")
    assert done["Location"] == "/desk/queues/event:reported?state=unplaced"


def test_what_is_shared_is_seen_by_the_same_organisation_only(today: Town) -> None:
    owner, colleague, stranger = (as_(today, name) for name in ("acceptor", "dispatcher", "water.handler"))
    centre = str(today.unit("centre"))
    save(owner, "Mine alone")
    save(owner, "For all of us", centre)
    seen = text_of(colleague.get("/desk/views"))
    assert "For all of us" in seen
    assert "试受理" in seen
    assert "Mine alone" not in seen
    assert "For all of us" not in text_of(stranger.get("/desk/views"))
    private, shared = (SavedView.objects.get(name=name).id for name in ("Mine alone", "For all of us"))
    assert colleague.get(f"/desk/views/{private}").status_code == 404
    assert stranger.get(f"/desk/views/{shared}").status_code == 404
    assert stranger.post(f"/desk/views/{shared}/delete").status_code == 404
    assert colleague.post(f"/desk/views/{shared}", {"name": "Taken over"}).status_code == 403
    assert colleague.post(f"/desk/views/{shared}/delete").status_code == 403
    assert SavedView.objects.filter(name="For all of us").exists()


def test_nobody_shares_with_an_organisation_not_their_own(today: Town) -> None:
    refused = save(as_(today, "acceptor"), "For the others", str(today.unit("water")))
    assert refused.status_code == 403
    assert not SavedView.objects.exists()


def test_a_view_is_renamed_shared_and_deleted(today: Town) -> None:
    visitor = as_(today, "acceptor")
    save(visitor, "Late ones")
    number = SavedView.objects.get().id
    assert 'value="Late ones"' in visitor.get(f"/desk/views/{number}").content.decode()
    centre = today.unit("centre")
    assert visitor.post(f"/desk/views/{number}", {"name": "Too late", "organisation": centre}).status_code == 302
    assert "Too late" in text_of(as_(today, "dispatcher").get("/desk/views"))
    assert visitor.get(f"/desk/views/{number}/delete").status_code == 405
    assert visitor.post(f"/desk/views/{number}/delete").status_code == 302
    assert not SavedView.objects.exists()
    kinds = [e.kind for e in Entry.objects.filter(kind__startswith="view.").order_by("id")]
    assert kinds == ["view.saved", "view.changed", "view.deleted"]
    assert "late" not in str([e.body for e in Entry.objects.filter(kind__startswith="view.")]).lower()


def test_names_and_words_are_judged(today: Town) -> None:
    visitor = as_(today, "acceptor")
    save(visitor, "Late ones")
    for name, given, sentence in (
        ("", LATE, "1 to 40 characters"),
        ("x" * 41, LATE, "1 to 40 characters"),
        ("Late ones", LATE, "of this name already"),
        ("A caller", {"queue": "", "q": "13912345678"}, "cannot keep a telephone number"),
        ("139 1234 5678", LATE, "cannot keep a telephone number"),
    ):
        refused = save(visitor, name, **given)
        assert refused.status_code == 422, name
        assert sentence in text_of(refused)
        assert f'name="{"q" if "q" in given else "state"}" value=' in refused.content.decode()  # nothing is lost
    assert SavedView.objects.count() == 1


def test_there_is_room_for_so_many(today: Town) -> None:
    visitor = as_(today, "acceptor")
    for number in range(40):
        assert save(visitor, f"View {number}").status_code == 302
    assert save(visitor, "One too many").status_code == 409
