"""Registers the door `admin` with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The door `admin`."""

    name = "gezhi.interfaces.admin"
    label = "admin_door"
