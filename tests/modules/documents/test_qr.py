"""QR codes: page and paper show the same modules, with a margin, and nothing a content policy forbids."""

from __future__ import annotations

import re

from gezhi.modules.documents import qr

TEXT = "http://127.0.0.1:8000/grids/320104002002003"


def test_the_drawing_is_the_rows() -> None:
    rows = qr.rows(TEXT)
    side = len(rows)
    assert {len(row) for row in rows} == {side}
    assert all(set(row) == {"0"} for row in (*rows[:2], *rows[-2:]))
    assert rows[2].startswith("001111111")  # the corner's eye
    drawn = [["0"] * side for _row in rows]
    svg = qr.svg(TEXT)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for column in range(int(x), int(x) + int(wide)):
            drawn[int(y)][column] = "1"
    assert tuple("".join(row) for row in drawn) == rows
    assert "style" not in svg
    assert qr.rows(TEXT) != qr.rows(TEXT + "4")
