"""The collector of circles, told what stays: what a process has read and imported once need not be looked at again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave out what is there now, and look less often: a page or a row makes many objects and hardly a circle.

    A tenth of a bulk import, and of a page (docs/adr/0027).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
