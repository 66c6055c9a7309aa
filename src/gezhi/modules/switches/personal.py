"""Which personal values the vault takes, how equal ones are recognised, and how they look masked.

The list is short on purpose: what is not in it cannot be kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PersonalField:
    """`normalise` makes values comparable, `mask` shows enough to tell two persons apart.

    At most `longest` characters.
    """

    title: Promise | str
    longest: int
    normalise: Callable[[str], str]
    mask: Callable[[str], str]


def normalise_words(value: str) -> str:
    """One width, no case, single spaces: `ＬＩ  Ming ` and `li ming` are equal."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def normalise_phone(value: str) -> str:
    """Digits only, without China's country code before a mobile number."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", value) if c.isdecimal() and c.isascii())
    for prefix in ("0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest != digits and len(rest) == 11 and rest.startswith("1"):
            return rest
    return digits


def mask_name(value: str) -> str:
    """First character only: 张三丰 → 张**, 张三 → 张*, John Smith → J***."""
    tidy = " ".join(value.split())
    return tidy[:1] + "*" * min(max(len(tidy) - 1, 1), 3) if tidy else ""


def mask_phone(value: str) -> str:
    """13812341234 → 138****1234; the last two digits of shorter numbers."""
    digits = normalise_phone(value)
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return "****" + (digits[-2:] if len(digits) >= 6 else "")


def mask_email(value: str) -> str:
    """li.ming@example.org → l***@example.org."""
    before, _at, after = value.strip().partition("@")
    return f"{before[:1]}***@{after}" if after else "***"


def mask_address(value: str) -> str:
    """At most the first six characters, never more than a third."""
    tidy = value.strip()
    return tidy[: min(6, len(tidy) // 3)] + "****"


def mask_all(value: str) -> str:
    """Nothing but that there is something."""
    return "****" if value else ""


FIELDS: Mapping[str, PersonalField] = {
    "name": PersonalField(_("Name"), 80, normalise_words, mask_name),
    "phone": PersonalField(_("Phone"), 40, normalise_phone, mask_phone),
    "email": PersonalField(_("E-mail"), 200, normalise_words, mask_email),
    "address": PersonalField(_("Home address"), 300, normalise_words, mask_address),
    "phone_in_words": PersonalField(_("Phone numbers in the text"), 400, normalise_phone, mask_all),
    "email_in_words": PersonalField(_("E-mail addresses in the text"), 400, normalise_words, mask_all),
    "identity_in_words": PersonalField(_("Identity numbers in the text"), 400, normalise_words, mask_all),
}
