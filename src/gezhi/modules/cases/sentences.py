"""What the engine refuses, as a sentence in the language active now."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from gezhi.engines import procedure as engine


def sentence(refusal: engine.Refusal) -> str:
    """The whole sentence; titles inside it come from the procedure in the same language."""
    return refusal.said((get_language() or "zh").split("-")[0], gettext)
