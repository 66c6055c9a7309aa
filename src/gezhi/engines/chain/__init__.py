"""Proof that no trace was changed: hash chains, Merkle roots and their signatures.

A pure engine. It says what the hash of an entry is, whether a row of entries still hangs together, whether an entry
belongs to a signed day. It stores nothing, reads no clock and knows no subject.
"""

from gezhi.engines.chain.canonical import CanonicalError, canonical, canonical_text
from gezhi.engines.chain.entries import Break, Entry, Verifier, entry_hash, verify
from gezhi.engines.chain.merkle import Proof, merkle_proof, merkle_root, verify_proof
from gezhi.engines.chain.signing import new_key, public_key, sign_root, verify_root

__all__ = [
    "Break",
    "CanonicalError",
    "Entry",
    "Proof",
    "Verifier",
    "canonical",
    "canonical_text",
    "entry_hash",
    "merkle_proof",
    "merkle_root",
    "new_key",
    "public_key",
    "sign_root",
    "verify",
    "verify_proof",
    "verify_root",
]
