"""The shifts of one day as people write them: “08:00-12:00, 14:00-18:00”. Pure reading and writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gezhi.engines.workclock import Shift
from gezhi.lib.errors import BadInput

_FIELD = "shifts"
_DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至到]\s*(\d{1,2}):(\d{2})", re.ASCII)
_SIGNS = str.maketrans({"：": ":", "，": ",", "、": ",", "；": ",", ";": ",", "\n": ","})
MOST = 12


def read_shifts(text: str) -> tuple[Shift, ...]:
    """The shifts of a day, in order of time; none for "". Raises BadInput (field `shifts`)."""
    shifts = sorted(_span(part.strip()) for part in text.translate(_SIGNS).split(",") if part.strip())
    for one, following in pairwise(shifts):
        if following.opens < one.closes:
            told = {"one": _written(one), "other": _written(following)}
            raise _wrong(_("The shifts %(one)s and %(other)s overlap.") % told)
    if len(shifts) > MOST:
        raise _wrong(_("A day has at most %(n)d shifts.") % {"n": MOST})
    return tuple(shifts)


def _span(part: str) -> Shift:
    found = _SPAN.fullmatch(part)
    if not found or int(found[2]) > 59 or int(found[4]) > 59:
        raise _wrong(_("“%(text)s” is no shift; write for example 08:00-12:00, 14:00-18:00.") % {"text": part[:40]})
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if opens >= _DAY or closes > _DAY:
        said = _("The shift %(text)s goes beyond midnight; write the rest on the next day.")
        raise _wrong(said % {"text": part})
    if opens >= closes:
        raise _wrong(_("The shift %(text)s ends before it begins.") % {"text": part})
    return Shift(opens, closes)


def shifts_of(text: str) -> tuple[Shift, ...]:
    """The shifts of a text that was checked before it was stored."""
    return read_shifts(text)


def written_shifts(shifts: Iterable[Shift]) -> str:
    """Shifts as `read_shifts` reads them."""
    return ", ".join(_written(one) for one in shifts)


def _written(one: Shift) -> str:
    return f"{one.opens // 60:02}:{one.opens % 60:02}-{one.closes // 60:02}:{one.closes % 60:02}"


def _wrong(sentence: str | Promise) -> BadInput:
    return BadInput(sentence, field=_FIELD)
