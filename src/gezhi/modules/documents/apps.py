"""Registers the room with Django under the label `documents`."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room `documents`."""

    name = "gezhi.modules.documents"
    label = "documents"
