"""Write rows that are ready, without a model: one INSERT for a few, COPY for many. The same rows either way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

FEW = 8  # one statement that carries its rows beats COPY's three exchanges up to about here


def write_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows into a table in the caller's transaction; JSON values come wrapped in `Jsonb`.

    `table` and `columns` are names of our own, never input.
    """
    if not rows:
        return
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if len(rows) <= FEW:
            places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
            flat: list[Any] = [value for row in rows for value in row]
            cursor.execute(f'INSERT INTO "{table}" ({named}) VALUES {places}', flat)  # noqa: S608 (names of our own)
            return
        # Django turns the driver's errors into its own everywhere but here.
        with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
