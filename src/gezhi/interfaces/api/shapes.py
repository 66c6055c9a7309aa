"""What goes in and out, as types: the OpenAPI description is made from them.

Every text is bounded and free of characters that PostgreSQL cannot hold, every number fits its column, so that what is
wrong is said with the name of its field before anybody is asked to do anything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints

LARGEST = 2**62


def _storable(text: str) -> str:
    """Refuses NUL and half characters."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("The text holds a character that cannot be stored.")
    return text


def _in_utc(moment: datetime) -> datetime:
    """Refuses moments that no calendar of ours reaches, and offsets that PostgreSQL does not know."""
    if not 1990 <= moment.year <= 2200:
        raise ValueError("The moment lies outside the years 1990 to 2200.")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Storable = AfterValidator(_storable)
Short = Annotated[str, StringConstraints(max_length=120), Storable]
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_:.-]*$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=r"^[0-9A-Za-z-]+$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^\s*[0-9A-Za-z]+\s*$")]
Photo = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Whole = Annotated[int, Field(ge=1, le=LARGEST)]
Degrees = Annotated[float, Field(allow_inf_nan=False, ge=-180, le=180)]


class Strict(Schema):
    """What comes in: a field nobody knows is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class PlaceIn(Strict):
    """Where: coordinates in degrees, or an area by its code; an address besides."""

    lon: Degrees | None = None
    lat: Degrees | None = None
    crs: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9:_-]+$")] = Field(
        "WGS84", description="CGCS2000, WGS84, GCJ-02, BD-09 or EPSG:n"
    )
    area: Annotated[str, StringConstraints(max_length=40), Storable] = Field("", description="Code of an area")
    address: Annotated[str, StringConstraints(max_length=300), Storable] = ""


class ReporterIn(Strict):
    """Who reports, if they want to be asked: kept encrypted, apart from the case."""

    name: Annotated[str, StringConstraints(max_length=80), Storable] = ""
    phone: Annotated[str, StringConstraints(max_length=40), Storable] = ""


class ReportIn(Strict):
    """A problem. Sent twice with the same `source_id`, it is taken once and answered with the same receipt."""

    words: Annotated[str, StringConstraints(max_length=5000), Storable] = ""
    klass: Short = Field("", alias="class", description="Key, code or name of a class of the catalogue")
    place: PlaceIn | None = None
    photos: list[Photo] = Field([], max_length=9, description="Ids that POST /photos gave")
    reporter: ReporterIn | None = None
    channel: Short = Field("", description="For programs with a key; a key of the list “channels”")
    source_id: Annotated[str, StringConstraints(max_length=120), Storable] = Field(
        "", description="Your own id of this report. Without a key it must be a UUID."
    )
    reported_at: Moment | None = Field(None, description="For programs with a key: when it was reported to them")


class ReceiptOut(Schema):
    """What the reporter keeps: the number to quote and the code to follow it with."""

    number: str
    code: str
    created: bool = Field(description="false: this report was known already")
    follow: str = Field(description="Where its progress can be read")


class PhotoOut(Schema):
    """A stored photo: its id, and its edges in pixels."""

    id: str
    width: int
    height: int


class StepOut(Schema):
    """Something that happened to a case."""

    at: datetime
    title: str


class StageOut(Schema):
    """Where a case stands."""

    key: str
    title: str


class StatusOut(Schema):
    """A report as its reporter may follow it."""

    number: str
    stage: StageOut
    ended: bool
    class_name: str
    area: str
    reported_at: datetime
    closed_at: datetime | None
    rating: int | None
    steps: list[StepOut]
    moves: list[str] = Field(description="What the reporter may do now")


class ReportMoveIn(Strict):
    """A move of the reporter: withdraw, rate."""

    code: Code
    move: Key
    inputs: dict[Short, Any] = Field({}, max_length=40)


class ClassOut(Schema):
    """A class of the catalogue in force."""

    key: str
    kind: str
    code: str
    name: str
    name_en: str
    major: str
    limit: str


class AreaOut(Schema):
    """An area in force. `path` are ids from the root, itself included."""

    id: int
    layer: str
    code: str
    name: str
    name_en: str
    level: str
    parent: int | None
    path: list[int]
    synthetic: bool


class AreasOut(Schema):
    """A page of areas; `next` is the id to go on after."""

    items: list[AreaOut]
    next: int | None


class UnitOut(Schema):
    """An organisation that can be given work."""

    id: int
    code: str
    name: str
    kind: str
    parent: int | None


class QueueOut(Schema):
    """A queue of the caller with its counts."""

    key: str
    title: str
    count: int
    late: int
    unplaced: int


class CaseRowOut(Schema):
    """A line of a list of cases."""

    number: str
    words: str
    class_name: str
    stage: StageOut
    area: str
    address: str
    channel: str
    reported_at: datetime
    due_at: datetime | None
    late: bool
    placed: bool
    unit: str
    rework: int
    lon: float | None
    lat: float | None


class CasesOut(Schema):
    """A page of cases, the soonest due first; `next` is the cursor to go on after."""

    items: list[CaseRowOut]
    next: str | None


class NeedOut(Schema):
    """A field a move needs. `choices`: key → title."""

    key: str
    title: str
    kind: str
    optional: bool
    least: float | None
    most: float | None
    choices: dict[str, str]


class MoveOut(Schema):
    """A move the caller may make now."""

    move: str
    assignment: str | None
    title: str
    needs: list[NeedOut]


class ClockOut(Schema):
    """A limit of a case."""

    name: str
    title: str
    limit: str
    assignment: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    paused: bool
    missed: bool


class TaskOut(Schema):
    """One unit's task on a case."""

    key: str
    kind: str
    kind_title: str
    unit: int | None
    unit_name: str
    lead: bool
    stage: StageOut
    ended: bool
    round: int
    what: str
    named_at: datetime | None
    helpers: list[int]


class StoryOut(Schema):
    """One entry of a case's story. `photos` by id."""

    seq: int
    at: datetime
    kind: str
    title: str
    by: str
    duty: str
    words: dict[str, str]
    photos: list[str]
    hash: str


class CaseOut(Schema):
    """A case with everything its page shows."""

    number: str
    revision: int
    stage: StageOut
    ended: bool
    words: str
    class_key: str | None
    class_name: str
    channel: str
    area: str
    areas: list[int]
    address: str
    lon: float | None
    lat: float | None
    unit: int | None
    reported_at: datetime
    handled_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    late: bool
    rating: int | None
    photos: list[str]
    tasks: list[TaskOut]
    clocks: list[ClockOut]
    story: list[StoryOut]
    moves: list[MoveOut]


class MoveIn(Strict):
    """A move. `revision` is what the caller saw of the case: where somebody was faster, the move is refused (409).

    `inputs`: field → value as the move's needs say; photos by the ids POST /photos gave, units by id, a class by key,
    a place as {"lon", "lat", "crs"} or {"area": id}, another case by its number, items of a plan as
    [{"what", "unit", "due", "assist"}].
    """

    move: Key
    assignment: Key | None = None
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    inputs: dict[Short, Any] = Field({}, max_length=40)


class MovedOut(Schema):
    """What came of a move."""

    number: str
    stage: str
    revision: int
    seq: int
    ended: bool


class TokenIn(Strict):
    """A key to be made for one's own account."""

    label: Short
    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
    days: Annotated[int, Field(ge=1, le=400)] = 365


class TokenOut(Schema):
    """A key; `secret` is shown once, when it is made."""

    id: int
    label: str
    source: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    secret: str | None = None


class HealthOut(Schema):
    """Is the product well?"""

    status: str


class ProblemOut(Schema):
    """One field that cannot be taken, and why."""

    field: str | None
    sentence: str


class ErrorOut(Schema):
    """Why something was refused; `sentence` is for people, in the language they asked for."""

    code: str
    sentence: str
    field: str | None
    problems: list[ProblemOut]
    request_id: str


class FailureOut(Schema):
    """Every refusal looks like this."""

    error: ErrorOut


REFUSED = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), FailureOut)
"""What every operation may answer besides."""
