"""Addresses under /api/. What is not there is refused as JSON too."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gezhi.interfaces.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", api.urls)]
