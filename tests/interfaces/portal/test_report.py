"""A resident's report: taken once, with photos and place, answered with a number, a code and a QR."""

from __future__ import annotations

from typing import Any

from gezhi.modules.cases.models import Attachment, Case
from gezhi.modules.switches.models import VaultValue
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
    assert "style=" not in receipt.content.decode().split("<svg", 2)[-1].split("</svg>")[0]
    assert "王小明" not in said
    assert "13812345678" not in said
