"""What pages load: sent packed, and fetched once, because its name changes with its content."""

from __future__ import annotations

import gzip
import re

import pytest

from gezhi.interfaces.web.templatetags.ui import BUILD
from tests.interfaces.visitor import Visitor

LOADED = [path for path in sorted((BUILD / "assets").iterdir()) if path.suffix in (".js", ".css")]
WORTH_IT = [path.name for path in LOADED if path.stat().st_size > 2_000]  # bytes


@pytest.mark.parametrize("name", WORTH_IT)
def test_scripts_and_styles_are_sent_packed_and_kept_for_good(public: Visitor, name: str) -> None:
    answer = public.client.get(f"/static/build/assets/{name}", headers={"accept-encoding": "gzip"})
    sent, whole = answer.getvalue(), (BUILD / "assets" / name).read_bytes()
    assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(sent) == whole
    assert "immutable" in answer["Cache-Control"]


def test_a_page_names_what_it_loads_by_its_content(public: Visitor) -> None:
    page = public.get("/").content.decode()
    loaded = re.findall(r'(?:href|src)="(/static/build/[^"]+\.(?:js|css))"', page)
    assert {address.rpartition("/")[2] for address in loaded} <= {path.name for path in LOADED}
    assert len(loaded) >= 2
    assert len(WORTH_IT) >= 2
