"""What a web process reads before its first visitor comes: the profile in force, its areas, classes and procedure.

In a thread of its own, so that the process answers at once; where there is no database or no profile yet, the first
request reads it instead.
"""

from __future__ import annotations

import threading

from django.db import Error, close_old_connections, connection

from gezhi.lib.collector import settle
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
        settle()
