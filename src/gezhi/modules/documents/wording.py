"""Texts made safe for every format: without characters that no paper shows and that some formats refuse."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

_KEPT = {"\n", "\t"}
_GONE = {"Cc", "Cs", "Cn"}


def clean(text: str) -> str:
    """The text without control characters, halves of characters and what Unicode has not given out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _GONE)


def cleaned(value: Any) -> Any:
    """Everything in a JSON value, its texts clean; tuples become lists."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(key): cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(inner) for inner in value]
    return value
