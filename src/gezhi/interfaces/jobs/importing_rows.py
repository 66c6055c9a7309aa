"""One row of a foreign file into one report, as the map says; or the reasons why not.

Everything is settled once for a file (columns found, units and areas looked up by name), so that a row costs little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gezhi.interfaces.jobs.importing_columns import PLACE, sources_of
from gezhi.interfaces.jobs.importing_guard import TableProblem
from gezhi.interfaces.jobs.importing_tables import Cell, Row
from gezhi.modules.cases.operations import History, Place, Report
from gezhi.modules.switches.profiles import ImportMap, Source

MOMENTS = ("accepted_at", "filed_at", "dispatched_at", "handled_at", "closed_at", "due_at")
_YES = {"true", "1", "yes", "y", "是"}
_NO = {"false", "0", "no", "n", "否"}
_DEFAULT_CHANNEL = "department"
_ISO = "%Y-%m-%d %H:%M:%S"
_EXAMPLE = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)

Value = Cell
Getter = Callable[[Row], Value]


class Wrong(ValueError):
    """A value that cannot be used: the field, what stands in the file, a sentence."""

    def __init__(self, name: str, value: object, problem: str) -> None:
        super().__init__(problem)
        self.name, self.value, self.problem = name, "" if value is None else str(value), problem


@dataclass(frozen=True, slots=True)
class Lookups:
    """What names in the file mean here. `unit(text, source)` gives an organisation's id or raises LookupError."""

    is_class: Callable[[str], bool]
    unit: Callable[[str, Source], int]
    area_named: Callable[[str, str], str]
    """(name, level) → code; raises LookupError."""
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Translated:
    """A row, and the report it became."""

    row: Row
    report: Report


@dataclass
class Translator:
    """Turns rows into reports by a map. `now` is the moment of the import."""

    plan: ImportMap
    headings: Sequence[str]
    lookups: Lookups
    now: datetime
    _get: dict[str, Getter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._at = {name: n for n, name in enumerate(self.headings)}
        self._zone = ZoneInfo(self.plan.zone)
        sources = sources_of(self.plan)
        named = {column for source in sources.values() for column in source.columns}
        missing = sorted(named - set(self.headings))
        if missing:
            told = {
                name: ", ".join(f"“{one}”" for one in ones)
                for name, ones in (("missing", missing), ("have", self.headings))
            }
            sentence = _("The file has no column %(missing)s, which the map names. Its columns: %(have)s.")
            raise TableProblem(sentence % told)
        self._get = {name: self._getter(name, source) for name, source in sources.items()}

    def raw(self, row: Row, name: str) -> str:
        """What stands in the file for a field, as text."""
        names = PLACE if name == "place" else (name,)
        sources = sources_of(self.plan)
        columns = [c for n in names if n in sources for c in sources[n].columns]
        cells = [row.cells[self._at[c]] for c in columns if self._at[c] < len(row.cells)]
        return " ".join(str(cell) for cell in cells if cell is not None)

    def report(self, row: Row) -> Translated:
        """The report of a row. Raises Wrong."""
        if len(row.cells) > len(self.headings):
            raise Wrong("", "", _("The row has %(n)d cells, more than there are headings.") % {"n": len(row.cells)})
        source_id, reported_at = self._text(row, "source_id"), self._moment(row, "reported_at")
        if not source_id or reported_at is None:
            name = "reported_at" if source_id else "source_id"
            raise Wrong(name, "", _("No row can do without the id of its source and the moment it was reported."))
        klass, class_name = self._class(row)
        history = self._history(row) if self.plan.history else None
        return Translated(
            row,
            Report(
                channel=self._channel(row),
                source=self.plan.source,
                source_id=source_id,
                words=self._text(row, "words"),
                place=self._place(row),
                klass=klass,
                class_name=class_name,
                reporter=tuple((name, text) for name in self.plan.reporter if (text := self._text(row, name))),
                reported_at=reported_at,
                unit=None if history else self._unit(row),
                history=history,
            ),
        )

    def _channel(self, row: Row) -> str:
        channel = self._text(row, "channel") or _DEFAULT_CHANNEL
        if self.lookups.channels and channel not in self.lookups.channels:
            raise Wrong("channel", channel, _("There is no channel “%(channel)s”.") % {"channel": channel[:60]})
        return channel

    def _class(self, row: Row) -> tuple[str, str]:
        named = self._text(row, "source_class")
        text = self._text(row, "class")
        if not text or self.lookups.is_class(text):
            return text, named
        if self.plan.fields["class"].optional:
            return "", named or text
        raise Wrong("class", text, _("The catalogue has no class “%(class)s”.") % {"class": text[:60]})

    def _place(self, row: Row) -> Place:
        plan, address = self.plan.place, self._text(row, "address")
        if plan is None:
            return Place(address=address)
        lon, lat = self._number(row, "lon"), self._number(row, "lat")
        if lon is not None and lat is not None:
            return Place(lon=lon, lat=lat, crs=plan.crs, address=address)
        code, name = self._text(row, "area_code"), self._text(row, "area_name")
        if not code and name and plan.area_level:
            code = self._area(name, plan.area_level, optional=plan.optional)
        if not (code or name) and not plan.optional:
            first = next(n for n in ("area_code", "area_name", "lon") if n in self._get)
            raise Wrong(first, self.raw(row, first), _("The row says no place."))
        return Place(area_code=code, area_name="" if code else name, address=address)

    def _area(self, name: str, level: str, *, optional: bool) -> str:
        try:
            return self.lookups.area_named(name, level)
        except LookupError as fault:
            if optional:
                return ""
            raise Wrong("area_name", name, str(fault)) from None

    def _history(self, row: Row) -> History:
        moments = {name: self._moment(row, name) for name in MOMENTS if name in self._get}
        in_time = self._flag(row, "in_time")
        late = None if in_time is None else not in_time
        return History(**moments, late=late, unit=self._unit(row), level=self._text(row, "level"))

    def _unit(self, row: Row) -> int | None:
        text = self._text(row, "unit")
        if not text:
            return None
        source = self.plan.fields["unit"]
        try:
            return self.lookups.unit(text, source)
        except LookupError as fault:
            if source.optional:
                return None
            raise Wrong("unit", text, str(fault)) from None

    def _text(self, row: Row, name: str) -> str:
        get = self._get.get(name)
        value = get(row) if get is not None else None
        text = "" if value is None else value if isinstance(value, str) else str(value)
        if "\0" in text:
            raise Wrong(name, text.replace("\0", "�"), _("The value holds a character that cannot be stored."))
        return text

    def _number(self, row: Row, name: str) -> float | None:
        get = self._get.get(name)
        value = get(row) if get is not None else None
        if value is None or value == "":
            return None
        try:
            return float(value)  # type: ignore[arg-type]  # dates raise TypeError
        except (ValueError, TypeError):
            raise Wrong(name, value, _("“%(text)s” is not a number.") % {"text": str(value)[:60]}) from None

    def _flag(self, row: Row, name: str) -> bool | None:
        get = self._get.get(name)
        value = get(row) if get is not None else None
        if value is None or isinstance(value, bool):
            return value
        said = str(value).strip().lower()
        if said in _YES or said in _NO:
            return said in _YES
        raise Wrong(name, value, _("“%(text)s” is neither true nor false.") % {"text": str(value)[:60]})

    def _moment(self, row: Row, name: str) -> datetime | None:
        get = self._get.get(name)
        value = get(row) if get is not None else None
        if value is None or value == "":
            return None
        moment = self._parsed(name, value)
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError:
            raise Wrong(name, value, _("This moment lies outside the years that can be stored.")) from None

    def _parsed(self, name: str, value: Value) -> datetime:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (the zone follows)
        forms = self.plan.fields[name].formats
        for form in forms or (_ISO,):
            try:
                if form == _ISO:  # what ISO reads too, and four times faster
                    return datetime.fromisoformat(str(value))
                return datetime.strptime(str(value), form)  # noqa: DTZ007  (the zone follows)
            except (ValueError, OverflowError):
                continue
        told = {"text": str(value)[:60], "like": _EXAMPLE.strftime(forms[0]) if forms else ""}
        sentence = (
            _("“%(text)s” is not a moment such as %(like)s.") if forms else _("“%(text)s” is not a moment in ISO 8601.")
        )
        raise Wrong(name, value, sentence % told)

    def _getter(self, name: str, source: Source) -> Getter:
        """How the value of a source is found in a row: settled once."""
        if source.row:
            return lambda row: row.number
        if source.import_time:
            return lambda row: self.now
        if not source.columns:
            return lambda row: source.constant
        missing, at = self.plan.missing, [self._at[c] for c in source.columns]

        def cells(row: Row) -> list[Cell]:
            given = [row.cells[n] if n < len(row.cells) else None for n in at]
            tidy = [c.strip() if isinstance(c, str) else c for c in given]
            return [c for c in tidy if c is not None and c not in missing]

        def plain(row: Row) -> Value:
            found = cells(row)
            value: Value = None if not found else found[0] if len(at) == 1 else source.join.join(map(str, found))
            return _meant(name, source, value)

        return plain


def _meant(name: str, source: Source, value: Value) -> Value:
    """What a cell's value means. Raises Wrong where the map has no word for it, or it may not be missing."""
    if source.values is not None and value is not None:
        if str(value) in source.values:
            value = source.values[str(value)]
        elif source.has_otherwise:
            value = source.otherwise
        elif source.optional:
            value = None
        else:
            raise Wrong(name, value, _("The map says nothing about “%(text)s”.") % {"text": str(value)[:60]})
    if value is None:
        if source.optional or name in PLACE:
            return None
        raise Wrong(name, "", _("The row has no value here."))
    return f"{source.prefix}{value}" if source.prefix else value
