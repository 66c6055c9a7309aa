"""Who has a case open just now, so that two people on the same case see each other before they write.

A sign of presence is good for some seconds and then gone; nothing of it is kept, counted or written to the ledger. The
table is unlogged: it does not outlive a crash of the database, and costs as little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from gezhi.lib.actor import Actor
from gezhi.modules.cases.glances import Glance, glance

SECONDS = 15

_STAY = """
    WITH old AS (
        DELETE FROM cases_presence WHERE id IN (
            SELECT id FROM cases_presence WHERE seen_at < %(since)s AND (case_key, account) <> (%(case)s, %(me)s)
            FOR UPDATE SKIP LOCKED LIMIT 100
        )
    ), mine AS (
        INSERT INTO cases_presence (case_key, account, seen_at) VALUES (%(case)s, %(me)s, %(now)s)
        ON CONFLICT (case_key, account) DO UPDATE SET seen_at = EXCLUDED.seen_at
    )
    SELECT account FROM cases_presence
    WHERE case_key = %(case)s AND account <> %(me)s AND seen_at >= %(since)s ORDER BY account
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where the case stands, and the accounts of the others who have it open."""

    glance: Glance
    accounts: tuple[int, ...]


def stay(*, number: str, by: Actor, now: datetime) -> Beside:
    """Say that the actor still has this case open; who else has. Raises NotThere (foreign case). Two statements."""
    here = glance(by, number)
    if by.account_id is None:
        return Beside(here, ())
    since = now - timedelta(seconds=SECONDS)
    given: dict[str, int | datetime] = {"case": here.case, "me": by.account_id, "now": now, "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_STAY, given)
        return Beside(here, tuple(account for (account,) in cursor.fetchall()))


def leave(*, number: str, by: Actor) -> None:
    """The actor has closed the case's page. Raises NotThere."""
    here = glance(by, number)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_presence WHERE case_key = %s AND account = %s", [here.case, by.account_id])
