"""Tables of the cases room. A case has one stage of one procedure version; assignments run beside it; clocks run on
either. Words that people write are here (erasable, phone and identity numbers taken out), never in the ledger.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from gezhi.lib.levels import INTERNAL, PUBLIC, SENSITIVE

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""When nothing is due."""


class ProcedureVersion(models.Model):
    """A procedure as it was when cases were born with it. Never changed, only superseded."""

    data_level = PUBLIC

    name = models.CharField(max_length=60)
    version = models.IntegerField()
    digest = models.CharField(max_length=64)
    document = models.TextField()  # JSON text: jsonb would lose the order of stages, which means something
    adopted_at = models.DateTimeField()
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="procedure_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(in_force=True), name="procedure_one_in_force"),
        ]


class Case(models.Model):
    """One matter from report to close. `areas` holds the ids on the paths of all layers at its place.

    `area` and its name are those it was born in and stay; `home` is the area that answers for its place today.
    `matter` names its procedure: an ordinary event, a whistle, a project. `exempt`: an appeal against `late` was
    granted; `late` itself stays. `solved_at`: the level that solved it. `soon` is `due_at`, or far away: what lists are
    ordered by.
    """

    data_level = INTERNAL
    data_levels = {"query_code": SENSITIVE, "number": PUBLIC, "class_name": PUBLIC, "stage": PUBLIC}

    number = models.CharField(max_length=24, unique=True)
    query_code = models.CharField(max_length=12)
    channel = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases", db_index=False)
    matter = models.CharField(max_length=60, default="event")
    stage = models.CharField(max_length=40)
    ended = models.BooleanField(default=False)
    revision = models.IntegerField(default=1)
    counts = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    klass = models.ForeignKey("catalogue.Class", null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    class_name = models.CharField(max_length=200, blank=True, default="")
    limit = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(blank=True, default="")

    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True, default="")
    area = models.ForeignKey(
        "territory.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    home = models.ForeignKey(
        "territory.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    areas = ArrayField(models.BigIntegerField(), default=list)
    area_name = models.CharField(max_length=300, blank=True, default="")

    reporter = models.UUIDField(null=True, blank=True)
    reported_by = models.CharField(max_length=80)
    unit = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    reported_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    soon = models.DateTimeField(default=FAR)
    late = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    solved_at = models.CharField(max_length=20, blank=True, default="")
    rating = models.SmallIntegerField(null=True, blank=True)
    history = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="case_source_once"),
            models.UniqueConstraint(fields=["query_code"], name="case_query_code_once"),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False), name="case_place_whole"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("reported_at")), name="case_closed_after_reported"
            ),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="case_rating_range"),
        ]
        indexes = [
            models.Index(fields=["matter", "stage", "soon", "id"], condition=Q(ended=False), name="case_queue"),
            models.Index(fields=["home"], condition=Q(ended=False), name="case_home_open"),
            models.Index(fields=["area", "-id"], name="case_area_newest"),
            models.Index(fields=["klass", "-id"], name="case_class_newest"),
            GinIndex(fields=["areas"], name="case_areas"),
            models.Index(fields=["reporter"], name="case_reporter", condition=Q(reporter__isnull=False)),
            models.Index(fields=["cell"], name="case_cell"),
            models.Index(fields=["cell"], condition=Q(ended=False), name="case_cell_open"),
            models.Index(fields=["-closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["-reported_at"], name="case_reported"),
        ]


class SearchText(models.Model):
    """What a case is found by: its words and address, in a table of their own, so that a move does not write them
    anew. Indexed by characters and pairs of characters (`zh_grams`), which finds Chinese words of any length."""

    data_level = SENSITIVE

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    body = models.TextField()


class Meta:
    constraints = [
        models.UniqueConstraint(fields=["account", "name"], name="saved_view_once"),
        models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
    ]


class Link(models.Model):
    """Why two cases belong together, told from the later one: it was merged into, split from, blown for, made of the
    other."""

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="link_not_to_itself"),
        ]


class Assignment(models.Model):
    """One unit's task on a case, with a small procedure of its own; without a unit it waits for whoever has the duty.

    `named_at` is the moment named for it (an item of a plan), `helpers` the units that assist; what is to be done is a
    remark of the field `item.<key>`.
    """

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    helpers = ArrayField(models.BigIntegerField(), default=list, blank=True)
    named_at = models.DateTimeField(null=True, blank=True)
    lead = models.BooleanField(default=False)
    stage = models.CharField(max_length=40)
    ended = models.BooleanField(default=False)
    round = models.SmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="assignment_key_once")]
        indexes = [models.Index(fields=["unit", "stage", "-case"], name="assignment_unit")]


class Clock(models.Model):
    """A limit that runs, ran, or stands still. Open while `stopped_at` is null.

    `pauses`: [[from, to], …] as ISO moments, `to` null while it stands still; `extras`: limits added to it. Everything
    that is due follows from these by the calendar (see `clocks`). `fired`: the last percentage of the limit that was
    acted on, `next_at` when the next one comes.
    """

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    assignment_key = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=40)
    limit = models.CharField(max_length=40)
    why = models.CharField(max_length=120, blank=True, default="")
    started_at = models.DateTimeField()
    amber_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    missed = models.BooleanField(default=False)
    pauses = models.JSONField(default=list, blank=True)
    extras = models.JSONField(default=list, blank=True)
    fired = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "assignment_key", "name"], condition=Q(stopped_at=None), name="clock_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(stopped_at=None, next_at__isnull=False))
        ]


class Hand(models.Model):
    """Who acted in which duty on a case: what keeps separated duties apart."""

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hands")
    duty = models.CharField(max_length=40)
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "duty", "by"], name="hand_once")]


class Remark(models.Model):
    """Words written with a move, kept apart from the ledger so that they can be erased."""

    data_level = SENSITIVE

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="remarks")
    seq = models.IntegerField()
    field = models.CharField(max_length=40)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq", "field"], name="remark_once")]


class Score(models.Model):
    """One whistle, one score: what the blower gave a unit, by part; `corrected` after an objection was upheld."""

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="scores")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    unit = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="scores")
    speed = models.SmallIntegerField()
    cooperation = models.SmallIntegerField()
    solved = models.SmallIntegerField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    corrected = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment"], name="score_once"),
            models.CheckConstraint(
                condition=Q(speed__range=(0, 30), cooperation__range=(0, 30), solved__range=(0, 40)), name="score_range"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-at"], name="score_unit")]


class FollowUp(models.Model):
    """What a reporter said after closing, asked by telephone or given by the link. Not valid: nobody was reached."""

    data_level = SENSITIVE

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    valid = models.BooleanField(default=True)
    responded = models.BooleanField(null=True, blank=True)
    resolved = models.BooleanField(null=True, blank=True)
    grade = models.SmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade=None) | Q(grade__range=(1, 5)), name="follow_up_grade"),
            models.CheckConstraint(condition=Q(valid=False) | Q(grade__isnull=False), name="follow_up_valid_graded"),
        ]
        indexes = [models.Index(fields=["-at"], name="follow_up_at")]


class Attachment(models.Model):
    """A picture that belongs to a case, and the ledger entry it came with."""

    data_level = INTERNAL

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    seq = models.IntegerField()
    field = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "file", "seq", "field"], name="attachment_once")]


class Presence(models.Model):
    """Somebody has a case's page open just now: good for seconds, see `presence`. Unlogged, tied to nothing."""

    data_level = INTERNAL

    case_key = models.BigIntegerField()
    account = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_key", "account"], name="presence_once")]


class ImportState(models.TextChoices):
    """Where a file that is brought in stands. `checking` and `bringing`: a job waits or works."""

    CHECKING = "checking", "checking"
    CHECKED = "checked", "checked"
    BRINGING = "bringing", "bringing"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class Import(models.Model):
    """A file brought in at the desk: first tried, then, when somebody said so, taken. The counts are those of the try
    until it is taken. `sealed` is the file in the vault's keeping, None when it is done with; `columns` are pairs of
    heading and field, "" for one that is not used. `language`: of the sentences of its rejects."""

    data_level = INTERNAL
    data_levels = {"name": SENSITIVE, "columns": SENSITIVE, "message": SENSITIVE}

    plan = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    sealed = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    columns = models.JSONField(default=list)
    rows = models.IntegerField()
    read = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    message = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="imports")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(read__lte=F("rows")), name="import_read_within"),
            models.CheckConstraint(
                condition=Q(read=F("created") + F("unchanged") + F("rejected")), name="import_counts_add_up"
            ),
        ]


class ImportReject(models.Model):
    """A row of a file that was not taken: its line, the field ("": the whole row), a sentence. Personal values and
    numbers that lead to a person are masked before they come here."""

    data_level = SENSITIVE

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejects", db_index=False)
    line = models.IntegerField()
    field = models.CharField(max_length=40, blank=True, default="")
    problem = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["brought", "line", "id"], name="import_reject_line")]
