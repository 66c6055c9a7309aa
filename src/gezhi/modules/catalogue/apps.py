"""Registers the room with Django under the label `catalogue`."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room `catalogue`."""

    name = "gezhi.modules.catalogue"
    label = "catalogue"
