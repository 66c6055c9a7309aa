"""No kinds of ledger entries: a notice is the echo of an entry that another room wrote in the same transaction."""

from __future__ import annotations
