"""How suggestions did with the people at the desk: how often the first, or one of the first three, is what they
decided.

Counted from what was suggested before anybody decided and what stands in the case now; figures of a model, never of the
persons who decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from gezhi.lib.actor import Actor
from gezhi.lib.briefly import Briefly
from gezhi.modules.advice import policies
from gezhi.modules.advice.models import CLASS, UNIT, TrainedModel
from gezhi.modules.catalogue import queries as catalogue

CARDS = 20
__all__ = ["CLASS", "UNIT", "Card", "ClassError", "Rates", "cards", "rates"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Of `decided` suggestions of a kind: `first` were taken as they were first said, `third` were among three, the
    rest `corrected`."""

    kind: str
    decided: int
    first: int
    third: int

    @property
    def corrected(self) -> int:
        """Decided otherwise than first said."""
        return self.decided - self.first


@dataclass(frozen=True, slots=True)
class ClassError:
    """One class on the cases kept aside; shares from 0 to 1. `taken_for`: (name, count)."""

    name: str
    n: int
    precision: float
    recall: float
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A model as people must know it. `held_out` and `latest` are figures by name, `rival` those of the model that was
    in service, on the same cases as `latest`."""

    id: int
    trained_at: datetime
    examples: int
    first_at: datetime | None
    last_at: datetime | None
    outcome: str
    in_service: bool
    held_out: dict[str, float] | None
    latest: dict[str, float] | None
    rival: dict[str, float] | None
    errors: tuple[ClassError, ...]


_kept: Briefly[date, tuple[Rates, ...]] = Briefly(300.0)
_RATES = {
    CLASS: """
        SELECT count(*), count(*) FILTER (WHERE s.choices->0->>0 = k.key),
            count(*) FILTER (WHERE k.key IN (s.choices->0->>0, s.choices->1->>0, s.choices->2->>0))
        FROM advice_suggestion s JOIN cases_case c ON c.id = s.case_id JOIN catalogue_class k ON k.id = c.klass_id
        WHERE s.kind = 'class' AND s.had = '' AND s.at >= %s AND c.unit_id IS NOT NULL
    """,
    UNIT: """
        SELECT count(*), count(*) FILTER (WHERE s.choices->0->>0 = c.unit_id::text),
            count(*) FILTER (WHERE c.unit_id::text IN (s.choices->0->>0, s.choices->1->>0, s.choices->2->>0))
        FROM advice_suggestion s JOIN cases_case c ON c.id = s.case_id
        WHERE s.kind = 'unit' AND s.at >= %s AND c.unit_id IS NOT NULL AND s.choices <> '[]'
    """,
}


def rates(by: Actor, *, since: datetime) -> tuple[Rates, ...]:
    """How suggestions made since a moment did, of cases that have been dispatched. Raises NotAllowed. Two queries
    in five minutes."""
    policies.check_may_see_models(by)
    return _kept.get(since.date(), lambda: _counted(since))


def _counted(since: datetime) -> tuple[Rates, ...]:
    found = []
    with connection.cursor() as cursor:
        for kind, sql in _RATES.items():
            cursor.execute(sql, [since])
            found.append(Rates(kind, *cursor.fetchone()))
    return tuple(found)


def forget() -> None:
    """Count anew."""
    _kept.forget()


def cards(by: Actor) -> list[Card]:
    """The models trained last, the newest first. Raises NotAllowed. One query."""
    policies.check_may_see_models(by)
    rows = TrainedModel.objects.filter(kind=CLASS).defer("content").order_by("-trained_at")[:CARDS]
    return [_card(row) for row in rows]


def _card(row: TrainedModel) -> Card:
    said: dict[str, Any] = row.card
    return Card(
        id=row.id,
        trained_at=row.trained_at,
        examples=row.examples,
        first_at=row.first_at,
        last_at=row.last_at,
        outcome=row.outcome,
        in_service=row.in_service,
        held_out=said.get("held_out"),
        latest=said.get("latest"),
        rival=said.get("in_service"),
        errors=tuple(_error(one) for one in said.get("errors", ())),
    )


def _error(one: dict[str, Any]) -> ClassError:
    taken = tuple((_name(str(key)), int(count)) for key, count in one["taken_for"])
    return ClassError(_name(str(one["label"])), one["n"], one["precision"], one["recall"], taken)


def _name(key: str) -> str:
    fact = catalogue.in_force().by_key.get(key)
    return fact.name if fact else key
