"""Tables of the room switches: the profile in force, the working calendar, scenario switches, retention, the vault.

Accounts are named by id without a foreign key: this room lies below `people`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gezhi.lib.levels import INTERNAL, PERSONAL, SENSITIVE


class ProfileInForce(models.Model):
    """One adoption of a profile; the newest row is in force.

    `name` is a shipped profile's name or a folder, `data` the folder its borrowed outlines lie in (or ""), `digest` the
    SHA-256 (hex) of all its content.
    """

    name = models.CharField(max_length=400)
    data = models.CharField(max_length=400, blank=True, default="")
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()
    by = models.CharField(max_length=80)

    data_level = INTERNAL


class ScenarioSwitch(models.Model):
    """One request to turn a barred-by-default feature on: asked, then approved by another hand or refused, then ended.

    A switch is on between `decided_at` and the earlier of `expires_at` and `ended_at`. Rows are history: never deleted.
    """

    key = models.CharField(max_length=40)
    legal_basis = models.CharField(max_length=500)
    purpose = models.CharField(max_length=500)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approver = models.BigIntegerField(null=True)
    approved = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    data_level = INTERNAL

    class Meta:
        constraints = [
            models.CheckConstraint(name="switch_two_hands", condition=Q(approver=None) | ~Q(approver=F("asked_by"))),
            models.CheckConstraint(name="switch_expires_later", condition=Q(expires_at__gt=F("asked_at"))),
            models.CheckConstraint(
                name="switch_decided_whole",
                condition=Q(approved=None, approver=None, decided_at=None)
                | Q(approved__isnull=False, approver__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(name="switch_founded", condition=~Q(legal_basis="") & ~Q(purpose="")),
            models.UniqueConstraint(
                name="switch_one_at_a_time", fields=["key"], condition=Q(approved=True, ended_at=None)
            ),
            models.UniqueConstraint(
                name="switch_one_request", fields=["key"], condition=Q(approved=None, ended_at=None)
            ),
        ]


class Retention(models.Model):
    """How many days one kind of thing is kept; personal values use their purpose as the kind."""

    kind = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField()

    data_level = INTERNAL

    class Meta:
        constraints = [models.CheckConstraint(name="retention_sensible", condition=Q(days__gte=1, days__lte=36525))]


class CalendarDay(models.Model):
    """One decision about one day of the working calendar; the newest one of a day counts. Rows are history.

    `kind`: off, working (with `shifts` such as “08:00-12:00, 14:00-18:00”; "" for the usual ones), or usual: the
    profile decides again.
    """

    day = models.DateField()
    kind = models.CharField(max_length=10)
    shifts = models.CharField(max_length=200, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    data_level = INTERNAL

    class Meta:
        constraints = [
            models.CheckConstraint(name="calendar_day_kind", condition=Q(kind__in=["off", "working", "usual"])),
            models.CheckConstraint(name="calendar_shifts_of_work", condition=Q(shifts="") | Q(kind="working")),
        ]
        indexes = [models.Index(name="calendar_day", fields=["day", "-id"])]


class SealedFile(models.Model):
    """A file with personal values in it, kept for a while: its key, wrapped by the master key. Without this row nobody
    can read its parts."""

    ref = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    data_level = SENSITIVE

    class Meta:
        indexes = [models.Index(name="sealed_expiry", fields=["expires_at"])]


class SealedPart(models.Model):
    """One piece of a sealed file, numbered from 0: nonce, then ciphertext."""

    file = models.ForeignKey(SealedFile, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.IntegerField()
    ciphertext = models.BinaryField()

    data_level = SENSITIVE
    data_levels = {"ciphertext": PERSONAL}

    class Meta:
        constraints = [models.UniqueConstraint(name="sealed_part_once", fields=["file", "number"])]


class PersonKey(models.Model):
    """The key of one person, wrapped by the master key. Deleting this row makes the person's values unreadable."""

    ref = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    kept_at = models.DateTimeField()

    data_level = SENSITIVE


class VaultValue(models.Model):
    """One personal value, encrypted under its person's key; `blind` finds equal values without reading them."""

    person = models.ForeignKey(PersonKey, on_delete=models.CASCADE, related_name="values")
    field = models.CharField(max_length=20)
    nonce = models.BinaryField()
    ciphertext = models.BinaryField()
    blind = models.BinaryField()
    purpose = models.CharField(max_length=40)
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    data_level = SENSITIVE
    data_levels = {"ciphertext": PERSONAL, "blind": PERSONAL}

    class Meta:
        constraints = [models.UniqueConstraint(name="vault_one_value", fields=["person", "field"])]
        indexes = [
            models.Index(name="vault_blind", fields=["blind"]),
            models.Index(name="vault_expiry", fields=["expires_at"]),
            models.Index(name="vault_purpose", fields=["purpose", "expires_at"]),
        ]
