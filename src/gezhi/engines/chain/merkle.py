"""The Merkle tree of a day's entry hashes: one 32-byte root stands for all of them.

Source: RFC 6962 section 2.1 (leaf = SHA-256(0x00 ‖ hash), node = SHA-256(0x01 ‖ left ‖ right), split at the largest
power of two; the root of no entries is SHA-256 of nothing). A proof shows that one entry was among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Proof:
    """Entry number `index` of `size`, and the hashes beside its way to the root, from the leaf up."""

    index: int
    size: int
    path: tuple[bytes, ...]


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes in their order."""
    level = [_leaf(value) for value in hashes]
    while len(level) > 1:
        level = _parents(level)
    return level[0] if level else sha256(b"").digest()


def merkle_proof(hashes: Sequence[bytes], index: int) -> Proof:
    """The proof for the hash at `index`. Raises IndexError."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"There is no entry {index} among {len(hashes)}.")
    path, at = [], index
    level = [_leaf(value) for value in hashes]
    while len(level) > 1:
        if at ^ 1 < len(level):
            path.append(level[at ^ 1])
        level, at = _parents(level), at // 2
    return Proof(index, len(hashes), tuple(path))


def verify_proof(root: bytes, value: bytes, proof: Proof) -> bool:
    """Was `value` entry number `proof.index` of the `proof.size` entries under this root?"""
    if not 0 <= proof.index < proof.size:
        return False
    at, last, node = proof.index, proof.size - 1, _leaf(value)
    beside = iter(proof.path)
    while last > 0:
        if at ^ 1 <= last:
            other = next(beside, None)
            if other is None:
                return False
            node = _node(other, node) if at & 1 else _node(node, other)
        at, last = at // 2, last // 2
    return node == root and next(beside, None) is None


def _parents(level: list[bytes]) -> list[bytes]:
    """One level up; an odd last one goes up as it is (which is RFC 6962's split)."""
    paired = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
    return [*paired, level[-1]] if len(level) % 2 else paired


def _leaf(value: bytes) -> bytes:
    return sha256(b"\x00" + value).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
