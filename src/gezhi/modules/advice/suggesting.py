"""Suggestions for open cases, made by a job as they come in and kept, so that it is known what was said before anybody
decided. The unit is suggested once the class is there.

Unit suggestions stand on a history of dispatches that only the job's process keeps; it is read again when it is an hour
old. Which level of likeness counts is chosen from the history itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from gezhi.engines import triage
from gezhi.lib.briefly import Briefly
from gezhi.modules.advice import service
from gezhi.modules.advice.models import CLASS, UNIT, Suggestion
from gezhi.modules.cases import lessons, rules
from gezhi.modules.switches import queries as switches

BATCH = 500
DAYS = 14  # cases that came in before wait for nothing any more
TOP = 5
UNITS = 3
SENDINGS = 8_000  # the latest dispatches that are looked back at
LIKENESS = (
    ("class",), ("street",), ("community",), ("class", "street"), ("class", "community"),
    ("class", "channel"), ("street", "channel"),
)  # fmt: skip

_histories: Briefly[str, triage.UnitHistory] = Briefly(3600.0)


def suggest(*, now: datetime) -> int:
    """Suggest for open events that have no suggestion yet, a class and then a unit; how many were made."""
    return _classes(now) + _units(now)


def _waiting(kind: str, now: datetime, more: str, known: str = "TRUE") -> list[int]:
    """Open events of the last weeks that nobody was sent to and that have no suggestion of this kind."""
    sql = f"""SELECT c.id FROM cases_case c LEFT JOIN catalogue_class k ON k.id = c.klass_id
        WHERE c.reported_at > %s AND NOT c.ended AND c.matter = %s AND c.unit_id IS NULL AND {more}
        AND NOT EXISTS (SELECT FROM advice_suggestion s WHERE s.case_id = c.id AND s.kind = %s AND {known})
        ORDER BY c.reported_at DESC LIMIT %s"""  # noqa: S608 (words of our own)
    with connection.cursor() as cursor:
        cursor.execute(sql, [now - timedelta(days=DAYS), rules.EVENT, kind, BATCH])
        return [row[0] for row in cursor.fetchall()]


def _classes(now: datetime) -> int:
    serving = service.serving()
    told = lessons.those(_waiting(CLASS, now, "c.words <> ''")) if serving else []
    if serving is None or not told:
        return 0
    contexts = [service.context(at=one.at, channel=one.channel, areas=one.areas) for one in told]
    ranked = serving.model.suggest_many([one.words for one in told], contexts, top=TOP)
    _keep(
        [
            Suggestion(
                case_id=one.case,
                kind=CLASS,
                model_id=serving.id,
                had=one.klass,
                at=now,
                choices=[[choice.label, round(choice.probability, 4), None] for choice in choices],
            )
            for one, choices in zip(told, ranked, strict=True)
        ]
    )
    return len(told)


def _units(now: datetime) -> int:
    told = lessons.those(_waiting(UNIT, now, "c.klass_id IS NOT NULL", "s.had = k.key"))
    if not told:
        return 0
    zone = ZoneInfo(switches.profile().zone)
    history = _histories.get(zone.key, lambda: _history(now, zone))
    facts = [_facts(one.klass, one.channel, one.areas) for one in told]
    ranked = history.suggest_many(facts, on=now.astimezone(zone).date(), top=UNITS)
    _keep(
        [
            Suggestion(
                case_id=one.case, kind=UNIT, had=one.klass, at=now, choices=[_choice(choice) for choice in choices]
            )
            for one, choices in zip(told, ranked, strict=True)
        ]
    )
    return len(told)


def _choice(choice: triage.UnitSuggestion) -> list[object]:
    why = choice.reason
    said = {"alike": dict(why.alike), "accepted": why.accepted, "of": why.of, "returned": why.returned}
    return [choice.unit, round(choice.probability, 4), said]


def _history(now: datetime, zone: ZoneInfo) -> triage.UnitHistory:
    history = triage.UnitHistory(LIKENESS)
    history.learn(
        triage.Dispatch(
            one.at.astimezone(zone).date(), _facts(one.klass, one.channel, one.areas), str(one.unit), one.returned
        )
        for one in lessons.sendings(before=now, most=SENDINGS)
    )
    return history


def _facts(klass: str, channel: str, areas: Sequence[int]) -> dict[str, str]:
    return {"class": klass, "channel": channel, **service.places(areas)}


def _keep(rows: Sequence[Suggestion]) -> None:
    """The newest suggestion of a kind stands."""
    Suggestion.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "kind"], update_fields=["had", "choices", "at", "model"]
    )


def forget() -> None:
    """Read the history of dispatches again."""
    _histories.forget()
