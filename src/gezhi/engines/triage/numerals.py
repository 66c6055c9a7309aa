"""Numbers as people write them: 1,200 · 3.5万 · 三千二百 · 十几 · 两."""

from __future__ import annotations

import re

NUMERAL = (
    r"(?:[0-9][0-9,]{0,15}(?:\.[0-9]{1,4})?(?:[十百千万亿]{1,2}(?:[0-9]{1,4}[十百千万]?)?)?"
    r"|[〇零一二两三四五六七八九十百千万亿]{1,16})"
)
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")

_ONES = {one: n for n, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000}


def number(said: str) -> float:
    """The value of a text that NUMERAL matches; 0 where it says nothing."""
    if all(one in _ONES for one in said):  # 二〇二六
        return float("".join(str(_ONES[one]) for one in said) or 0)
    whole = part = one = 0.0
    for sign in _TOKEN.findall(said):
        if sign in _ONES:
            one = _ONES[sign]
        elif sign in _TENS:
            part += (one or 1) * _TENS[sign]
            one = 0
        elif sign == "万":
            whole, part, one = whole + (part + one or 1) * 10_000, 0, 0
        elif sign == "亿":
            whole, part, one = (whole + part + one or 1) * 100_000_000, 0, 0
        else:
            one = float(sign.replace(",", "")) if sign[0].isdigit() and sign[0].isascii() else one
    return whole + part + one
