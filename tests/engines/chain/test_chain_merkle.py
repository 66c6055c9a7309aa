"""The day's root: proofs hold for what was in it and for nothing else; signatures bind root, day and number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gezhi.engines.chain import (
    merkle_proof,
    merkle_root,
    new_key,
    public_key,
    sign_root,
    verify_proof,
    verify_root,
)

digests = st.lists(st.integers(0, 10**6).map(lambda n: sha256(str(n).encode()).digest()), min_size=1, max_size=40)
DAY = date(2026, 3, 3)


def rfc6962(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + rfc6962(leaves[:split]) + rfc6962(leaves[split:])).digest()


@given(digests)
def test_the_root_is_that_of_rfc_6962(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == rfc6962(leaves)


def test_the_root_of_an_empty_day() -> None:
    assert merkle_root([]) == sha256(b"").digest()
    with pytest.raises(IndexError, match="no entry 0 among 0"):
        merkle_proof([], 0)


@given(digests)
def test_every_entry_can_be_proved(leaves: list[bytes]) -> None:
    root = merkle_root(leaves)
    assert all(verify_proof(root, leaf, merkle_proof(leaves, index)) for index, leaf in enumerate(leaves))


@given(digests, st.data())
def test_nothing_else_can(leaves: list[bytes], data: st.DataObject) -> None:
    root, index = merkle_root(leaves), data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle_proof(leaves, index)
    assert not verify_proof(root, sha256(b"another").digest(), proof)
    assert not verify_proof(root, leaves[index], replace(proof, path=(*proof.path, root)))
    assert not verify_proof(root, leaves[index], replace(proof, index=proof.size))
    assert not verify_proof(sha256(b"root").digest(), leaves[index], proof)
    if proof.path:
        assert not verify_proof(root, leaves[index], replace(proof, path=proof.path[:-1]))
    other = data.draw(st.integers(0, len(leaves) - 1))
    assume(leaves[other] != leaves[index])
    assert not verify_proof(root, leaves[other], proof)


@given(digests, st.data())
def test_any_change_removal_or_swap_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root = merkle_root(leaves)
    assert merkle_root(leaves[:index] + leaves[index + 1 :]) != root
    assert merkle_root([*leaves[:index], bytes(32), *leaves[index + 1 :]]) != root
    assert merkle_root([*leaves, leaves[-1]]) != root
    shuffled = data.draw(st.permutations(leaves))
    assert (merkle_root(shuffled) == root) == (shuffled == leaves)


def test_a_signature_binds_root_day_and_number() -> None:
    key, root = new_key(), merkle_root([bytes(32)])
    public = public_key(key)
    signature = sign_root(key, root, day=DAY, entries=1)
    assert verify_root(public, signature, root, day=DAY, entries=1)
    assert not verify_root(public, signature, bytes(32), day=DAY, entries=1)
    assert not verify_root(public, signature, root, day=date(2026, 3, 4), entries=1)
    assert not verify_root(public, signature, root, day=DAY, entries=2)
    assert not verify_root(public, signature[:-1] + bytes([signature[-1] ^ 1]), root, day=DAY, entries=1)
    assert not verify_root(public_key(new_key()), signature, root, day=DAY, entries=1)


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        public_key(b"short")
