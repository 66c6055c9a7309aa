"""A resident's report: taken once, with photos and place, answered with a number, a code and a QR."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gezhi.modules.cases.models import Attachment, Case
from gezhi.modules.files.models import File
from gezhi.modules.switches.models import VaultValue
from gezhi.modules.territory.models import Area
from tests.interfaces.visitor import Visitor, hidden, photo, text_of
from tests.town import EAST

WORDS = "门口的井盖破了"


def form(page: Any, **changes: Any) -> dict[str, Any]:
    """What a resident sends."""
    given = {"once": hidden(page, "once"), "words": WORDS, "lon": f"{EAST[0]}", "lat": f"{EAST[1]}"}
    return given | changes


def test_a_report_becomes_a_case_with_number_code_and_qr(public: Visitor) -> None:
    page = public.get("/report")
    assert page.status_code == 200
    sent = public.post("/report", form(page, photos=[photo()], name="王小明", phone="13812345678"))
    assert sent.status_code == 302, text_of(sent)
    case = Case.objects.get()
    assert (case.channel, case.source, case.words) == ("resident", "portal", WORDS)
    assert case.area_id is not None
    assert Attachment.objects.filter(case=case).count() == 1
    assert VaultValue.objects.count() == 2
    receipt = public.get(sent["Location"])
    assert receipt.status_code == 200
    said = text_of(receipt)
    assert case.number in said
    assert case.query_code in said
    assert "<svg" in receipt.content.decode()
    assert "style=" not in receipt.content.decode()
    assert "王小明" not in said
    assert "13812345678" not in said
    assert receipt["Cache-Control"] == "private, no-store"


def test_sent_twice_it_is_taken_once(public: Visitor) -> None:
    given = form(public.get("/report"))
    first, second = public.post("/report", given), public.post("/report", given)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_a_place_may_be_a_community_or_an_address_alone(public: Visitor) -> None:
    area = Area.objects.filter(level="community").first()
    assert area is not None
    page = public.get("/report")
    chosen = form(page, lon="", lat="", place_area=str(area.id), place_address="东大街 1 号")
    assert public.post("/report", chosen).status_code == 302
    assert Case.objects.get().area_id == area.id
    page = public.get("/report")
    assert public.post("/report", form(page, lon="", lat="", place_address="某处")).status_code == 302
    assert Case.objects.filter(area=None, address="某处").count() == 1


def large() -> SimpleUploadedFile:
    """A file beyond the limit of a photo."""
    return SimpleUploadedFile("large.jpg", b"\xff\xd8" + bytes(21 * 1024 * 1024), "image/jpeg")


def cut() -> SimpleUploadedFile:
    """A photo of which half arrived."""
    held = io.BytesIO()
    Image.effect_noise((200, 150), 60).save(held, "JPEG")
    return SimpleUploadedFile("cut.jpg", held.getvalue()[: held.tell() // 2], "image/jpeg")


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "nothing said": ({"words": ""}, 422, "Please say what is wrong"),
    "no place": ({"lon": "", "lat": ""}, 422, "Please say where it is"),
    "outside": ({"lon": "2.35", "lat": "48.85"}, 422, "outside the area we serve"),
    "no number": ({"lon": "east", "lat": "32"}, 422, "not a place on earth"),
    "not on earth": ({"lon": "999", "lat": "32"}, 422, "not a place on earth"),
    "nan": ({"lon": "nan", "lat": "nan"}, 422, "not a place on earth"),
    "no such area": ({"lon": "", "lat": "", "place_area": "987654"}, 422, "no such area"),
    "no such class": ({"class": "E9999999"}, 422, "no class"),
    "too long": ({"words": "长" * 5001}, 422, "at most"),
    "long name": ({"name": "名" * 200}, 422, "At most 80 characters"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_right_is_refused_and_nothing_typed_is_lost(public: Visitor, what: str) -> None:
    changes, status, sentence = REFUSED[what]
    answer = public.post("/report", form(public.get("/report"), **changes))
    assert answer.status_code == status, text_of(answer)
    assert sentence in text_of(answer)
    assert Case.objects.count() == 0
    if "words" not in changes:
        assert WORDS in answer.content.decode()


@pytest.mark.parametrize(
    ("files", "status", "sentence"),
    [
        (lambda: [photo(f"{n}.jpg") for n in range(20)], 422, "At most 9 photos"),
        (lambda: [large()], 413, "at most 20 MB"),
        (lambda: [SimpleUploadedFile("notes.jpg", b"this is text", "image/jpeg")], 422, "not a photo"),
        (lambda: [SimpleUploadedFile("empty.jpg", b"", "image/jpeg")], 422, "empty"),
        (lambda: [cut()], 422, "damaged"),
    ],
)
def test_bad_photos_are_refused_and_nothing_is_stored(public: Visitor, files: Any, status: int, sentence: str) -> None:
    answer = public.post("/report", form(public.get("/report"), photos=files()))
    assert (answer.status_code, sentence in text_of(answer)) == (status, True), text_of(answer)
    assert (Case.objects.count(), File.objects.count()) == (0, 0)


def test_photos_of_a_refused_report_are_kept_for_the_next_try(public: Visitor) -> None:
    page = public.get("/report")
    refused = public.post("/report", form(page, photos=[photo()], lon="", lat=""))
    assert refused.status_code == 422
    assert "1 photo is kept" in text_of(refused)
    again = public.post("/report", form(refused, photos=[photo("two.jpg", (1, 200, 3))]))
    assert again.status_code == 302, text_of(again)
    assert Attachment.objects.filter(case=Case.objects.get()).count() == 2


def test_a_full_disk_is_told_and_nothing_is_stored(public: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gezhi.modules.files.disk._write_whole", full)
    answer = public.post("/report", form(public.get("/report"), photos=[photo()]))
    assert answer.status_code == 503
    assert "disk is full" in text_of(answer)
    assert (Case.objects.count(), File.objects.count()) == (0, 0)


def test_too_many_reports_from_one_place_are_refused(public: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEZHI_REPORTS_PER_HOUR", "2")
    for _n in range(2):
        assert public.post("/report", form(public.get("/report"))).status_code == 302
    answer = public.post("/report", form(public.get("/report")))
    assert answer.status_code == 429
    assert "Too many reports" in text_of(answer)
    assert Case.objects.count() == 2


def test_a_number_in_the_words_goes_to_the_vault(public: Visitor) -> None:
    public.post("/report", form(public.get("/report"), words="请打 13912345678 联系我，井盖坏了"))
    assert "13912345678" not in Case.objects.get().words
    assert VaultValue.objects.filter(field="phone_in_words").count() == 1


def test_the_form_sent_without_its_token_starts_anew(public: Visitor) -> None:
    answer = public.post("/report", {"words": WORDS, "once": "made up"})
    assert answer.status_code == 422
    assert "once more" in text_of(answer)


def test_the_body_of_a_photo_is_read_from_disk_not_memory() -> None:
    """A temporary file is what a view gets; its stream must be seekable from the start."""
    assert isinstance(photo().file, io.BytesIO)
