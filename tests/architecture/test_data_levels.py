"""Every field of every table says how secret it is, and only the vault holds what is personal."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from gezhi.lib import levels

VAULT = frozenset({"switches.VaultValue", "switches.SealedPart"})


class _Undeclared(models.Model):
    colour = models.CharField(max_length=10)
    shade = models.CharField(max_length=10)

    data_levels = {"colour": "loud", "size": levels.PUBLIC}

    class Meta:
        app_label = "nowhere"
        managed = False


class _Leaking(models.Model):
    phone = models.CharField(max_length=20)

    data_level = levels.INTERNAL
    data_levels = {"phone": levels.PERSONAL}

    class Meta:
        app_label = "nowhere"
        managed = False


def test_every_field_of_every_room_has_a_level() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("gezhi.")]
    assert len(ours) > 5
    assert levels.faults(ours, may_be_personal=VAULT) == []


def test_what_is_wrong_is_said() -> None:
    assert levels.faults([_Undeclared]) == [
        "nowhere._Undeclared declares a level for size, which is not one of its fields.",
        "nowhere._Undeclared.id has no data level.",
        "nowhere._Undeclared.colour has the unknown data level loud.",
        "nowhere._Undeclared.shade has no data level.",
    ]
    assert levels.faults([_Leaking]) == [
        "nowhere._Leaking.phone is personal, but only the vault keeps personal values."
    ]
    assert levels.faults([_Leaking], may_be_personal=frozenset({"nowhere._Leaking"})) == []
