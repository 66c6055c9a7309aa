"""Rows past the query builder, for what is done hundreds of times a second.

Writing: one INSERT for a few, COPY for many. Reading: a model's rows by a tail of SQL; the columns are the model's own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import JSONField, Model

M = TypeVar("M", bound=Model)

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


def read_rows(model: type[M], tail: str, values: Sequence[Any]) -> list[M]:
    """The rows of a model that `tail` names ("WHERE case_id = %s ORDER BY id"), as instances. One query.

    `tail` is SQL of our own, never input. Building such a query costs Django more than running it.
    """
    select, names, documents = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {tail}", values)
        found = cursor.fetchall()
    if documents:
        found = [_with_documents(row, documents) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


@cache
def _columns(model: type[Model]) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
    """The SELECT of a model's own columns, the attributes they fill, the places of JSON among them."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    documents = tuple(n for n, field in enumerate(fields) if isinstance(field, JSONField))
    return f'SELECT {columns} FROM "{model._meta.db_table}"', tuple(f.attname for f in fields), documents  # noqa: S608


def _with_documents(row: Sequence[Any], places: Sequence[int]) -> list[Any]:
    found = list(row)
    for n in places:
        if isinstance(found[n], str):
            found[n] = json.loads(found[n])
    return found
