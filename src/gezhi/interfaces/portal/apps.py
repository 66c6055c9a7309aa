"""Registers the door `portal` with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The door `portal`."""

    name = "gezhi.interfaces.portal"
    label = "portal_door"
