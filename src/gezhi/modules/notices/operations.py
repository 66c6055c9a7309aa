"""Putting notices (in the transaction of what they tell of), sending them, reading them, and letting them go.

Sending means telling open pages through NOTIFY on the channel `gezhi` that something is there for them; the message
holds ids only, and PostgreSQL delivers it exactly when the mark `sent_at` commits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed
from gezhi.modules.notices import policies, queries, texts
from gezhi.modules.notices.models import Notice, NoticeRead
from gezhi.modules.switches import retention

CHANNEL = "gezhi"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to one account; or to the holders of a post in an organisation (any post: "") or over an area. Ids.

    `dedupe` (at most 200 characters) makes a second putting of the same news do nothing. `at`: when it
    happened, where that is not now.
    """

    subject: str
    kind: str
    dedupe: str
    at: datetime | None = None
    account: int | None = None
    organisation: int | None = None
    area: int | None = None
    post: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.account, self.organisation, self.area)) != 1:
            raise ValueError("a notice goes to an account, an organisation or an area: exactly one of them")
        if (self.account is not None and self.post) or (self.area is not None and not self.post):
            raise ValueError("a notice over an area names the post, one to an account does not")


def put(*, notice: NewNotice, now: datetime) -> None:
    """Put one notice; see `put_many`."""
    put_many(notices=[notice], now=now)


@transaction.atomic(savepoint=False)
def put_many(*, notices: Sequence[NewNotice], now: datetime) -> None:
    """Put notices in the caller's transaction; those whose `dedupe` is known are left alone. One statement.

    Raises ValueError on a kind that `texts` has no words for. Writes no ledger entry: what it tells of has one.
    """
    for one in notices:
        texts.check_known(one.kind)
    Notice.objects.bulk_create(
        [
            Notice(
                account=one.account,
                organisation=one.organisation,
                area=one.area,
                post=one.post,
                subject=one.subject,
                kind=one.kind,
                params=dict(one.params),
                dedupe=one.dedupe,
                created_at=one.at or now,
            )
            for one in notices
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def send_pending(*, now: datetime, limit: int = 500) -> int:
    """Send up to `limit` unsent notices, oldest first, and mark each once; returns how many.

    Several workers may run at once: each takes rows no other holds. One message a recipient, e.g.
    `{"topic": "notices", "account": 12}` or `{"topic": "notices", "organisation": 3, "post": "acceptor"}`.
    """
    unsent = Notice.objects.select_for_update(skip_locked=True).filter(sent_at=None).order_by("id")
    rows = list(unsent.values_list("id", "account", "organisation", "area", "post")[:limit])
    if not rows:
        return 0
    Notice.objects.filter(id__in=[row[0] for row in rows]).update(sent_at=now)
    messages = sorted({_message(*row[1:]) for row in rows})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, said) FROM unnest(%s::text[]) AS said", [CHANNEL, messages])
    return len(rows)


@transaction.atomic
def mark_read(*, notice: int, by: Actor, now: datetime) -> None:
    """The actor has read it; a second time does nothing. Raises NotAllowed, NotThere (not theirs).

    Writes no ledger entry: what somebody reads is not a trace of work.
    """
    account = policies.check_may_read(by, notice)
    NoticeRead.objects.bulk_create([NoticeRead(account=account, notice_id=notice, read_at=now)], ignore_conflicts=True)


@transaction.atomic
def mark_all_read(*, until: int, by: Actor, now: datetime) -> int:
    """The actor has read all their notices with ids up to `until`; returns how many were unread. Raises NotAllowed."""
    rows, account = queries.addressed_to(by), by.account_id
    if rows is None or account is None:
        raise NotAllowed(policies.no_account())
    unread = rows.filter(id__lte=until).exclude(reads__account=account).values_list("id", flat=True)
    read = [NoticeRead(account=account, notice_id=notice, read_at=now) for notice in unread]
    NoticeRead.objects.bulk_create(read, ignore_conflicts=True, batch_size=5_000)
    return len(read)


@transaction.atomic
def expire(*, now: datetime, limit: int = 5_000) -> int:
    """Delete up to `limit` sent notices older than the retention of `notices`; returns how many."""
    before = now - timedelta(days=retention.days("notices"))
    old = Notice.objects.filter(created_at__lt=before, sent_at__isnull=False).order_by("created_at")
    ids = list(old.values_list("id", flat=True)[:limit])
    Notice.objects.filter(id__in=ids).delete()
    return len(ids)


def _message(account: int | None, organisation: int | None, area: int | None, post: str) -> str:
    to = {"account": account, "organisation": organisation, "area": area, "post": post or None}
    return json.dumps({"topic": "notices", **{name: value for name, value in to.items() if value is not None}})
