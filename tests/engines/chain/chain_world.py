"""Chains to break: what the chain tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from gezhi.engines.chain import Entry, entry_hash

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(words, plain, max_size=4)
START = datetime(2026, 3, 3, 1, tzinfo=UTC)


def chain_of(subject: str, contents: list[dict[str, Any]]) -> list[Entry]:
    """A sound chain of that subject with these bodies, a minute apart."""
    entries: list[Entry] = []
    prev: bytes | None = None
    for seq, body in enumerate(contents, start=1):
        at, kind, by = START + timedelta(minutes=seq), "case.moved", f"account:{seq}"
        own = entry_hash(prev, subject, seq, at=at, kind=kind, by=by, body=body)
        entries.append(Entry(subject, seq, at, kind, by, body, prev, own))
        prev = own
    return entries


chains = st.lists(bodies, min_size=2, max_size=6).map(lambda contents: chain_of("case:1", contents))
