"""Tables of the command room: dispatch meetings with agenda, attendance, decisions; special operations.

A decision is a case of its own (procedure `decision`); here stands only which meeting made it and for what. A special
operation is called `Campaign`, because operations are what rooms do. What people write is in columns that can be
emptied; the ledger holds its hash.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from gezhi.lib.levels import INTERNAL, SENSITIVE

PLANNED, HELD, CLOSED, CALLED_OFF = "planned", "held", "closed", "called_off"
STATES = (PLANNED, HELD, CLOSED, CALLED_OFF)


class Meeting(models.Model):
    """One dispatch meeting. `number` counts them; `series_on` is the evening of the weekly series that it stands for,
    so that each evening gets one. `held` until the minutes are closed."""

    data_level = INTERNAL
    data_levels = {"minutes": SENSITIVE, "words": SENSITIVE}

    number = models.IntegerField(unique=True)
    title = models.CharField(max_length=120, blank=True, default="")
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True, default="")
    series_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default=PLANNED)
    chair = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="meetings", db_index=False
    )
    minutes = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")  # why it was called off
    composed_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series_on"],
                condition=Q(series_on__isnull=False) & ~Q(state=CALLED_OFF),
                name="meeting_once_an_evening",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="meeting_state"),
            models.CheckConstraint(
                condition=Q(state__in=(PLANNED, CALLED_OFF)) | Q(held_at__isnull=False, chair__isnull=False),
                name="meeting_held_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state=CLOSED) | Q(closed_at__isnull=False), name="meeting_closed_at"),
        ]
        indexes = [models.Index(fields=["-planned_at", "-id"], name="meeting_newest")]


class AgendaItem(models.Model):
    """A point of the agenda: a case with the reasons it is there for, or a topic in words. `overdue` (hours) and
    `rework` say how it stood when it came on. One that was dropped stays, so that composing again does not bring it
    back, and can be taken up again."""

    data_level = INTERNAL
    data_levels = {"topic": SENSITIVE, "words": SENSITIVE}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.IntegerField()
    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items")
    topic = models.CharField(max_length=300, blank=True, default="")
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    overdue = models.IntegerField(null=True, blank=True)
    rework = models.SmallIntegerField(default=0)
    words = models.TextField(blank=True, default="")  # what was said
    dropped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="agenda_case_once"),
            models.CheckConstraint(condition=Q(case__isnull=False) | ~Q(topic=""), name="agenda_item_about_something"),
        ]
        indexes = [models.Index(fields=["meeting", "position"], name="agenda_order")]


class Attendance(models.Model):
    """A unit that was at a meeting."""

    data_level = INTERNAL

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="attendance", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "organisation"], name="attendance_once")]


class Decision(models.Model):
    """What a meeting decided on a point of its agenda: the case that carries it. `key`: of the form it was entered in,
    so that a second sending of it is known."""

    data_level = INTERNAL

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="decision")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "key"], name="decision_key_once")]


class Campaign(models.Model):
    """A special operation. `areas` are ids of areas, `classes` keys of classes, `majors` keys of major classes
    (`kind:code`); none of both is every class. `report`: its figures as they stood when it was closed."""

    data_level = INTERNAL
    data_levels = {"purpose": SENSITIVE, "closing": SENSITIVE}

    name = models.CharField(max_length=80)
    purpose = models.TextField()
    areas = ArrayField(models.BigIntegerField(), default=list)
    classes = ArrayField(models.CharField(max_length=61), default=list, blank=True)
    majors = ArrayField(models.CharField(max_length=90), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    closing = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="campaign_period"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="campaign_named"),
            models.CheckConstraint(condition=~Q(areas=[]), name="campaign_somewhere"),
            models.CheckConstraint(
                condition=Q(closed_at=None, report=None) | (Q(closed_at__isnull=False, report__isnull=False)),
                name="campaign_closed_with_report",
            ),
            ExclusionConstraint(
                name="campaign_name_at_a_time",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="campaign_newest")]


class Team(models.Model):
    """A unit that takes part in a special operation; one of them leads."""

    data_level = INTERNAL

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="teams")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="campaign_teams", db_index=False
    )
    lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="team_once"),
            models.UniqueConstraint(fields=["campaign"], condition=Q(lead=True), name="team_one_lead"),
        ]


class CampaignCase(models.Model):
    """A case put into a special operation by hand, or left out of it (`belongs` False) though its scope holds it."""

    data_level = INTERNAL

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="by_hand")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="campaigns")
    belongs = models.BooleanField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "case"], name="campaign_case_once")]
