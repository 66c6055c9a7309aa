"""Tables of the room files: one row for each distinct content. What it belongs to is its owner's business.

The name a file had on the sender's phone is not kept: it may say more than the sender meant.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gezhi.lib.levels import INTERNAL, SENSITIVE


class File(models.Model):
    """A stored image, known by the SHA-256 (hex) of its re-encoded content. `size` in bytes, edges in pixels."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)

    data_level = INTERNAL
    data_levels = {"sha256": SENSITIVE}

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_sha256_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="file_has_pixels", condition=Q(width__gt=0, height__gt=0, size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
