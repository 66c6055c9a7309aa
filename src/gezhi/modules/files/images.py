"""Turns what somebody sent into a photo we keep: JPEG, upright, sRGB, without EXIF, place, profile or comment.

Pure: bytes in, bytes out. Re-encoding is what removes the place a photo was taken and anything hidden behind it.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from gezhi.lib.errors import BadInput
from gezhi.modules.files import policies

KIND = "image/jpeg"
LONG_EDGE = 2560  # pixels: more than any screen that shows a case, a fifth of the bytes of a phone's original
THUMBNAIL_EDGE = 320
_FORMS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, ZeroDivisionError)


@dataclass(frozen=True, slots=True)
class CleanImage:
    """The re-encoded photo, its thumbnail (both JPEG), and the photo's edges in pixels."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def clean(raw: bytes, *, field: str = "photos") -> CleanImage:
    """Re-encode a JPEG, PNG or WebP; the same input gives the same output.

    Raises BadInput (empty, not a picture, another format, damaged), TooLarge (too many pixels).
    """
    if not raw:
        raise BadInput(_("The file is empty."), field=field)
    try:
        image = Image.open(io.BytesIO(raw), formats=_FORMS)
    except (UnidentifiedImageError, *_BROKEN) as wrong:
        raise BadInput(_not_a_photo(raw), field=field) from wrong
    except Image.DecompressionBombError as bomb:
        raise policies.too_many_pixels(field) from bomb
    with image:
        policies.check_pixels(image.format or "", image.width, image.height, field=field)
        try:
            upright = _upright(image)
        except _BROKEN as wrong:
            raise BadInput(_("The photo is damaged or incomplete."), field=field) from wrong
    small = upright.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return CleanImage(_jpeg(upright, 85), _jpeg(small, 80), upright.width, upright.height)


def _upright(image: Image.Image) -> Image.Image:
    """Decoded, scaled to at most LONG_EDGE, turned as EXIF says, on white, in sRGB."""
    image.draft("RGB", (LONG_EDGE, LONG_EDGE))  # JPEG decodes at 1/2, 1/4 or 1/8 at once; others ignore it
    profile = image.info.get("icc_profile")
    picture: Image.Image = ImageOps.exif_transpose(image)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    elif picture.mode != "RGB":
        picture, profile = picture.convert("RGB"), None
    picture.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    return _srgb(picture, profile) if profile else picture


def _srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones photograph in wider colour spaces; without this, dropping their profile would fade the colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return turned or picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)  # a new picture has no info to carry along
    plain.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _not_a_photo(raw: bytes) -> object:
    if raw[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftypavif"}:
        return _("HEIC photos cannot be read here; send the photo as JPEG.")
    return _("This is not a photo. Send a JPEG, PNG or WebP file.")
