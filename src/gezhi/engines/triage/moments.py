"""Times in Chinese words, as far as they are said: a date, a day told from today, a part of the day, a clock time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gezhi.engines.triage.numerals import number

_N = r"[0-9〇零一二两三四五六七八九十]{1,4}"
_DATE = (
    r"(?:(?P<year>(?:19|20)[0-9]{2}|[一二][〇零九一二三四五六七八]{3}|今|去|前|明)年)?(?P<month>" + _N + r")月"
    r"(?:份|底|初|中旬|上旬|下旬|(?P<day>" + _N + r")[日号])?"
    r"|(?P<y>(?:19|20)[0-9]{2})[\-/.](?P<m>[0-9]{1,2})[\-/.](?P<d>[0-9]{1,2})(?![0-9])日?"
)
_RELATIVE = (
    r"(?:今|昨|前|明|后|当)[天日晚晨早]|(?:上|这|本|下)个?(?:周|星期|礼拜)[一二三四五六日天末]?|(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|(?:上|这|本|下)个?月|[今去前]年|(?:每|近|这)(?:天|日|晚|周|月|几天|几日)|"
    r"(?:近|连续|已经?|最近|过去)?" + _N + r"(?:多|余)?个?(?:小时|分钟|天|周|星期|月|年)(?:前|以前|之前|以来|来|内|了)"
)
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|夜里|深夜|半夜|晚|早)"
_CLOCK = (
    r"(?P<hour>"
    + _N
    + r")(?:点(?!击|评|位|名|火|赞|心|滴)(?:钟|整|半|(?P<minute>"
    + _N
    + r")分?|(?P<quarter>[一三])刻)?|时(?!间|候|常|段|效|期|代|不|而|刻)(?:(?P<minute2>"
    + _N
    + r")分)?)|(?P<h>[01]?[0-9]|2[0-3])[:：](?P<mm>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])"
)
_ONE = re.compile(
    rf"(?:(?:{_DATE})|(?P<relative>{_RELATIVE}))[ 的,，t]?(?P<part>{_PART})?[ ]?(?:{_CLOCK})?"
    rf"|(?P<part2>{_PART})[ ]?(?:{_CLOCK.replace('?P<', '?P<x')})"
    rf"|(?:{_CLOCK.replace('?P<', '?P<z')})"
)
_LATE = {"下午", "傍晚", "晚上", "夜间", "夜里", "深夜", "晚"}


def moments(plain: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of each; the value is ISO 8601 as far as said ("--07-01T15:30"), else the words."""
    for match in _ONE.finditer(plain):
        end = match.start() + len(match.group().rstrip(" 的,，t"))
        yield match.start(), end, _value(match) or plain[match.start() : end]


def _value(match: re.Match[str]) -> str:
    day = _day(match)
    clock = _clock(match)
    if match["relative"]:
        return ""
    if day and clock:
        return f"{day}T{clock}"
    return day or (f"T{clock}" if clock else "")


def _day(match: re.Match[str]) -> str:
    if match["y"]:
        month, day = int(match["m"]), int(match["d"])
        return f"{match['y']}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
    if not match["month"]:
        return ""
    month = int(number(match["month"]))
    day = int(number(match["day"])) if match["day"] else 0
    if not 1 <= month <= 12 or day > 31:
        return ""
    said = match["year"] or ""
    year = str(int(number(said))) if said and said not in "今去前明" else "-"
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def _clock(match: re.Match[str]) -> str:
    for mark in ("", "x", "z"):
        if match[f"{mark}h"]:
            return f"{int(match[f'{mark}h']):02}:{match[f'{mark}mm']}"
        if match[f"{mark}hour"]:
            hour = int(number(match[f"{mark}hour"]))
            minute = match[f"{mark}minute"] or match[f"{mark}minute2"]
            quarter = match[f"{mark}quarter"]
            minutes = int(number(minute)) if minute else {"一": 15, "三": 45}.get(quarter or "", 0)
            if "点半" in match.group():
                minutes = 30
            if (match["part"] or match["part2"]) in _LATE and hour < 12:
                hour += 12
            return f"{hour:02}:{minutes:02}" if hour <= 24 and minutes < 60 else ""
    return ""
