"""A trial on a table: fit on some rows, suggest for others, and judge. Pure: rows are mappings, moments come with them.

Which columns may help is found from the rows fitted on. Left out are: the label under another name (a code of it),
columns that say nothing (one value) or name single rows, numbers (quantities, often known only afterwards) unless the
column's name says that they are codes, and a column that only repeats another. Longitude and latitude become squares.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import floor

import numpy as np

from gezhi.engines.triage.classes import ClassModel, Suggestion, moment_context
from gezhi.engines.triage.figures import Figures, figures
from gezhi.engines.triage.levels import choose_levels
from gezhi.engines.triage.units import Dispatch, UnitHistory

Row = Mapping[str, str]
FEW = 0.2  # a text column with so few different values a row is a list of kinds, not free words
_ALIAS = 0.98
_CODE = re.compile(r"(?:^|[_ -])(?:id|code|no|key)$|[a-z](?:Id|Code|No)$|编号|代码|编码$", re.IGNORECASE)
_LON = re.compile(r"^(?:lon|lng|longitude|经度|x_?wgs84)$", re.IGNORECASE)
_LAT = re.compile(r"^(?:lat|latitude|纬度|y_?wgs84)$", re.IGNORECASE)
_STEM = re.compile(r"[_ -]?(?:ids?|names?|codes?|no|key|编号|代码|编码|名称|名)$", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?$")
_SQUARES = {"near": 300.0, "around": 1_500.0}  # a square's side in parts of a degree of latitude: metres


@dataclass(frozen=True, slots=True)
class Trial:
    """Figures, and the seconds it took: fitting on the first rows, suggesting (and learning) over the others."""

    figures: Figures
    train_seconds: float
    test_seconds: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what; `moments` gives each row's moment, in the order of the rows."""

    text: str
    label: str
    context: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The context columns besides the words."""
        return tuple(name for name in self.context if name != self.text)

    def facts(self, row: Row) -> dict[str, str]:
        """The context columns of a row, and its squares."""
        return {**{name: row.get(name, "") for name in self.context}, **_squares(row)}


def columns(rows: Sequence[Row], *, text: str, label: str, time: str | None) -> Columns:
    """What of the rows may help to suggest the label. The text column, where it lists kinds, is one of them."""
    kept: list[str] = []
    labels = [row[label] for row in rows]
    for name in rows[0]:
        if name in (label, time) or _LON.match(name) or _LAT.match(name) or _stem(name) == _stem(label):
            continue
        values = [row.get(name, "") for row in rows]
        if not _tells(name, values, text=text) or _same(values, labels):
            continue
        if any(_same(values, [row.get(other, "") for row in rows]) for other in kept):
            continue
        kept.append(name)
    return Columns(text, label, tuple(kept))


def lists_kinds(rows: Sequence[Row], name: str) -> bool:
    """Whether a column holds few different values, rather than free words."""
    return len({row.get(name, "") for row in rows}) <= max(FEW * len(rows), 1)


def try_once(
    train: Sequence[Row], test: Sequence[Row], which: Columns, *, on: date, clock: Callable[[], float]
) -> Trial:
    """Fit a class model once, then suggest for all. `clock` counts seconds."""
    began = clock()
    names = which.others
    model = ClassModel.fit(
        [row[which.text] for row in train],
        [row[which.label] for row in train],
        on=on,
        contexts=[_named(which, row, names) for row in train],
    )
    fitted = clock()
    said = model.suggest_many([row[which.text] for row in test], [_named(which, row, names) for row in test], top=3)
    return Trial(_judged(test, which, said), fitted - began, clock() - fitted)


def try_daily(
    train: Sequence[tuple[datetime, Row]],
    test: Sequence[tuple[datetime, Row]],
    which: Columns,
    *,
    on: date,
    clock: Callable[[], float],
    learning: bool = True,
) -> Trial:
    """In the order of time; each day's rows are suggested for before their truth is learned. Days are those of the
    moments.

    With context, dispatches' history decides (`units`), and free words are one fact more: the class model's first
    suggestion. Without any, the class model alone does. Without `learning` the first rows are all that is learned.
    """
    train, test = (sorted(some, key=lambda one: one[0]) for some in (train, test))
    words = not lists_kinds([row for _, row in train], which.text)
    if not which.others and not _squares(train[0][1]):
        return _words_daily(train, test, which, on=on, clock=clock)
    began = clock()
    model, heard = _heard(train, which, on=on) if words else (None, [""] * len(train))
    history = [_dispatch(moment, row, which, word) for (moment, row), word in zip(train, heard, strict=True)]
    names = sorted({name for one in history for name in one.facts})
    units = UnitHistory(choose_levels(history, names))
    units.learn(history)
    fitted = clock()
    said: list[list[Suggestion]] = []
    for day, some in groupby(test, key=lambda one: one[0].date()):
        today = list(some)
        told = model.suggest_many([row[which.text] for _, row in today], top=1) if model else []
        heard = [one[0].label for one in told] or [""] * len(today)
        truths = [_dispatch(moment, row, which, word) for (moment, row), word in zip(today, heard, strict=True)]
        for one in units.suggest_many([truth.facts for truth in truths], on=day):
            said.append([Suggestion(unit.unit, unit.probability) for unit in one])
        if learning:
            units.learn(truths)
        if learning and model:
            model.learn([row[which.text] for _, row in today], [row[which.label] for _, row in today])
    return Trial(_judged([row for _, row in test], which, said), fitted - began, clock() - fitted)


def _words_daily(
    train: Sequence[tuple[datetime, Row]],
    test: Sequence[tuple[datetime, Row]],
    which: Columns,
    *,
    on: date,
    clock: Callable[[], float],
) -> Trial:
    began = clock()
    texts, labels = [row[which.text] for _, row in train], [row[which.label] for _, row in train]
    model = ClassModel.fit(texts, labels, on=on, contexts=[moment_context(moment) for moment, _ in train])
    fitted = clock()
    said: list[list[Suggestion]] = []
    for _, some in groupby(test, key=lambda one: one[0].date()):
        today = list(some)
        texts, labels = [row[which.text] for _, row in today], [row[which.label] for _, row in today]
        contexts = [moment_context(moment) for moment, _ in today]
        said += model.suggest_many(texts, contexts, top=3)
        model.learn(texts, labels, contexts)
    return Trial(_judged([row for _, row in test], which, said), fitted - began, clock() - fitted)


def _heard(train: Sequence[tuple[datetime, Row]], which: Columns, *, on: date) -> tuple[ClassModel, list[str]]:
    """A class model of the words, and what it would have said of rows it had not seen: each half by the other."""
    texts, labels = [row[which.text] for _, row in train], [row[which.label] for _, row in train]
    heard = [""] * len(train)
    halves = np.array_split(np.random.default_rng(0).permutation(len(train)), 2)
    for mine, others in (halves, halves[::-1]):
        known, asked = (others if len(others) else mine).tolist(), mine.tolist()
        model = ClassModel.fit([texts[n] for n in known], [labels[n] for n in known], on=on)
        for n, one in zip(asked, model.suggest_many([texts[n] for n in asked], top=1), strict=True):
            heard[n] = one[0].label
    return ClassModel.fit(texts, labels, on=on), heard


def _dispatch(moment: datetime, row: Row, which: Columns, heard: str) -> Dispatch:
    facts = which.facts(row) | ({"(words)": heard} if heard else {})
    return Dispatch(moment.date(), facts, row[which.label])


def _named(which: Columns, row: Row, names: Sequence[str]) -> dict[str, str]:
    facts = which.facts(row)
    return {name: value for name, value in facts.items() if name in names or name in _SQUARES}


def _judged(test: Sequence[Row], which: Columns, said: Sequence[Sequence[Suggestion]]) -> Figures:
    truth = [row[which.label] for row in test]
    ranked = [[one.label for one in some] for some in said]
    return figures(truth, ranked, [some[0].probability if some else 0.0 for some in said])


def _tells(name: str, values: Sequence[str], *, text: str) -> bool:
    different = set(values)
    if len(different) < 2 or len(different) > max(0.5 * len(values), 2):
        return False
    if name == text:
        return len(different) <= FEW * len(values)
    said = [one for one in values if one]
    return bool(_CODE.search(name)) or sum(map(bool, map(_NUMBER.match, said))) < 0.9 * len(said)


def _stem(name: str) -> str:
    """unit for unit_id, unit_name and unit."""
    return _STEM.sub("", name).lower()


def _same(values: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each follows from the other in nearly all rows: one says what the other says."""
    return _follows(values, others) and _follows(others, values)


def _follows(values: Sequence[str], others: Sequence[str]) -> bool:
    """Whether nearly all rows have the value that is usual with their other value."""
    most: Counter[str] = Counter()
    for (_, other), count in Counter(zip(values, others, strict=True)).items():
        most[other] = max(most[other], count)
    return most.total() >= _ALIAS * len(values)


def _squares(row: Row) -> dict[str, str]:
    lon = next((value for name, value in row.items() if _LON.match(name)), "")
    lat = next((value for name, value in row.items() if _LAT.match(name)), "")
    try:
        x, y = float(lon), float(lat)
        return {name: f"{floor(x * 111_320 / side)}:{floor(y * 111_320 / side)}" for name, side in _SQUARES.items()}
    except (ValueError, OverflowError):
        return {}
