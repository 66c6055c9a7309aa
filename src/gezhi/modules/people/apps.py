"""Registers the room with Django under the label `people`."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people`."""

    name = "gezhi.modules.people"
    label = "people"
