"""Layers, areas, tenures; plans to draw areas anew, and the runs that propose them.

Geometry is GeoJSON in CGCS2000 degrees (EPSG:4490); areas have dates of validity. Those in force have no end.

A tenure is person × post × (organisation | area) × dates. Where the post is single, the database itself refuses a
second holder on the same day (exclusion constraint); that needs the post's `single` copied into the row.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from gezhi.lib.levels import INTERNAL, PUBLIC


class Shape(models.TextChoices):
    """What a layer is made of."""

    POLYGON = "polygon", "areas"
    LINE = "line", "road sections"
    POINT = "point", "sites"


class Purpose(models.TextChoices):
    """Somebody answers for each area, or areas are the blocks that others are made of."""

    DUTY = "duty", "duty"
    BLOCKS = "blocks", "blocks"


class Rule(models.TextChoices):
    """How a layer's boundaries lie to those of another one."""

    FREE = "", "free"
    SAME_AS = "same_as", "the same"
    WITHIN = "within", "each within one"
    UNITES = "unites", "each uniting whole ones"


class Layer(models.Model):
    """One way of dividing the same ground: base, exclusive, police, Party, road sections, the blocks of houses…

    Lines and points hold what lies within `reach` metres. `covers`: its areas fill their parent. `rule` says how its
    boundaries lie to those of the layer `rule_layer` (a key).
    """

    data_level = PUBLIC

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    position = models.SmallIntegerField(default=0)
    levels = ArrayField(models.CharField(max_length=40), default=list)
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.POLYGON)
    reach = models.FloatField(null=True, blank=True)
    covers = models.BooleanField(default=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.DUTY)
    rule = models.CharField(max_length=10, choices=Rule.choices, default=Rule.FREE, blank=True)
    rule_layer = models.CharField(max_length=40, blank=True, default="")


class Area(models.Model):
    """A piece of ground. `path` is the ids from the root to this area, itself included.

    A row is an area as it was from one day to another: drawn anew, it ends and another row of the same code begins.
    `kind` is a compound type; `fixes` its own texts of the six fixes (网格六定), where it has any.
    """

    data_level = PUBLIC

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="areas")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    level = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list)
    geometry = models.JSONField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    households = models.IntegerField(null=True, blank=True)
    population = models.IntegerField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True, default="")
    fixes = models.JSONField(default=dict, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "code", "valid_from"], name="area_code_once_a_day"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="area_named"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_dates"),
            models.CheckConstraint(
                condition=(Q(households=None) | Q(households__gte=0)) & (Q(population=None) | Q(population__gte=0)),
                name="area_people_counted",
            ),
            models.UniqueConstraint(
                fields=["layer", "code"], condition=Q(valid_to=None), name="area_code_once_in_force"
            ),
        ]
        indexes = [
            GinIndex(fields=["path"], name="area_path"),
            models.Index(fields=["layer", "level"], condition=Q(valid_to=None), name="area_in_force"),
        ]


class Remit(models.Model):
    """The ground an organisation answers for: a street office and its street."""

    data_level = PUBLIC

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="remits")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="remits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "area"], name="remit_once")]


class Tenure(models.Model):
    """Who holds which post, where, from when to when. Past tenures stay."""

    data_level = INTERNAL

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="tenures")
    post = models.ForeignKey("people.PostKind", on_delete=models.PROTECT, related_name="tenures")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="tenures"
    )
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="tenures")
    rank = models.CharField(max_length=60, blank=True, default="")
    single = models.BooleanField(default=False)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="tenure_single_holder",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (Coalesce("organisation", 0), RangeOperators.EQUAL),
                    (Coalesce("area", 0), RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(single=True),
            ),
            ExclusionConstraint(
                name="tenure_once_a_person",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (Coalesce("organisation", 0), RangeOperators.EQUAL),
                    (Coalesce("area", 0), RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Version(models.Model):
    """One row that changes with every change of areas: how processes know that their index is stale."""

    data_level = INTERNAL

    number = models.BigIntegerField(default=1)


class PlanState(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", "draft"
    SCHEDULED = "scheduled", "scheduled"
    ADOPTED = "adopted", "adopted"
    WITHDRAWN = "withdrawn", "withdrawn"


class Plan(models.Model):
    """A draft of the areas of some levels of a layer inside one area (`scope`), to be adopted on a day.

    `basis` are the ids of the areas that were in force there when it was begun: adopting it replaces exactly these.
    `step` is how many of its steps are done: undoing goes back, redoing forward. `revision` counts every change, so
    that two people at one plan do not overwrite each other. `source`: drawn, file, run, one. `norm`: households a grid,
    by which it is judged. `held_back`: why a plan whose day had come could not be put in force (the refusal's code).
    """

    data_level = INTERNAL

    name = models.CharField(max_length=120)
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="plans")
    scope = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plans")
    levels = ArrayField(models.CharField(max_length=40), default=list)
    basis = ArrayField(models.BigIntegerField(), default=list, blank=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    source = models.CharField(max_length=20, default="drawn")
    norm = models.PositiveIntegerField(default=300)
    step = models.IntegerField(default=0)
    revision = models.IntegerField(default=0)
    created_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="plans")
    created_at = models.DateTimeField()
    effective = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    held_back = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="plan_named"),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "adopted"]) | Q(effective__isnull=False), name="plan_has_its_day"
            ),
        ]


class PlanArea(models.Model):
    """An area of a plan. `key` stays while its outline changes; `origin` is the area in force that it continues;
    `fixes` are the texts that the plan itself sets, over those that its origin has when the plan is adopted."""

    data_level = INTERNAL

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="areas")
    key = models.IntegerField()
    origin = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    code = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    name_en = models.CharField(max_length=160, blank=True, default="")
    level = models.CharField(max_length=40)
    parent_code = models.CharField(max_length=40, blank=True, default="")
    geometry = models.JSONField(null=True, blank=True)
    households = models.IntegerField(null=True, blank=True)
    population = models.IntegerField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True, default="")
    fixes = models.JSONField(default=dict, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_area_once")]


class PlanStep(models.Model):
    """Something done to a plan: the areas it touched as they were and as they became (None where there was none)."""

    data_level = INTERNAL

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    act = models.CharField(max_length=20)
    before = models.JSONField()
    after = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_step_once")]


class RunState(models.TextChoices):
    """Where a districting run stands."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class Run(models.Model):
    """A districting run over the blocks of one area: options in, progress while it works, proposals out; `notes` are
    what came of single communities."""

    data_level = INTERNAL

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="runs")
    scope = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="runs")
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.QUEUED)
    progress = models.FloatField(default=0.0)
    message = models.CharField(max_length=300, blank=True, default="")
    proposals = models.JSONField(default=list)
    notes = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="runs")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__gte=0) & Q(progress__lte=1), name="run_progress_share")
        ]
