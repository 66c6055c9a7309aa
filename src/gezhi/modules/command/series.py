"""The weekly meeting: which evening, and what its agenda is drafted by. All of it from the settings of the procedure
`decision`, which a city may set otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import Unavailable
from gezhi.lib.texts import Text
from gezhi.modules.cases import agenda, rules
from gezhi.modules.switches import queries as switches


@dataclass(frozen=True, slots=True)
class Series:
    """`weekday`: 1 is Monday. `composed_at`: at this hour of the day before, the agenda drafts itself. `most`: so many
    cases of one reason."""

    weekday: int
    at: time
    place: Text
    composed_at: time
    overdue: timedelta
    rework: int
    most: int
    zone: ZoneInfo

    def next_evening(self, now: datetime) -> datetime:
        """When the next meeting of the series is."""
        local = now.astimezone(self.zone)
        day = local.date() + timedelta(days=(self.weekday - local.isoweekday()) % 7)
        evening = datetime.combine(day, self.at, tzinfo=self.zone)
        return evening if evening > now else datetime.combine(day + timedelta(days=7), self.at, tzinfo=self.zone)

    def drafts_now(self, now: datetime) -> datetime | None:
        """The evening whose agenda is to be drafted by itself now: from the hour of the day before until it begins."""
        evening = self.next_evening(now)
        begin = datetime.combine(evening.date() - timedelta(days=1), self.composed_at, tzinfo=self.zone)
        return evening if begin <= now else None


def in_force() -> Series:
    """The series of the profile in force. Raises Unavailable where it cannot be read, or where there is none."""
    settings = rules.procedure(rules.in_force(agenda.DECISION)).settings
    try:
        found = Series(
            weekday=int(settings["weekday"]),
            at=time.fromisoformat(str(settings["at"])),
            place=settings["place"],
            composed_at=time.fromisoformat(str(settings["composed_at"])),
            overdue=timedelta(days=int(settings["overdue_days"])),
            rework=int(settings["rework_at_least"]),
            most=min(int(settings["agenda_most"]), 100),
            zone=ZoneInfo(switches.profile().zone),
        )
    except (KeyError, ValueError, TypeError) as wrong:
        raise Unavailable(
            _("The weekly meeting cannot be read from the settings of the procedure “decision”.")
        ) from wrong
    if not 1 <= found.weekday <= 7:
        raise Unavailable(_("The weekly meeting cannot be read from the settings of the procedure “decision”."))
    return found
