"""Tables of the ledger. `ledger_entry` is partitioned by month of `at` and nobody holds a foreign key into it; the
database itself refuses update, delete and truncate (migration 0001).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One thing done to one subject. `body` holds references and facts, never a personal value."""

    data_level: ClassVar[str] = "internal"

    pk = models.CompositePrimaryKey("subject", "seq", "at")
    id = models.BigIntegerField(db_default=models.Value(0), editable=False)
    subject = models.CharField(max_length=80)
    seq = models.IntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by = models.CharField(max_length=80)
    body = models.JSONField()
    prev = models.BinaryField(null=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_entry"
        managed = False


class Root(models.Model):
    """A signed Merkle root over the entries `first_id`..`last_id` (in order of id)."""

    data_level: ClassVar[str] = "internal"

    day = models.DateField()
    at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    root = models.BinaryField()
    signature = models.BinaryField()
    public_key = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last_id__gte=models.F("first_id")), name="root_range_forward")
        ]
        ordering: ClassVar = ["last_id"]
