"""Kinds of ledger entries this room writes. Subject: `file:<sha256>`."""

from __future__ import annotations

STORED = "file.stored"
