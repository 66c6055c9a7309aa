"""Signing a day: Ed25519 (RFC 8032) over the canonical JSON of {day, entries, root, v}.

Keys are the raw 32 bytes. Where a key is kept and who may use it is not decided here.
"""

from __future__ import annotations

from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gezhi.engines.chain.canonical import canonical

VERSION = 1


def new_key() -> bytes:
    """A fresh private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """The public key (32 bytes) that belongs to a private one. ValueError when it is not a key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign_root(private: bytes, root: bytes, *, day: date, entries: int) -> bytes:
    """The signature (64 bytes) over the root of a day that has so many entries."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(_message(root, day, entries))


def verify_root(public: bytes, signature: bytes, root: bytes, *, day: date, entries: int) -> bool:
    """Is this the signature over this root, day and number of entries?"""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(root, day, entries))
    except InvalidSignature:
        return False
    return True


def _message(root: bytes, day: date, entries: int) -> bytes:
    return canonical({"day": day, "entries": entries, "root": root.hex(), "v": VERSION})
