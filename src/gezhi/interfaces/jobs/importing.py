"""Bringing cases in: rows in batches through the one intake door, each batch a transaction of its own.

So it can be broken off and started again: what is known by (source, source_id) is answered «unchanged». Rows that
cannot be taken go to the rejects with line, field, value and sentence; personal values are masked there. Console
and desk bring files in by this one way.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gezhi.interfaces.jobs.importing_columns import fitted
from gezhi.interfaces.jobs.importing_rows import Lookups, Translated, Translator, Wrong
from gezhi.interfaces.jobs.importing_tables import Row, Table
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases import words
from gezhi.modules.cases.operations import Place, Receipt, Report
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import install as people
from gezhi.modules.people import queries as people_queries
from gezhi.modules.switches import personal
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches.profiles import ImportMap, Source
from gezhi.modules.territory import queries as territory

BATCH = 2_000
_PLACES = {"place", "crs", "area_code", "area_name"}
_TRIES = 3  # somebody else may import the same rows at the same moment
_LONGEST_VALUE = 200
_OLDEST_YEAR = 1990  # entries before it stay in the ledger's remaining partition
Rejected = tuple[int, str, str, str]
"""(line, field, value, problem)"""
Reject = Callable[[int, str, str, str], None]


@dataclass
class Outcome:
    """How many rows were read, became cases, were known already, could not be taken."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class Importer:
    """One import of one file. `reject` is told (line, field, value, problem); `progress` after each batch, in its
    transaction: what they write, and the batch, are there together or not at all. An `outcome` that is given is
    continued: the rows it has read are passed over."""

    plan: ImportMap
    table: Table
    by: Actor
    now: datetime
    reject: Reject
    progress: Callable[[Outcome], None]
    dry_run: bool = False
    outcome: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        self.plan = fitted(self.plan, self.table.headings)
        self._units: dict[str, dict[str, int]] = {"code": {}, "name": {}}
        self._translator = Translator(self.plan, self.table.headings, self._lookups(), self.now)
        self._months: set[tuple[int, int]] = set()
        self._seen: set[str] = set()

    def run(self) -> Outcome:
        """Take every row. Raises TableProblem where the file cannot be read further; what was taken stays."""
        rows = itertools.islice(self.table.rows, self.outcome.read, None)
        while batch := list(itertools.islice(rows, BATCH)):
            if self.dry_run:
                self._try(batch)
            else:
                self._take(batch)
        return self.outcome

    def _take(self, rows: Sequence[Row]) -> None:
        refused: list[Rejected] = []
        ready = self._translated(rows, refused)
        self._prepare_months(ready)
        with transaction.atomic():
            self._count(rows, ready, self._brought(ready), refused)
            self.progress(self.outcome)

    def _try(self, rows: Sequence[Row]) -> None:
        """Take rows and give them back: everything is as it was, units made by the way too."""
        refused: list[Rejected] = []
        known = {by: dict(units) for by, units in self._units.items()}
        with transaction.atomic():
            ready = self._translated(rows, refused)
            outcomes = self._brought(ready)
            transaction.set_rollback(True)
        self._units = known
        with transaction.atomic():
            self._count(rows, ready, outcomes, refused)
            self.progress(self.outcome)

    def _brought(self, ready: Sequence[Translated]) -> list[Receipt | BadInput]:
        for attempt in range(_TRIES):
            try:
                return self._store([one.report for one in ready])
            except IntegrityError:
                if attempt == _TRIES - 1:
                    raise
        return []

    def _translated(self, rows: Sequence[Row], refused: list[Rejected]) -> list[Translated]:
        ready = []
        for row in rows:
            try:
                ready.append(self._translator.report(row))
            except Wrong as wrong:
                refused.append((row.line, wrong.name, wrong.value, wrong.problem))
        return ready

    def _store(self, reports: Sequence[Report]) -> list[Receipt | BadInput]:
        found = cases.report_many(reports=reports, by=self.by, now=self.now)
        if self.plan.place is not None and self.plan.place.optional:
            again = [n for n, one in enumerate(found) if isinstance(one, BadInput) and one.field in _PLACES]
            unplaced = [replace(reports[n], place=Place(address=reports[n].place.address)) for n in again]
            if unplaced:
                for n, one in zip(again, cases.report_many(reports=unplaced, by=self.by, now=self.now), strict=True):
                    found[n] = one
        return found

    def _count(
        self,
        rows: Sequence[Row],
        ready: Sequence[Translated],
        outcomes: Sequence[Receipt | BadInput],
        refused: list[Rejected],
    ) -> None:
        for one, outcome in zip(ready, outcomes, strict=True):
            if isinstance(outcome, BadInput):
                name = outcome.field or ""
                refused.append((one.row.line, name, self._translator.raw(one.row, name), outcome.sentence))
            elif outcome.created and one.report.source_id not in self._seen:
                self.outcome.created += 1
                if self.dry_run:
                    self._seen.add(one.report.source_id)
            else:
                self.outcome.unchanged += 1
        for line, name, value, problem in sorted(refused):
            self.reject(line, name, fit_to_show(name, value), fit_to_show(name, problem))
        self.outcome.read += len(rows)
        self.outcome.rejected += len(refused)

    def _prepare_months(self, ready: Sequence[Translated]) -> None:
        """The ledger's partitions for the months the file speaks of; made before they are written to."""
        moments = [one.report.reported_at for one in ready if one.report.reported_at is not None]
        for month in sorted({(at.year, at.month) for at in moments}):
            if month not in self._months and month[0] >= _OLDEST_YEAR:
                self._months.add(month)
                first = date(month[0], month[1], 1)
                ledger.prepare_months(first=first, last=first)

    def _lookups(self) -> Lookups:
        known = catalogue.in_force().by_word
        channels = switches.profile().lists.get("channels", {})
        for unit in people_queries.organisations().values():
            self._units["code"][unit.code] = unit.id
            for name in unit.name.values():
                self._units["name"].setdefault(name, unit.id)
        return Lookups(known.__contains__, self._unit, _area_named, frozenset(channels))

    def _unit(self, text: str, source: Source) -> int:
        found = self._units[source.by].get(text)
        if found is None and source.create_kind is not None:
            try:
                found = people.add_organisation(name=text, kind=source.create_kind, by=Actor.system(), now=self.now)
            except BadInput as refused:
                raise LookupError(refused.sentence) from None
            self._units[source.by][text] = found
        if found is None:
            told = {"text": text[:60]}
            sentence = (
                _("There is no unit with the code “%(text)s”.")
                if source.by == "code"
                else _("There is no unit with the name “%(text)s”.")
            )
            raise LookupError(sentence % told)
        return found


def _area_named(name: str, level: str) -> str:
    hits = [area for area in territory.areas_in_force().by_name.get(name, []) if area.level == level]
    if len(hits) != 1:
        sentence = (
            _("More than one %(level)s is called “%(name)s”.") if hits else _("No %(level)s is called “%(name)s”.")
        )
        raise LookupError(sentence % {"level": level, "name": name[:60]})
    return hits[0].code


def fit_to_show(name: str, value: str) -> str:
    """A value without what is personal in it: a reporter's is masked, numbers that lead to a person are taken out."""
    if name in personal.FIELDS and name != "address":  # a case's address is of the place, not of a person
        return personal.FIELDS[name].mask(value)
    return words.take_out(value)[0][:_LONGEST_VALUE]


@contextmanager
def rejects(path: Path | None) -> Iterator[Reject]:
    """Where rejects go: to a CSV with the columns line, field, value, problem; without a path, nowhere."""
    if path is None:
        yield lambda *_rejected: None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer: Any = csv.writer(file)
        writer.writerow(["line", "field", "value", "problem"])
        yield lambda *rejected: writer.writerow(rejected)
