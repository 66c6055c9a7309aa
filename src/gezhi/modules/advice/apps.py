"""Registers the room with Django under the label `advice`."""

from __future__ import annotations

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """The room `advice`."""

    name = "gezhi.modules.advice"
    label = "advice"
