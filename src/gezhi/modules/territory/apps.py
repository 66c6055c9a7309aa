"""Registers the room with Django under the label `territory`."""

from __future__ import annotations

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """The room `territory`."""

    name = "gezhi.modules.territory"
    label = "territory"
