"""Texts that profiles bring along in two languages."""

from __future__ import annotations

from collections.abc import Mapping

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
