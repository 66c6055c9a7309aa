"""The chain shows every change, removal, insertion and swap, and says where."""

from __future__ import annotations

import json
import timeit
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from chain_world import START, chain_of, chains
from hypothesis import given
from hypothesis import strategies as st

from gezhi.engines.chain import Entry, Verifier, entry_hash, verify

BODY = {"moved": "accept", "from": "reported", "words": "井盖破损", "area": 12, "path": [1, 2, 3], "late": False}


def heads(entries: list[Entry]) -> dict[str, tuple[int, bytes]]:
    return {entry.subject: (entry.seq, entry.hash) for entry in entries}


def test_the_hash_can_be_made_without_this_code() -> None:
    written = {
        **{"at": "2026-03-03T01:00:00.000000Z", "body": {"words": "井盖"}, "by": "account:1", "kind": "case.reported"},
        **{"prev": "00" * 32, "seq": 2, "subject": "case:1", "v": 1},
    }
    text = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    made = entry_hash(bytes(32), "case:1", 2, at=START, kind="case.reported", by="account:1", body={"words": "井盖"})
    assert made == sha256(text.encode()).digest()
    assert made.hex() == "b6088158491ee5d5241169dbfd795e2fe1e6c1e5d5ca952a06952a2969f50eb6"


@given(chains)
def test_a_sound_chain_holds(entries: list[Entry]) -> None:
    assert verify(entries) == []
    assert verify(entries, heads(entries)) == []


@given(chains, st.data())
def test_any_change_of_any_field_shows(entries: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[index]
    changed = data.draw(
        st.sampled_from(
            [
                replace(entry, at=entry.at + timedelta(microseconds=1)),
                replace(entry, kind=entry.kind + "x"),
                replace(entry, by="account:999"),
                replace(entry, body={**entry.body, "more": 1}),
                replace(entry, prev=bytes(32)),
                replace(entry, hash=bytes(32)),
                replace(entry, seq=entry.seq + 1),
                replace(entry, subject="case:2"),
            ]
        )
    )
    assert verify([*entries[:index], changed, *entries[index + 1 :]], heads(entries))


@given(chains, st.data())
def test_an_entry_changed_and_hashed_anew_shows_at_the_next_one(entries: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 2))
    entry = entries[index]
    body = {**entry.body, "more": 1}
    own = entry_hash(entry.prev, entry.subject, entry.seq, at=entry.at, kind=entry.kind, by=entry.by, body=body)
    forged = [*entries[:index], replace(entry, body=body, hash=own), *entries[index + 1 :]]
    assert [(found.fault, found.seq) for found in verify(forged)] == [("unlinked", entry.seq + 1)]


@given(chains, st.data())
def test_any_removal_shows(entries: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    found = verify([*entries[:index], *entries[index + 1 :]], heads(entries))
    assert [fault.fault for fault in found] == ["cut" if index == len(entries) - 1 else "missing"]


@given(chains, st.data())
def test_any_other_order_shows(entries: list[Entry], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(entries))
    assert bool(verify(shuffled)) == (shuffled != entries)


@given(chains, st.data())
def test_a_repeated_entry_shows(entries: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    assert "repeated" in {found.fault for found in verify([*entries[: index + 1], *entries[index:]])}


@given(chains, st.data())
def test_subjects_may_be_mixed(entries: list[Entry], data: st.DataObject) -> None:
    other = chain_of("case:2", [{}, {"a": 1}])
    mixed: list[Entry] = []
    left, right = list(entries), list(other)
    while left or right:
        take = left if not right or (left and data.draw(st.booleans())) else right
        mixed.append(take.pop(0))
    assert verify(mixed, heads(entries) | heads(other)) == []


def test_a_whole_subject_that_is_gone_shows_against_the_heads() -> None:
    one, two = chain_of("case:1", [{}]), chain_of("case:2", [{}])
    found = verify(one, heads(one) | heads(two))
    assert [(f.subject, f.fault, f.sentence) for f in found] == [
        ("case:2", "cut", "The trace of case:2 ends at 0; it had reached 1.")
    ]


def test_a_chain_written_anew_shows_against_the_heads() -> None:
    kept, other = chain_of("case:1", [{}, {"a": 1}]), chain_of("case:1", [{}, {"a": 2}])
    assert [f.fault for f in verify(other, heads(kept))] == ["changed"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("first", "Entry 1 of case:1 is the first, yet it names one before it."),
        ("changed", "Entry 1 of case:1 was changed after it was written."),
        ("missing", "Entry 4 of case:1 follows a gap: 1 to 3 missing."),
        (
            "unreadable",
            "Entry 1 of case:1 cannot be read: “body.a” is the float 0.5; write a Decimal, a string or an integer.",
        ),
    ],
)
def test_breaks_are_told_in_sentences(fault: str, sentence: str) -> None:
    entry = chain_of("case:1", [{}])[0]
    broken = {
        "first": replace(entry, prev=bytes(32)),
        "changed": replace(entry, body={"a": 1}),
        "missing": replace(entry, seq=4),
        "unreadable": replace(entry, body={"a": 0.5}),
    }
    assert (fault, sentence) in [(found.fault, found.sentence) for found in verify([broken[fault]])]


def test_one_fault_is_told_once_and_the_rest_still_checked() -> None:
    entries = chain_of("case:1", [{"n": n} for n in range(6)])
    entries[1] = replace(entries[1], body={"n": 9})
    entries[4] = replace(entries[4], by="account:0")
    verifier = Verifier()
    assert [found.seq for entry in entries for found in verifier.check(entry)] == [2, 5]
    assert verifier.entries == 6


def test_hashing_is_quick() -> None:
    def once() -> None:
        entry_hash(bytes(32), "case:1", 7, at=START, kind="case.moved", by="account:12", body=BODY)

    best = min(timeit.repeat(once, number=2000, repeat=5)) / 2000
    assert best < 40e-6  # about 15 µs on a quiet core (the bar: 20 µs), doubled for a busy one
