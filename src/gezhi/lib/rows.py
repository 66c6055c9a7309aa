"""Rows past the query builder, for what is done hundreds of times a second.

Writing: one INSERT for a few, COPY for many. Reading: a model's rows by a tail of SQL; the columns are the model's own.
What is read here is prepared: PostgreSQL plans it once a connection instead of once a request (docs/adr/0027).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg.postgres import types
from psycopg.pq import Format

M = TypeVar("M", bound=Model)

_TIMESTAMPTZ = types["timestamptz"].oid

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
    select, names = _columns(model)
    found: list[Any] = fetched(f"{select} {tail}", values)
    return [model.from_db(connection.alias, names, row) for row in found]


def fetched(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement of our own, prepared. One query.

    Values go to the server beside the statement, so each needs a type it can be told from: no bare None. Answers
    come in binary, JSON as what it says.
    """
    with prepared() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class _Ran(NamedTuple):
    query: bytes


class _Binding(ServerBindingCursor):
    """Django's cursor that binds on the server; it remembers what it ran, for those who look at statements."""

    def __init__(self, raw: Any) -> None:
        parent: Any = super()
        parent.__init__(raw)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """As the driver does."""
        parent: Any = super()
        done = parent.execute(query, params, binary=True, **options)
        self._query: Any = _Ran(str(query).encode())
        return done


def prepared() -> CursorWrapper:
    """A cursor whose statements PostgreSQL parses and plans once a connection; counted and logged as any other."""
    server: Any = connection
    server.close_if_health_check_failed()
    server.ensure_connection()
    with server.wrap_database_errors:
        cursor = _Binding(server.connection)
        if server.connection.adapters.get_loader(_TIMESTAMPTZ, Format.TEXT).timezone != server.timezone:
            register_tzloader(server.timezone, cursor)
        wrapped: CursorWrapper = server._prepare_cursor(cursor)
    return wrapped


@cache
def _columns(model: type[Model]) -> tuple[str, tuple[str, ...]]:
    """The SELECT of a model's own columns, and the attributes they fill."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}"', tuple(f.attname for f in fields)  # noqa: S608
