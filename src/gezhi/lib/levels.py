"""The four levels of data, declared on every table and checked by a test over all of them.

A model says `data_level = "internal"` for its fields at large and `data_levels = {"field": "public", …}` for those that
differ. `personal` may stand only where values are encrypted (the vault); everything else holds references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

LEVELS = ("public", "internal", "sensitive", "personal")
PUBLIC, INTERNAL, SENSITIVE, PERSONAL = LEVELS


def levels_of(model: Any) -> Mapping[str, str | None]:
    """Field name → level, for every concrete field of a Django model; None where nothing is declared."""
    overall = getattr(model, "data_level", None)
    single: Mapping[str, str] = getattr(model, "data_levels", {})
    return {field.name: single.get(field.name, overall) for field in model._meta.concrete_fields}


def faults(models: Iterable[Any], *, may_be_personal: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong with the declarations, one sentence each; empty when all is well.

    `may_be_personal` holds the labels (`switches.VaultValue`) of tables that keep personal values encrypted.
    """
    found = []
    for model in models:
        label = model._meta.label
        levels = levels_of(model)
        for name in getattr(model, "data_levels", {}):
            if name not in levels:
                found.append(f"{label} declares a level for {name}, which is not one of its fields.")
        for name, level in levels.items():
            if level is None:
                found.append(f"{label}.{name} has no data level.")
            elif level not in LEVELS:
                found.append(f"{label}.{name} has the unknown data level {level}.")
            elif level == PERSONAL and label not in may_be_personal:
                found.append(f"{label}.{name} is personal, but only the vault keeps personal values.")
    return found
