"""Registers the room with Django under the label `notices`."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room `notices`."""

    name = "gezhi.modules.notices"
    label = "notices"
