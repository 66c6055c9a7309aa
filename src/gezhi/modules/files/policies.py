"""Limits on what may be sent. Who may see a file is decided by what it belongs to (a case), never here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import BadInput, TooLarge

MOST_BYTES = 20 * 1024 * 1024
MOST_PHOTOS = 9
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}


def check_count(count: int, *, field: str = "photos") -> None:
    """At most nine photos with one move. Raises BadInput."""
    if count > MOST_PHOTOS:
        raise BadInput(
            _("At most %(most)s photos at a time; you sent %(count)s.") % {"most": MOST_PHOTOS, "count": count},
            field=field,
        )


def check_bytes(size: int, *, field: str = "photos") -> None:
    """Raises TooLarge."""
    if size > MOST_BYTES:
        raise TooLarge(_("A photo may have at most 20 MB."), field=field)


def check_pixels(form: str, width: int, height: int, *, field: str = "photos") -> None:
    """Before decoding, so that a small file cannot unfold into all memory. Raises TooLarge."""
    if width * height > MOST_PIXELS.get(form, 0):
        raise too_many_pixels(field)


def too_many_pixels(field: str) -> TooLarge:
    """The refusal of a picture that would need too much memory."""
    return TooLarge(_("This picture has too many pixels; send a smaller one."), field=field)
