"""Registers the room with Django under the label `command`."""

from __future__ import annotations

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """The room `command`."""

    name = "gezhi.modules.command"
    label = "command"
