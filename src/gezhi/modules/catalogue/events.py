"""Kinds of ledger entries this room writes, all on the subject `catalogue`."""

from __future__ import annotations

SUBJECT = "catalogue"
ADOPTED = "catalogue.adopted"
DRAFTED = "catalogue.drafted"
DISCARDED = "catalogue.discarded"
