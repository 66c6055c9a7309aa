"""Suggestions as chips under the field they are for: one click, or one key, to take; each says why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.parts import Tip
from gezhi.modules.advice.queries import ClassChoice, UnitChoice
from gezhi.modules.territory import queries as territory

SURE, LIKELY = 0.8, 0.5


def of_classes(choices: tuple[ClassChoice, ...]) -> tuple[Tip, ...]:
    """Chips for a field that asks for a class."""
    english = labels.english()
    return tuple(
        Tip(one.key, (one.name_en or one.name) if english else one.name, how_sure(one.probability)) for one in choices
    )


def of_units(choices: tuple[UnitChoice, ...]) -> tuple[Tip, ...]:
    """Chips for a field that asks for units; units that are no longer there are left out."""
    known = labels.units()
    return tuple(
        Tip(str(one.organisation), labels.unit(one.organisation), why(one))
        for one in choices
        if one.organisation in known and known[one.organisation].active
    )


def how_sure(probability: float) -> str:
    """A probability in words and in figures."""
    shown = f"{100 * probability:.0f} %"
    if probability >= SURE:
        return _("very likely, %(p)s") % {"p": shown}
    if probability >= LIKELY:
        return _("likely, %(p)s") % {"p": shown}
    return _("possible, %(p)s") % {"p": shown}


def why(one: UnitChoice) -> str:
    """Why a unit: what became of cases like it."""
    if not one.of:
        return how_sure(one.probability)
    told = {"n": one.accepted, "of": one.of, "alike": _alike(one)}
    words = ngettext(
        "took %(n)d of %(of)d case alike (%(alike)s)", "took %(n)d of %(of)d cases alike (%(alike)s)", one.of
    )
    said = words % told
    if one.returned:
        said += _(", gave back %(n)d") % {"n": one.returned}
    return said


def _alike(one: UnitChoice) -> str:
    facts = dict(one.alike)
    told = []
    if key := facts.get("class"):
        told.append(labels.class_name(labels.class_by_key(key), key))
    told += [name for level in ("community", "street") if (name := _place(facts.get(level, "")))][:1]
    if channel := facts.get("channel"):
        told.append(labels.channel(channel))
    return "、".join(told) if told else _("all cases")


def _place(code: str) -> str:
    found = territory.areas_in_force().by_code.get(code) if code else None
    return labels.area(found.id) if found else ""
