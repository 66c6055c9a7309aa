"""Particulars in Chinese words: address, time, telephone, number plate, amount, people; each with its place in the
text.

Patterns, no model: a person confirms every finding, so a finding must be explainable and a wrong one cheap. Both
scripts and both widths are read (`words.spelled` keeps positions); values are plain. `masked` hides what must not be
passed on: telephone, identity and bank card numbers, whole texts at a time and of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gezhi.engines.triage.addresses import addresses
from gezhi.engines.triage.moments import moments
from gezhi.engines.triage.numerals import NUMERAL, number
from gezhi.engines.triage.words import spelled

Kind = Literal["address", "time", "phone", "identity", "card", "plate", "amount", "people"]
HIDDEN: frozenset[str] = frozenset({"phone", "identity", "card"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` is text[start:end] as it was written; `value` the same in one form (digits, fen, ISO 8601 as far as
    said)."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str


_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_GAP = r"[ \-–—.·]?"
_PHONE = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?86" + _GAP + r")?"
    r"(?P<mobile>1[3-9][0-9]" + _GAP + r"[0-9]{4}" + _GAP + r"[0-9]{4}"
    r"|1[3-9][0-9]{2}" + _GAP + r"[0-9]{3}" + _GAP + r"[0-9]{4})(?![0-9])"
    r"|(?<![0-9])(?P<line>\(?0[1-9][0-9]{1,2}\)?[ \-–—]?[1-9][0-9]{6,7}(?:[\-–转][0-9]{1,5})?)(?![0-9])"
    r"|(?<![0-9])(?P<free>[48]00[ \-–]?[0-9]{3,4}[ \-–]?[0-9]{3,4})(?![0-9])"
    r"|(?:电话|座机|手机|联系方式|tel)\D{0,4}(?P<local>[2-9][0-9]{2,3}-?[0-9]{4})(?![0-9])"
)
_BIRTH = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY = re.compile(
    r"(?<![0-9])(?:[1-9][0-9]{5} ?" + _BIRTH + r" ?[0-9]{3}[0-9x]"
    r"|[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3})(?![0-9])"
)
_CARD = re.compile(r"(?<![0-9])(?:[3-6][0-9]{15,18}|[3-6][0-9]{3}(?: [0-9]{4}){3}(?: [0-9]{1,3})?)(?![0-9])")
_PLATE = re.compile(
    r"(?<![a-z0-9])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][ ·•.]?"
    r"(?:[0-9a-hj-np-z]{5}[0-9a-hj-np-z学警港澳挂领试超]?|[0-9a-hj-np-z]{4}[学警港澳挂领试超])(?![0-9a-z])"
)
_AMOUNT = re.compile(
    r"(?:[¥￥] ?(?P<bare>[0-9][0-9,]*(?:\.[0-9]+)?) ?(?P<scale>万|亿)?"
    r"|(?P<said>" + NUMERAL + r")(?:多|余|来)? ?(?:元|块钱|块(?!地|砖|板|石)|人民币|角|毛钱)(?!宝|素|旦|件))"
)
_PEOPLE = re.compile(
    r"(?P<said>" + NUMERAL + r"|几十|上百|数十|数百)(?:多|余|来|几)?"
    r"(?:个(?:人|居民|业主|工人|员工|孩子|学生|老人|村民|职工)|口人|人(?!民|行|大|才|工|口|员|家|均|份|字)"
    r"|[名位](?:工人|农民工|居民|业主|村民|学生|孩子|老人|员工|职工|群众|男子|女子|商户|住户|家长|人员|人)?)"
)
LONGEST = 20_000  # characters that `extract` reads
_ABOUT = {"几十": "30", "数十": "30", "上百": "100", "数百": "300"}


def extract(text: str) -> list[Finding]:
    """All findings in the first 20,000 characters, in their order; none overlap: the more certain kind wins."""
    plain = spelled(text[:LONGEST])
    taken = bytearray(len(plain))
    found: list[Finding] = []
    for kind, start, end, value in _all(plain):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Finding(kind, start, end, text[start:end], value))
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with telephone, identity and card numbers hidden behind asterisks; the length stays.

    Of a telephone number the first three and last two digits stay, of the others the first three only.
    """
    plain = spelled(text)
    shown = list(text)
    for kind, start, end, _ in _numbers(plain):
        places = [n for n in range(start, end) if plain[n].translate(_DIGITS).isalnum()]
        last = 2 if kind == "phone" else 0
        for n in places[3 : len(places) - last]:
            shown[n] = "*"
    return "".join(shown)


def _all(plain: str) -> Iterator[tuple[Kind, int, int, str]]:
    yield from _numbers(plain)
    for match in _PLATE.finditer(plain):
        yield "plate", *match.span(), re.sub(r"[ ·•.]", "", match.group()).upper()
    yield from (("time", start, end, value) for start, end, value in moments(plain))
    for match in _AMOUNT.finditer(plain):
        yield "amount", *match.span(), _fen(match)
    yield from (("address", start, end, value) for start, end, value in addresses(plain))
    for match in _PEOPLE.finditer(plain):
        yield "people", *match.span(), _ABOUT.get(match["said"]) or str(int(number(match["said"])))


def _numbers(plain: str) -> Iterator[tuple[Kind, int, int, str]]:
    """What `masked` hides. Digits written as Chinese numerals are read as well (一三八…)."""
    digits = plain.translate(_DIGITS)
    for match in _IDENTITY.finditer(digits):
        yield "identity", *match.span(), match.group().replace(" ", "").upper()
    for match in _CARD.finditer(digits):
        bare = match.group().replace(" ", "")
        if _luhn(bare):
            yield "card", *match.span(), bare
    for match in _PHONE.finditer(digits):
        group = next(name for name in ("mobile", "line", "free", "local") if match[name])
        yield "phone", *match.span(group), re.sub(r"[^0-9转]", "", match[group]).replace("转", "-")


def _fen(match: re.Match[str]) -> str:
    """The amount in fen."""
    if match["bare"]:
        scale = {"万": 10_000, "亿": 100_000_000}.get(match["scale"] or "", 1)
        return str(round(float(match["bare"].replace(",", "")) * scale * 100))
    unit = 10 if match.group().endswith(("角", "毛钱")) else 100
    return str(round(number(match["said"]) * unit))


def _luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1)."""
    doubled = [int(one) * (2 if n % 2 else 1) for n, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
