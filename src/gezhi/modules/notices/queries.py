"""What somebody should hear: notices to their account and to the posts they hold now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gezhi.lib.actor import Actor
from gezhi.lib.rows import fetched
from gezhi.modules.notices.models import Notice, NoticeRead

MOST_UNREAD = 100  # beyond this a badge shows "99+", so nobody counts further


_UNREAD = """
    SELECT count(*) FROM (
        SELECT FROM notices_notice n WHERE ({}) AND NOT EXISTS (
            SELECT FROM notices_noticeread r WHERE r.notice_id = n.id AND r.account = %s
        ) LIMIT %s
    ) AS unread
"""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice for a reader; `texts.line(kind, params)` gives the sentence. `id` is the key of the next page."""

    id: int
    subject: str
    kind: str
    params: Mapping[str, Any]
    created_at: datetime
    read: bool


def for_actor(actor: Actor, *, before: int | None = None, limit: int = 20) -> list[NoticeView]:
    """The newest notices for this actor, those with an id below `before`; one statement, none for nobody."""
    rows = addressed_to(actor)
    if rows is None:
        return []
    if before is not None:
        rows = rows.filter(id__lt=before)
    shown = rows.annotate(was_read=_read_by(actor)).order_by("-id")[:limit]
    return [NoticeView(row.id, row.subject, row.kind, row.params, row.created_at, bool(row.was_read)) for row in shown]


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read, counted up to MOST_UNREAD; one statement.

    On every page, so in SQL: what `addressed_to` says.
    """
    if actor.account_id is None:
        return 0
    wanted = ["n.account = %s"]
    values: list[int | str] = [actor.account_id]
    for held in actor.posts:
        if held.organisation is not None:
            wanted.append("n.organisation = %s AND n.post IN ('', %s)")
            values += [held.organisation, held.post]
        if held.area is not None:
            wanted.append("n.area = %s AND n.post = %s")
            values += [held.area, held.post]
    found = fetched(_UNREAD.format(" OR ".join(wanted)), [*values, actor.account_id, MOST_UNREAD])
    return int(found[0][0])


def addressed_to(actor: Actor) -> QuerySet[Notice] | None:
    """Rows for this actor, or None where there can be none (no account)."""
    if actor.account_id is None:
        return None
    wanted = Q(account=actor.account_id)
    for held in actor.posts:
        if held.organisation is not None:
            wanted |= Q(organisation=held.organisation, post__in=["", held.post])
        if held.area is not None:
            wanted |= Q(area=held.area, post=held.post)
    return Notice.objects.filter(wanted)


def _read_by(actor: Actor) -> Exists:
    return Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), account=actor.account_id or 0))


def last_before(moment: datetime) -> int:
    """The highest id among notices made before a moment; 0 where there is none."""
    return Notice.objects.filter(created_at__lt=moment).order_by("-id").values_list("id", flat=True).first() or 0
