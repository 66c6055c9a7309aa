"""Texts that profiles bring along in two languages, and sentences of engines put into the active one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import get_language

Text = Mapping[str, str]


def said(text: Text | str | None) -> str:
    """The text in the active language; zh where it has no such language; the only one where it has one."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    language = (get_language() or "zh").split("-")[0]
    return text.get(language) or text.get("zh") or next(iter(text.values()), "")


def worded(sentence: str, params: Mapping[str, Any] | None = None) -> str:
    """An English sentence of an engine with its `{parameters}`, in the active language; texts among them too."""
    if not sentence:
        return ""
    told = {name: said(value) if isinstance(value, Mapping) else value for name, value in (params or {}).items()}
    return translation.gettext(sentence).format(**told)
