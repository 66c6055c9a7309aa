"""Registers the room with Django under the label `switches`."""

from __future__ import annotations

from django.apps import AppConfig


class SwitchesConfig(AppConfig):
    """The room `switches`."""

    name = "gezhi.modules.switches"
    label = "switches"
