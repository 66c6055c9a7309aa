"""Tables of the advice room: models that were trained, what they suggested for cases, what stood out, what was
warned of, drafts asked for.

A model keeps features and weights, never a text or a person. A suggestion is about a case, never about somebody.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gezhi.lib.levels import INTERNAL, SENSITIVE

CLASS, UNIT = "class", "unit"
ASKED, WRITTEN, FAILED = "asked", "written", "failed"


class TrainedModel(models.Model):
    """A model for one kind of suggestion. `card`: what it was trained on and how it did on cases kept aside. `outcome`:
    whether it went into service, and why not. `content` is empty once it has left service for good."""

    data_level = INTERNAL

    kind = models.CharField(max_length=10)
    trained_at = models.DateTimeField()
    examples = models.IntegerField()
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    catalogue = models.CharField(max_length=64, blank=True, default="")
    card = models.JSONField(default=dict)
    outcome = models.CharField(max_length=20)
    content = models.BinaryField(default=b"")
    in_service = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(in_service=True), name="model_one_in_service"),
            models.CheckConstraint(condition=Q(kind__in=(CLASS, UNIT)), name="model_kind"),
        ]
        indexes = [models.Index(fields=["kind", "-trained_at"], name="model_newest")]


class Suggestion(models.Model):
    """What was suggested for a case before anybody decided. `choices`: [[key, probability, reason], …], best first; for
    units the key is the organisation's id. `had`: the class the case had then; a unit is suggested anew for another."""

    data_level = INTERNAL

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="suggestions")
    kind = models.CharField(max_length=10)
    model = models.ForeignKey(
        TrainedModel, null=True, blank=True, on_delete=models.PROTECT, related_name="suggestions", db_index=False
    )
    had = models.CharField(max_length=61, blank=True, default="")
    choices = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="suggestion_once")]
        indexes = [models.Index(fields=["kind", "-at"], name="suggestion_newest")]


class Sighting(models.Model):
    """What stood out among the cases of a span: clusters, ranked by heat. An empty list means nothing unusual."""

    data_level = INTERNAL

    since = models.DateTimeField()
    until = models.DateTimeField()
    cases = models.IntegerField()
    spots = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="sighting_newest")]


class SpotWarning(models.Model):
    """A cluster that people were warned of, as it was then (a spot of a `Sighting`). `before`: how many cases it had
    when they were last told of it, 0 the first time."""

    data_level = INTERNAL

    spot = models.JSONField()
    before = models.IntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="spot_warning_newest")]


class AssistantDraft(models.Model):
    """A summary or a reply that the writing assistant was asked for: who, about which case, what came of it. The text
    is a draft until a person sends it as their own words; the ledger has only that it was asked for."""

    data_level = INTERNAL
    data_levels = {"text": SENSITIVE}

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assistant_drafts")
    purpose = models.CharField(max_length=10)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=ASKED)
    model_name = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField(blank=True, default="")
    failure = models.CharField(max_length=200, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "asked_by"], condition=Q(state=ASKED), name="draft_one_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=(ASKED, WRITTEN, FAILED)), name="draft_state"),
            models.CheckConstraint(condition=Q(purpose__in=("summary", "reply")), name="draft_purpose"),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="draft_newest")]
