"""Registers the jobs door with Django."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The jobs door; when it is ready, listeners are connected."""

    name = "gezhi.interfaces.jobs"
    label = "jobs_door"
