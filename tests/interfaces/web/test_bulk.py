"""One move on many cases: offered where one form is enough, made on each by itself, what was refused stays chosen."""

from __future__ import annotations

from gezhi.modules.cases.models import Case
from tests.interfaces.visitor import as_, text_of
from tests.town import Town


def stage(number: str) -> str:
    return Case.objects.get(number=number).stage


def test_rows_are_chosen_where_a_move_is_offered(today: Town) -> None:
    today.report()
    visitor = as_(today, "acceptor")
    queue = visitor.get("/desk/queues/event:reported").content.decode()
    assert 'name="case"' in queue
    assert '<button class="btn btn-s" type="submit" name="move" value="accept"' in queue
    assert 'value="place"' not in queue  # a place belongs to one case
    assert 'name="case"' not in visitor.get("/desk/cases").content.decode()
    assert 'name="case"' not in as_(today, "dispatcher").get("/desk/queues/event:reported").content.decode()


def test_the_move_is_made_on_each(today: Town) -> None:
    numbers = [today.report().number for _n in range(3)]
    visitor = as_(today, "acceptor")
    asked = visitor.get("/desk/bulk", queue="event:reported", move="accept", case=numbers)
    assert asked.status_code == 200
    assert all(f'value="{n}"' in asked.content.decode() for n in numbers)
    done = visitor.post("/desk/bulk", {"queue": "event:reported", "move": "accept", "case": numbers})
    assert done.status_code == 200
    assert {stage(n) for n in numbers} == {"accepted"}
    assert "3 done" in text_of(done)
    assert "Now at “Accepted" in text_of(done)
    assert 'id="bulk"' not in done.content.decode()  # nothing is left to try


def test_what_is_refused_says_why_and_stays_chosen(today: Town) -> None:
    """A public report is verified before it is filed; one found on patrol is not."""
    public, own = today.until("accepted"), today.until("accepted", channel="video")
    visitor = as_(today, "acceptor")
    given = {"queue": "event:accepted", "move": "file", "class": "E06001", "condition": "堆积"}
    done = visitor.post("/desk/bulk", {**given, "case": [public.number, own.number]})
    assert done.status_code == 200
    assert (stage(own.number), stage(public.number)) == ("filed", "accepted")
    body, words = done.content.decode(), text_of(done)
    assert "1 done" in words
    assert "1 not done" in words
    assert "verified" in words
    assert f'name="case" value="{public.number}" aria-label="Choose case {public.number}" checked' in body
    assert f'value="{own.number}"' not in body
    assert 'value="E06001" selected' in body  # what was entered is there to be changed


def test_a_field_that_lacks_is_named(today: Town) -> None:
    number = today.until("accepted", channel="video").number
    given = {"queue": "event:accepted", "move": "file", "case": number}
    refused = as_(today, "acceptor").post("/desk/bulk", given)
    assert refused.status_code == 409
    assert 'aria-invalid="true"' in refused.content.decode()
    assert stage(number) == "accepted"


def test_a_case_that_moved_on_is_not_moved_again(today: Town) -> None:
    """The revision that was on the page is compared for each case."""
    receipt = today.report()
    visitor = as_(today, "acceptor")
    page = visitor.get("/desk/bulk", queue="event:reported", move="accept", case=receipt.number).content.decode()
    shown = page.split(f'name="revision.{receipt.number}" value="')[1].split('"')[0]
    today.act(receipt.case, "acceptor", "accept")
    given = {"queue": "event:reported", "move": "accept", "case": receipt.number, f"revision.{receipt.number}": shown}
    assert visitor.post("/desk/bulk", given).status_code == 409


def test_tasks_are_moved_for_the_own_unit(today: Town) -> None:
    numbers = [today.until("handling").number for _n in range(2)]
    done = as_(today, "water.handler").post(
        "/desk/bulk", {"queue": "event:handling:sent", "move": "sign", "case": numbers}
    )
    assert done.status_code == 200
    assert "2 done" in text_of(done)


def test_what_is_not_offered_is_not_there(today: Town) -> None:
    number = today.report().number
    visitor = as_(today, "acceptor")
    for queue, move in (
        ("event:reported", "place"),
        ("event:reported", "nothing"),
        ("event:nothing", "accept"),
        ("", "accept"),
        ("event:filed", "dispatch"),
    ):
        assert visitor.post("/desk/bulk", {"queue": queue, "move": move, "case": number}).status_code == 404, move
    assert stage(number) == "reported"


def test_none_chosen_too_many_and_foreign_ones(today: Town) -> None:
    visitor = as_(today, "acceptor")
    empty = visitor.get("/desk/bulk", queue="event:reported", move="accept")
    assert empty.status_code == 200
    assert "No case was chosen" in text_of(empty)
    many = [f"2026{n:010d}" for n in range(101)]
    assert visitor.get("/desk/bulk", queue="event:reported", move="accept", case=many).status_code == 422
    assert "No case was chosen" in text_of(
        visitor.get("/desk/bulk", queue="event:reported", move="accept", case="20200101000001")
    )
