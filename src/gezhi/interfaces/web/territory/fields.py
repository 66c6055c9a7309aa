"""The fields that the forms of these pages share: name, place, layer, level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.parts import Choice, Field
from gezhi.interfaces.web.territory import words

Told = Mapping[str, str]


def name(given: Any, wrong: Told, value: str = "") -> Field:
    """What the plan is called."""
    shown = given.get("name", "") or value
    return Field("name", _("Name of the plan"), "text", shown, True, problem=wrong.get("name", ""), maximum=120)


def scope(given: Any, wrong: Told, hint: str = "") -> Field:
    """The area whose inside is concerned."""
    shown, problem = given.get("scope", "") or "", wrong.get("scope", "")
    return Field("scope", _("Where"), "pick", shown, True, hint, problem, choices=words.scope_choices())


def layer(given: Any, wrong: Told, choices: tuple[Choice, ...]) -> Field:
    """A layer; the first where none is chosen."""
    shown = given.get("layer", "") or (choices[0].value if choices else "")
    return Field(
        "layer", _("Layer"), "choice", shown, True, problem=wrong.get("layer", ""), choices=choices, inline=True
    )  # fmt: skip


def level(given: Any, wrong: Told, label: str, *, outlined: bool) -> Field:
    """A level below the top; the grids where none is chosen."""
    profile = labels.profile()
    fitting = (one for one in profile.levels if one.rank and (one.outlined or not outlined))
    choices = tuple(Choice(one.key, labels.level(one.key)) for one in fitting)
    shown = given.get("level", "") or profile.grid_level or ""
    return Field("level", label, "choice", shown, True, problem=wrong.get("level", ""), choices=choices, inline=True)


def number(
    given: Any, wrong: Told, key: str, label: str, span: tuple[int, int], hint: str = "", usual: object = ""
) -> Field:  # fmt: skip
    """A whole number within a span."""
    shown, problem = given.get(key, "") or str(usual), wrong.get(key, "")
    return Field(key, label, "number", shown, hint=hint, problem=problem, minimum=span[0], maximum=span[1])
