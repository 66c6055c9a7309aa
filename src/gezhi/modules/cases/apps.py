"""Registers the room with Django under the label `cases`."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room `cases`."""

    name = "gezhi.modules.cases"
    label = "cases"
