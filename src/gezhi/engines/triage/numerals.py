"""Numbers as people write them: 1,200 · 3.5万 · 三千二百 · 十几 · 两."""

from __future__ import annotations

NUMERAL = r"(?:[0-9][0-9,]{0,15}(?:\.[0-9]{1,4})?[十百千万亿]{0,2}|[〇零一二两三四五六七八九十百千万亿]{1,16})"

_ONES = {one: n for n, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


def number(said: str) -> float:
    """The value of a text that NUMERAL matches; 0 where it says nothing."""
    digits = said.rstrip("十百千万亿")
    if digits[:1].isascii() and digits:
        value = float("".join(str(_ONES.get(one, one)) for one in digits if one not in ",十百千万亿"))
        for unit in said[len(digits) :]:
            value *= {**_TENS, **_MYRIADS}[unit]
        return value
    if all(one in _ONES for one in said):  # 二〇二六
        return float("".join(str(_ONES[one]) for one in said) or 0)
    return float(_counted(said))


def _counted(said: str) -> int:
    whole = part = one = 0
    for sign in said:
        if sign in _ONES:
            one = _ONES[sign]
        elif sign in _TENS:
            part += (one or 1) * _TENS[sign]
            one = 0
        else:
            whole = (whole + part + one or 1) * _MYRIADS[sign] if sign == "亿" else whole + (part + one or 1) * 10_000
            part = one = 0
    return whole + part + one
