"""The one intake door: a report becomes a case. One report or ten thousand, by the same two steps.

`prepare` decides everything that can be decided (place → areas, class → limit, personal values out of the words)
without writing; `store` writes cases, clocks, ledger, notices and jobs in the caller's transaction. A single
report is a batch of one: there is no second path that could differ.

Idempotent by (source, source_id): what is known already is answered with its receipt and changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from gezhi.engines import procedure as engine
from gezhi.engines.workclock import Calendar
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.lib.rows import write_rows
from gezhi.modules.cases import audience, clocks, fresh, places, rules, words
from gezhi.modules.cases.models import FAR, Attachment, Case, Clock, SearchText
from gezhi.modules.cases.places import Located, Place
from gezhi.modules.catalogue import queries as catalogue
from gezhi.modules.catalogue.queries import ClassFact
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.ledger.operations import NewEntry
from gezhi.modules.notices import operations as notices
from gezhi.modules.notices.operations import NewNotice
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches.known import KNOWN
from gezhi.modules.switches.personal import FIELDS as vault_fields  # noqa: N811  (a mapping, used as one)

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
_MOMENTS = ("accepted", "filed", "dispatched", "handled", "closed", "due")


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a case that ended elsewhere: nobody here acted on it, and the ledger says so.

    `late` None: not said; then a close after the due moment is late. `level`: who solved it (the list `solved_levels`).
    """

    accepted_at: datetime | None = None
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    late: bool | None = None
    unit: int | None = None
    level: str = ""

    @property
    def was_late(self) -> bool:
        """As it is said, or else as the moments show."""
        shown = self.closed_at is not None and self.due_at is not None and self.closed_at > self.due_at
        return shown if self.late is None else self.late


@dataclass(frozen=True, slots=True)
class Report:
    """What comes in. `photos` are ids of stored files; `reporter` holds personal values for the vault, by field;
    `person` is somebody the vault knows already (a matter split off keeps its reporter). `matter` names the procedure.
    """

    channel: str
    source: str
    source_id: str
    words: str = ""
    place: Place = field(default_factory=Place)
    klass: str = ""
    class_name: str = ""
    photos: tuple[int, ...] = ()
    reporter: tuple[tuple[str, str], ...] = ()
    reported_at: datetime | None = None
    unit: int | None = None
    history: History | None = None
    matter: str = rules.EVENT
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter gets: the number to quote, the code to follow with; `created` False for a known report."""

    case: int
    number: str
    query_code: str
    created: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report with everything decided, ready to be stored."""

    report: Report
    words: str
    personal: dict[str, str]
    located: Located
    klass: ClassFact | None
    class_name: str
    reported_at: datetime


def prepare(reports: Sequence[Report], *, now: datetime) -> list[Prepared | BadInput]:
    """Decide; a report that cannot be taken gives its BadInput in its place. No writing, no query per report."""
    by_word = catalogue.in_force().by_word
    channels = switches.profile().lists.get("channels", {})
    located = places.locate([r.place for r in reports])
    found: list[Prepared | BadInput] = []
    for report, place in zip(reports, located, strict=True):
        try:
            found.append(_prepare(report, place, by_word, channels, now))
        except BadInput as error:
            found.append(error)
    return found


def _prepare(
    report: Report, place: Located | BadInput, by_word: dict[str, ClassFact], channels: object, now: datetime
) -> Prepared:
    if isinstance(place, BadInput):
        raise place
    text = words.clean(report.words, field="words")
    if report.matter == rules.EVENT and not (text or report.klass or report.photos):
        raise BadInput(_("Please say what is wrong: a few words, a photo or a kind of problem."), field="words")
    if isinstance(channels, dict) and channels and report.channel not in channels:
        raise BadInput(_("There is no channel “%(channel)s”.") % {"channel": report.channel}, field="channel")
    klass = by_word.get(report.klass) if report.klass else None
    if report.klass and klass is None:
        raise BadInput(_("The catalogue has no class “%(class)s”.") % {"class": report.klass[:60]}, field="class")
    if not report.source_id or len(report.source_id) > 120:
        raise BadInput(_("A report needs an id of its source, of at most 120 characters."), field="source_id")
    reported_at = report.reported_at or now
    if reported_at > now:
        raise BadInput(_("A report cannot come from the future."), field="reported_at")
    done = report.history
    if done is not None and done.closed_at is not None and done.closed_at < reported_at:
        raise BadInput(_("A case cannot be closed before it was reported."), field="closed_at")
    text, personal = words.take_out(text)
    address, beside = words.take_out(place.address)
    if beside:
        place = replace(place, address=address)
        personal = {name: " ".join(filter(None, (personal.get(name), beside.get(name)))) for name in personal | beside}
    personal = {name: value[: vault_fields[name].longest] for name, value in personal.items()}
    personal |= {name: _fitting(name, value) for name, value in report.reporter if value.strip()}
    class_name = klass.name if klass else report.class_name[:200]
    return Prepared(report, text, personal, place, klass, class_name, reported_at)


def _fitting(name: str, value: str) -> str:
    """A value about the reporter as the vault will take it. Raises BadInput."""
    tidy, longest = value.strip(), vault_fields[name].longest
    if len(tidy) > longest:
        raise BadInput(_("At most %(count)s characters.") % {"count": longest}, field=name)
    return tidy


def store(prepared: Sequence[Prepared], *, by: Actor, now: datetime) -> list[Receipt]:
    """Write new cases; must run in a transaction, and no (source, source_id) may be known yet.

    Raises IntegrityError when another transaction stored one of them at the same moment.
    """
    batch = _Batch(prepared, by=by, now=now)
    fresh.written()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_id_seq') FROM generate_series(1, %s)", [len(prepared)])
        ids = [row[0] for row in cursor.fetchall()]
    persons = batch.keep_personal()
    cases = [batch.case(i, p, person) for i, p, person in zip(ids, prepared, persons, strict=True)]
    _write(Case, cases)
    _write(Clock, batch.clocks)
    _write(Attachment, batch.attachments)
    write_rows(SearchText._meta.db_table, ("case_id", "body"), [(c.id, search_body(c)) for c in cases])
    ledger.append_fresh(batch.entries, tell=not batch.quiet)
    notices.put_many(notices=batch.notices, now=now)
    return [Receipt(c.id, c.number, c.query_code, created=True) for c in cases]


class _Batch:
    """What one call of `store` gathers: the rows of a batch, built in order."""

    def __init__(self, prepared: Sequence[Prepared], *, by: Actor, now: datetime) -> None:
        self.prepared, self.by, self.now = prepared, by, now
        self.versions = {matter: rules.in_force(matter) for matter in {p.report.matter for p in prepared}}
        self.procedures = {matter: rules.procedure(version) for matter, version in self.versions.items()}
        self.calendar: Calendar = rules.calendar()
        self.centre = rules.centre()
        self.zone = ZoneInfo(switches.profile().zone)
        self.quiet = len(prepared) > 1
        self.clocks: list[Clock] = []
        self.attachments: list[Attachment] = []
        self.entries: list[NewEntry] = []
        self.notices: list[NewNotice] = []

    def keep_personal(self) -> list[UUID | None]:
        """Put the personal values of the batch into the vault; a reference each, None where there are none."""
        from gezhi.modules.switches import vault

        rows = [p.personal for p in self.prepared]
        refs = iter(
            vault.keep_many(values=[r for r in rows if r], purpose="case", by=self.by, now=self.now)
            if any(rows)
            else []
        )
        return [next(refs) if r else None for r in rows]

    def case(self, case_id: int, p: Prepared, person: UUID | None) -> Case:
        """The case of one report; adds its clocks, ledger entries and notices to the batch."""
        done = p.report.history
        case = self._row(case_id, p, person)
        if done is None:
            self._begin(case, p)
        else:
            case.stage, case.ended, case.history = self._good_end(p), True, True
            case.handled_at, case.closed_at, case.due_at = done.handled_at, done.closed_at, done.due_at
            case.late, case.unit_id = done.was_late, done.unit
            case.solved_at = done.level
            case.facts = {"solved_at": done.level} if done.level else {}
        self.attachments += [Attachment(case_id=case_id, file_id=f, seq=1, field="photos") for f in p.report.photos]
        self._entries(case, p)
        return case

    def _good_end(self, p: Prepared) -> str:
        """The first end stage of the document: where what ended well elsewhere stands."""
        return next(s.key for s in self.procedures[p.report.matter].stages.values() if s.end)

    def _row(self, case_id: int, p: Prepared, person: UUID | None) -> Case:
        person = person or p.report.person
        told = person if p.report.reporter or p.report.person else None
        return Case(
            id=case_id,
            number=f"{p.reported_at.astimezone(self.zone):%Y%m%d}{case_id:06d}",
            query_code=new_code(),
            channel=p.report.channel,
            source=p.report.source,
            source_id=p.report.source_id,
            procedure_id=self.versions[p.report.matter],
            matter=p.report.matter,
            klass_id=p.klass.id if p.klass else None,
            class_name=p.class_name,
            words=p.words,
            lon=p.located.lon,
            lat=p.located.lat,
            cell=p.located.cell,
            address=p.located.address,
            area_id=p.located.area,
            home_id=p.located.area,
            areas=list(p.located.areas),
            area_name=p.located.area_name,
            reporter=person,
            reported_by=self._reported_by(case_id, told),
            unit_id=p.report.unit,
            reported_at=p.reported_at,
        )

    def _reported_by(self, case_id: int, person: UUID | None) -> str:
        """Whoever gave a name, by the vault's reference, even when staff took it down; else the staff's account; a
        resident who said nothing, by the case."""
        if person is None and self.by.account_id is not None:
            return self.by.ref
        return f"reporter:{person or f'case-{case_id}'}"

    def _begin(self, case: Case, p: Prepared) -> None:
        procedure = self.procedures[p.report.matter]
        outcome = engine.begin(procedure, facts(case, self.centre), p.reported_at)
        case.stage, case.ended, case.counts = outcome.stage, outcome.ended, dict(outcome.counts)
        limit = p.klass.limit if p.klass else None
        started = clocks.start(
            case_id=case.id,
            starts=outcome.starts,
            class_limit=limit,
            calendar=self.calendar,
            now=p.reported_at,
            procedure=procedure,
        )
        self.clocks += started
        case.due_at = clocks.next_due(started)
        case.soon = case.due_at or FAR
        if not self.quiet:
            self.notices += audience.of_stage(procedure, case, stage=case.stage, centre=self.centre, seq=1)

    def _entries(self, case: Case, p: Prepared) -> None:
        subject = f"case:{case.id}"
        procedure = self.procedures[p.report.matter]
        body = {
            "number": case.number,
            "channel": case.channel,
            "source": case.source,
            "source_id": case.source_id,
            "procedure": [procedure.name, procedure.version],
            "stage": case.stage if not case.history else procedure.first,
            "class": p.klass.key if p.klass else None,
            "area": case.area_id,
            "place": p.located.written,
            "words": hashlib.sha256(case.words.encode()).hexdigest(),
            "photos": list(p.report.photos),
            "reporter": str(case.reporter) if case.reporter else None,
        }
        self.entries.append(NewEntry(subject, "case.reported", self.by.ref, p.reported_at, body))
        done = p.report.history
        if done is not None:
            moments = {name: getattr(done, f"{name}_at") for name in _MOMENTS}
            told = {
                "stage": case.stage,
                **{f"{name}_at": at.isoformat() for name, at in moments.items() if at is not None},
                "late": case.late,
                "unit": case.unit_id,
                "level": done.level or None,
            }
            at = max(case.closed_at or case.handled_at or p.reported_at, p.reported_at)
            self.entries.append(NewEntry(subject, "case.history", self.by.ref, at, told))


def search_body(case: Case) -> str:
    """What a case is found by."""
    return f"{case.words}\n{case.address}".strip()


def new_code() -> str:
    """A code nobody guesses: ten letters and digits that cannot be mistaken for each other (31^10, 49 bits)."""
    number, letters = secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH), ""
    for _n in range(CODE_LENGTH):
        number, letter = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[letter]
    return letters


def facts(case: Case, centre: int | None, switched_on: frozenset[str] = frozenset()) -> engine.Facts:
    """What the procedure may ask of a case; its areas by level (`case.street`), and which scenario switches are on."""
    values = {
        **case.facts,
        **places.by_level(case.areas),
        "channel": case.channel,
        "placed": case.area_id is not None,
        "classed": case.klass_id is not None,
        "contact": case.reporter is not None,
        "late": case.late,
        "rated": case.rating is not None,
        "closed_at": case.closed_at,
        "reported_at": case.reported_at,
        "lon": case.lon,
        "lat": case.lat,
    }
    return engine.Facts(
        values={"case": values, "switches": {key: key in switched_on for key in KNOWN}},
        centre=centre,
        grid=case.home_id,
        areas=tuple(case.areas),
        reporter=case.reported_by,
    )


def _write(model: type[Model], rows: Sequence[Model]) -> None:
    """Write unsaved rows into the model's table (without the column of an id that is None)."""
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    plain = [(f.attname, f.get_internal_type() == "JSONField") for f in fields]
    ready = [[Jsonb(getattr(row, name)) if json else getattr(row, name) for name, json in plain] for row in rows]
    write_rows(model._meta.db_table, [str(f.column) for f in fields], ready)
