"""What a web process reads before its first visitor comes: the profile in force, its areas, classes and procedure.

In a thread of its own, so that the process answers at once; where there is no database or no profile yet, the first
request reads it instead.
"""

from __future__ import annotations

import gc
import threading

from django.db import Error, close_old_connections, connection

from gezhi.lib.errors import Refusal
from gezhi.modules.cases import rules
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory


def start() -> None:
    """Begin to read, in the background."""
    threading.Thread(target=_read, name="warming", daemon=True).start()


def _read() -> None:
    try:
        switches.profile()
        territory.areas_in_force()
        catalogue.in_force()
        rules.procedure(rules.in_force())
    except (Refusal, Error):
        close_old_connections()
    finally:
        connection.close()
        _settle()


def _settle() -> None:
    """What was read stays: the collector of circles need not look at it again with every request (docs/adr/0027)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
