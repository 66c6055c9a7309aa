"""QR codes as drawings: square modules, nothing else, so that paper and page show the same."""

from __future__ import annotations

import re

import qrcode

MARGIN = 2  # modules of white around


def rows(text: str) -> tuple[str, ...]:
    """The QR code of a text, a line of 0 and 1 for each row of modules, margin included: what templates draw from."""
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=MARGIN)
    made.add_data(text)
    made.make(fit=True)
    return tuple("".join("1" if dark else "0" for dark in row) for row in made.get_matrix())


def svg(text: str) -> str:
    """The same as one <svg> element, without style attributes."""
    drawn = rows(text)
    runs = ((run, y) for y, row in enumerate(drawn) for run in re.finditer("1+", row))
    path = "".join(f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for run, y in runs)
    box = f"0 0 {len(drawn)} {len(drawn)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )
