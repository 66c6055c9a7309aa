"""Registers the room with Django under the label `files`."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room `files`."""

    name = "gezhi.modules.files"
    label = "files"
