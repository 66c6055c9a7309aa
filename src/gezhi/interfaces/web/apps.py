"""Registers the door `web` with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The door `web`."""

    name = "gezhi.interfaces.web"
    label = "web_door"
