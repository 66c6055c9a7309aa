"""Words that people write, made fit to store: trimmed, bounded, and without phone and identity numbers and e-mails.

What is taken out of a report is kept in the vault; its place in the text says that there was something. This is a
precaution, not a proof: names that people write into a text stay there, and the text can be erased.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import BadInput

LONGEST = 5000
_MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
_IDENTITY = r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
_LANDLINE = r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
_EMAIL = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
_PERSONAL = re.compile(f"(?P<email>{_EMAIL})|(?P<identity>{_IDENTITY})|(?P<phone>{_MOBILE}|{_LANDLINE})")
_MARKS = {"identity": "〔证件号〕", "phone": "〔电话〕", "email": "〔邮箱〕"}
_WIDE = {0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF0D: 0x2D, 0xFF20: 0x40, 0xFF38: 0x58, 0xFF58: 0x78}
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def clean(text: str, *, field: str, longest: int = LONGEST) -> str:
    """The text without control, direction and zero-width characters, trimmed. Raises BadInput when too long."""
    kept = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    kept = "".join(c for c in kept if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if len(kept) > longest:
        sentence = _("This text has %(have)d characters; at most %(most)d are taken.")
        raise BadInput(sentence % {"have": len(kept), "most": longest}, field=field)
    return kept


def take_out(text: str) -> tuple[str, dict[str, str]]:
    """The text with personal values marked, and the values: {"phone_in_words": "…", "identity_in_words": "…", …}.

    Several of a kind are joined by a space. Wide digits, as a Chinese keyboard types them, become plain ones.
    """
    found: dict[str, list[str]] = {}

    def mark(hit: re.Match[str]) -> str:
        kind = hit.lastgroup or "phone"
        found.setdefault(f"{kind}_in_words", []).append(hit.group())
        return _MARKS[kind]

    return _PERSONAL.sub(mark, text.translate(_WIDE)), {name: " ".join(values) for name, values in found.items()}
