"""Training, by a nightly job: a new class model on what the desk decided, judged on its latest cases, and put in
service only where it beats the one that serves.

Cases reported after the newest one that the model in service has learned from are kept aside; beside names alone, the
newest tenth. Both models suggest for them, neither having seen one. The winner then learns from all. The card is
written either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gezhi.engines import triage
from gezhi.lib.actor import Actor
from gezhi.modules.advice import events, policies, service
from gezhi.modules.advice.models import CLASS, TrainedModel
from gezhi.modules.cases import lessons
from gezhi.modules.cases.lessons import Lesson
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.ledger import operations as ledger

LEAST = 120  # cases below which names alone do better
MOST = 40_000  # the latest cases that are learned from
KEPT_ASIDE = 0.1
FRESH = 60  # cases newer than what the model in service knows, below which nothing is compared
GAIN = 0.005  # of macro F1: less is noise
KEPT = 2  # models whose content is kept, so that one can be put back
TOO_FEW, TOO_FEW_NEW, NOT_BETTER, IN_SERVICE = "too_few", "too_few_new", "not_better", "in_service"


def train(*, by: Actor, now: datetime) -> int:
    """Train a class model and judge it; the id of its row. Takes up to a minute; raises NotAllowed."""
    policies.check_may_train(by)
    known = {one.key for one in catalogue.in_force().classes}
    told = [one for one in lessons.closed(before=now, most=MOST) if one.klass in known]
    if len(told) < LEAST:
        return _store(None, told, {}, TOO_FEW, by=by, now=now)
    serving = service.serving()
    aside = _aside(told, serving.id if serving else None)
    if len(aside) < min(FRESH, len(told) // 10):
        return _store(None, told, {}, TOO_FEW_NEW, by=by, now=now)
    known_to_both = told[: -len(aside)]
    candidate = _fit(known_to_both, now.date())
    mine = judged(candidate, aside)
    usual = judged(serving.model, aside) if serving is not None else None
    wins = usual is None or triage.better(mine, usual, gain=GAIN).use
    final = _fit(told, now.date()) if wins else None
    shown = final or candidate
    card = {**shown.card.as_plain(), "latest": _plain(mine), "in_service": _plain(usual) if usual else None}
    return _store(final, told, card, IN_SERVICE if wins else NOT_BETTER, by=by, now=now)


def _aside(told: Sequence[Lesson], serving: int | None) -> Sequence[Lesson]:
    """The newest cases, unknown to the model in service; at most half of all."""
    last = TrainedModel.objects.filter(id=serving).values_list("last_at", flat=True).first() if serving else None
    if last is None:
        return told[-max(20, round(len(told) * KEPT_ASIDE)) :]
    fresh = sum(one.at > last for one in told)
    return told[len(told) - min(fresh, len(told) // 2) :]


def _fit(told: Sequence[Lesson], on: date) -> triage.ClassModel:
    return triage.ClassModel.fit(
        [one.words for one in told],
        [one.klass for one in told],
        on=on,
        contexts=[_context(one) for one in told],
        names=service.names(),
    )


def _context(one: Lesson) -> dict[str, str]:
    return service.context(at=one.at, channel=one.channel, areas=one.areas)


def judged(model: triage.ClassModel, told: Sequence[Lesson]) -> triage.Figures:
    """How a model does on these cases."""
    ranked = model.suggest_many([one.words for one in told], [_context(one) for one in told], top=3)
    return triage.figures(
        [one.klass for one in told],
        [[choice.label for choice in choices] for choices in ranked],
        [choices[0].probability if choices else 0.0 for choices in ranked],
    )


def _plain(figures: triage.Figures) -> dict[str, float]:
    return {name: float(getattr(figures, name)) for name in ("n", "accuracy", "macro_f1", "top3", "ece")}


@transaction.atomic
def _store(
    model: triage.ClassModel | None,
    told: Sequence[Lesson],
    card: dict[str, object],
    outcome: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    if model is not None:
        TrainedModel.objects.filter(kind=CLASS, in_service=True).update(in_service=False)
        kept = TrainedModel.objects.filter(kind=CLASS).exclude(content=b"").order_by("-trained_at")
        TrainedModel.objects.filter(id__in=list(kept.values_list("id", flat=True)[KEPT - 1 :])).update(content=b"")
    row = TrainedModel.objects.create(
        kind=CLASS,
        trained_at=now,
        examples=len(told),
        first_at=told[0].at if told else None,
        last_at=told[-1].at if told else None,
        catalogue=catalogue.in_force().digest,
        card=card,
        outcome=outcome,
        content=model.save() if model else b"",
        in_service=model is not None,
    )
    body = {"kind": CLASS, "examples": len(told), "outcome": outcome}
    ledger.append(subject=f"model:{row.id}", kind=events.MODEL_TRAINED, by=by, now=now, body=body)
    transaction.on_commit(service.forget)
    return row.id
