"""QR codes as drawings: square modules, nothing else, so that paper and page show the same."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg


def svg(text: str) -> str:
    """The QR code of a text as one <svg> element, without style attributes and with a margin of two modules."""
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=2)
    made.add_data(text)
    made.make(fit=True)
    out = io.BytesIO()
    made.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(out)
    drawn = out.getvalue().decode()
    return drawn[drawn.index("<svg") :]
