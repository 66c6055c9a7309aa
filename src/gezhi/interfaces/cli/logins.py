"""The table of logins that `gezhi demo` prints: columns that line up with Chinese in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

_COLUMNS = {"role": "Role", "username": "User name", "password": "Password"}


def width(text: str) -> int:
    """Columns of a terminal the text takes: two for each East Asian wide character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def table(logins: Sequence[Mapping[str, str]]) -> str:
    """Rows of role, user name, password."""
    rows = [_COLUMNS, *logins]
    widths = {column: max(width(row[column]) for row in rows) for column in _COLUMNS}
    lines = ["  ".join(row[c] + " " * (widths[c] - width(row[c])) for c in _COLUMNS).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * widths[c] for c in _COLUMNS))
    return "\n".join(f"  {line}" for line in lines)
