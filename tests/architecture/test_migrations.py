"""Migrations say what the models say, each room has one head, and Django's own checks are silent."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_differs_from_its_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_framework_has_nothing_to_object_to() -> None:
    call_command("check", fail_level="WARNING")
