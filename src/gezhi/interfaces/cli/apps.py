"""Registers the door `cli` with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The door `cli`."""

    name = "gezhi.interfaces.cli"
    label = "cli_door"
