"""The vault's cryptography: nothing here touches the database.

From the master key (settings.GEZHI_VAULT_KEY, 32 bytes in base64) HKDF-SHA256 derives one key that wraps the keys of
persons and one that blinds values for look-up. Each person has an own random 256-bit key; each value is AES-256-GCM
under it, bound to person and field, so that a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import Unavailable

NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The two derived keys, 32 bytes each."""

    wrapping: bytes
    blinding: bytes


@lru_cache(maxsize=4)
def _derive(encoded: str) -> MasterKeys:
    try:
        master = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise ImproperlyConfigured("GEZHI_VAULT_KEY is not base64") from wrong
    if len(master) != 32:
        raise ImproperlyConfigured(f"GEZHI_VAULT_KEY must hold 32 bytes, it holds {len(master)}")

    def derived(purpose: bytes) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"gezhi.vault", info=purpose).derive(master)

    return MasterKeys(wrapping=derived(b"wrap persons' keys, 1"), blinding=derived(b"blind index, 1"))


def master_keys() -> MasterKeys:
    """The derived keys in use. Raises ImproperlyConfigured where the master key is malformed."""
    return _derive(settings.GEZHI_VAULT_KEY)


def new_person_key() -> bytes:
    """32 random bytes."""
    return os.urandom(32)


def wrap(person: UUID, key: bytes) -> bytes:
    """The person's key under the master key: nonce, then ciphertext with tag."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(master_keys().wrapping).encrypt(nonce, key, person.bytes)


def unwrap(person: UUID, wrapped: bytes) -> bytes:
    """The person's key. Raises Unavailable where the master key is not the one it was wrapped with."""
    try:
        return AESGCM(master_keys().wrapping).decrypt(wrapped[:NONCE], wrapped[NONCE:], person.bytes)
    except InvalidTag as wrong:
        raise _unreadable() from wrong


def encrypt(person: UUID, field: str, key: bytes, value: str) -> tuple[bytes, bytes]:
    """(nonce, ciphertext with tag) of one value."""
    nonce = os.urandom(NONCE)
    return nonce, AESGCM(key).encrypt(nonce, value.encode(), _bound(person, field))


def decrypt(person: UUID, field: str, key: bytes, nonce: bytes, ciphertext: bytes) -> str:
    """The value. Raises Unavailable where it was changed, or belongs to another person or field."""
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound(person, field)).decode()
    except InvalidTag as wrong:
        raise _unreadable() from wrong


def seal(file: UUID, number: int, key: bytes, piece: bytes) -> bytes:
    """One piece of a file: nonce, then ciphertext with tag; bound to file and number."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, piece, _place(file, number))


def unseal(file: UUID, number: int, key: bytes, sealed: bytes) -> bytes:
    """The piece. Raises Unavailable where it was changed or stands in another place."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], _place(file, number))
    except InvalidTag as wrong:
        raise _unreadable() from wrong


def _place(file: UUID, number: int) -> bytes:
    return file.bytes + number.to_bytes(8, "big")


def blind(field: str, normalised: str) -> bytes:
    """HMAC-SHA256 of a normalised value: equal values of one field have equal ones, and nothing can be read back."""
    return hmac.new(master_keys().blinding, f"{field}\0{normalised}".encode(), hashlib.sha256).digest()


def _bound(person: UUID, field: str) -> bytes:
    return person.bytes + field.encode()


def _unreadable() -> Unavailable:
    return Unavailable(_("Personal data cannot be read with this server's vault key."), code="vault_key")
