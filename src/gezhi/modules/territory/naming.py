"""Codes and names of areas that are new: the next free serial number under the parent, in the range of the layer.

A code that was ever used is not given again: past cases and tenures carry it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from gezhi.lib.errors import WrongState
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory.models import Area, Layer


@dataclass(frozen=True, slots=True)
class Parent:
    """What a new area is named after."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Named:
    """A code and the names that go with it."""

    code: str
    name: str
    name_en: str


def next_names(layer: Layer, level: str, parent: Parent, taken: Iterable[str], count: int) -> list[Named]:
    """`count` new codes and names under a parent; `taken` are codes besides those ever in force. One query.

    Raises WrongState where the range is used up.
    """
    used = set(taken) | set(
        Area.objects.filter(code__startswith=parent.code, level=level).values_list("code", flat=True)
    )
    own = set(Area.objects.filter(code__startswith=parent.code, layer=layer).values_list("code", flat=True))
    digits = next((one.digits for one in switches.profile().levels if one.key == level), None)
    width = digits - len(parent.code) if digits else 0
    if width > 0:
        serials = [int(c[len(parent.code) :]) for c in own if len(c) == digits and c[len(parent.code) :].isdecimal()]
        free = (n for n in range(max(serials, default=0) + 1, 10**width) if f"{parent.code}{n:0{width}}" not in used)
        codes = [f"{parent.code}{n:0{width}}" for n, _turn in zip(free, range(count), strict=False)]
    else:
        free = (n for n in range(1, 10_000) if f"{parent.code}-{n}" not in used)
        codes = [f"{parent.code}-{n}" for n, _turn in zip(free, range(count), strict=False)]
    if len(codes) < count:
        raise WrongState(_("There are no free codes left under %(code)s.") % {"code": parent.code}, code="no_codes")
    return [_named(code, parent) for code in codes]


def _named(code: str, parent: Parent) -> Named:
    number = int(code[len(parent.code) :].lstrip("-") or 0)
    with override("zh-hans"):
        name = _("%(parent)s, grid %(n)d") % {"parent": parent.name, "n": number}
    with override("en"):
        name_en = _("%(parent)s, grid %(n)d") % {"parent": parent.name_en or parent.name, "n": number}
    return Named(code, name[:120], name_en[:160])
