"""Layers, areas, tenures. Geometry is GeoJSON in CGCS2000 degrees (EPSG:4490); areas have dates of validity.

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


class Layer(models.Model):
    """One way of dividing the same ground: base, exclusive, police, Party…"""

    data_level = PUBLIC

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    position = models.SmallIntegerField(default=0)
    levels = ArrayField(models.CharField(max_length=40), default=list)


class Area(models.Model):
    """A piece of ground. `path` is the ids from the root to this area, itself included."""

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
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "code", "valid_from"], name="area_code_once_a_day"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="area_named"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_dates"),
        ]
        indexes = [GinIndex(fields=["path"], name="area_path")]


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
