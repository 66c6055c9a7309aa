"""How long things are kept: a number of days for each kind, with lawful defaults where nobody has set one.

Rooms that delete by age ask `days`; the vault stamps the end on each value when it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import events, policies
from gezhi.modules.switches.models import Retention, VaultValue

OTHERWISE = 365  # days, for a kind without a default


@dataclass(frozen=True, slots=True)
class Kept:
    """What the security administrator sees: kind, title, days in force, and whether somebody set them."""

    kind: str
    title: Promise | str
    days: int
    chosen: bool


DEFAULTS: Mapping[str, tuple[Promise | str, int]] = {
    "case": (_("Reporter's name and phone"), 3 * 365),
    "notices": (_("Notices"), 180),
}


def days(kind: str) -> int:
    """Days in force for this kind; one statement, written out because every report with a name asks it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT days FROM switches_retention WHERE kind = %s", [kind])
        chosen = cursor.fetchone()
    return int(chosen[0]) if chosen else _default(kind)[1]


def listed() -> list[Kept]:
    """All kinds that have a default or were set, in order of kind."""
    chosen = dict(Retention.objects.values_list("kind", "days"))
    return [
        Kept(kind, _default(kind)[0], chosen.get(kind, _default(kind)[1]), kind in chosen)
        for kind in sorted({*DEFAULTS, *chosen})
    ]


@transaction.atomic
def set_days(*, kind: str, days: int, by: Actor, now: datetime) -> None:
    """Keep this kind for so many days (1 to 36,525) from now on; personal values kept already may only go sooner.

    Raises NotAllowed, BadInput.
    """
    policies.check_may_set_retention(by)
    if not 1 <= days <= 36_525:
        raise BadInput(_("Between 1 and 36,525 days."), field="days")
    if not kind or len(kind) > 40:
        raise BadInput(_("There is no such kind."), field="kind")
    Retention.objects.update_or_create(kind=kind, defaults={"days": days})
    sooner = Least(F("expires_at"), F("kept_at") + timedelta(days=days))
    VaultValue.objects.filter(purpose=kind).update(expires_at=sooner)
    ledger.append(subject=f"retention:{kind}", kind=events.RETENTION_SET, by=by, now=now, body={"days": days})


def _default(kind: str) -> tuple[Promise | str, int]:
    return DEFAULTS.get(kind, (kind, OTHERWISE))
