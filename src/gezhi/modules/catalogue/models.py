"""Catalogues and their classes. A class is never changed in place once cases refer to it: a changed catalogue is a
new version, and a case keeps the class (code and name) of its day.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gezhi.lib.levels import INTERNAL, PUBLIC


class Catalogue(models.Model):
    """One version of one standard, e.g. GB/T 47678.5-2026 with a city's extensions. One is in force.

    `profile_digest` is the digest of the profile's catalogue it descends from: its own where it came from a profile, a
    different one where it was changed in the product, "" where it owes nothing to a profile.
    """

    data_level = PUBLIC

    standard = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    adopted_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)
    profile_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="catalogue_one_in_force")
        ]


class Class(models.Model):
    """A sub-class: component (部件) or matter (事件), with its conditions in words and its limit."""

    data_level = PUBLIC

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="classes")
    key = models.CharField(max_length=61)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True, default="")
    major_code = models.CharField(max_length=60)
    major = models.CharField(max_length=120)
    major_en = models.CharField(max_length=200, blank=True, default="")
    filing = models.TextField(blank=True, default="")
    closing = models.TextField(blank=True, default="")
    limit = models.CharField(max_length=40)
    conditions = models.JSONField(default=list, blank=True)
    unit_kind = models.CharField(max_length=60, blank=True, default="")
    supervisor_kind = models.CharField(max_length=60, blank=True, default="")
    grid = models.CharField(max_length=20, blank=True, default="")
    basis = models.TextField(blank=True, default="")
    local = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "key"], name="class_key_once"),
            models.UniqueConstraint(fields=["catalogue", "kind", "code"], name="class_code_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(limit=""), name="class_named"),
            models.CheckConstraint(
                condition=Q(supervisor_kind="") | ~Q(supervisor_kind=models.F("unit_kind")), name="class_two_hands"
            ),
        ]
        indexes = [models.Index(fields=["key"], name="class_by_key")]


class Draft(models.Model):
    """A catalogue somebody wants to put in force: its differences are looked at first. Gone once decided.

    `origin`: table, standard or version; `note` says which (a file's name, a standard, a version's number).
    """

    data_level = INTERNAL

    standard = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    rows = models.JSONField()
    origin = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
