"""Registers the door `api` with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The door `api`."""

    name = "gezhi.interfaces.api"
    label = "api_door"
