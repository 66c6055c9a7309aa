"""Jobs: each translates, makes one domain call, and may be run twice without harm.

Work that is many is done in batches: a job that finds nothing left to do ends at once. The clock of the machine is
read here and handed down as `now`.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from gezhi.interfaces.jobs import bringing
from gezhi.lib.actor import Actor
from gezhi.modules.advice import operations as advice
from gezhi.modules.cases import imports
from gezhi.modules.cases import operations as cases
from gezhi.modules.command import operations as command
from gezhi.modules.files import operations as files
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.ledger import queries as ledger_queries
from gezhi.modules.notices import operations as notices
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches import sealed, vault
from gezhi.modules.territory import adoption

log = structlog.get_logger()
CHANNEL = "gezhi"
SLOW = "slow"  # jobs that take long run one at a time, so that limits and notices always find a free hand
SEALED_AT, TRAINED_AT, CLEARED_AT = 1, 2, 4  # hours of the profile's zone


def _local(now: datetime) -> datetime:
    """The moment on the clocks of the place; UTC before a profile is in force."""
    zone = switches.profile().zone if switches.in_force() else "UTC"
    return now.astimezone(ZoneInfo(zone))


@app.task(name="gezhi.send_notices", queue="notices")
def send_notices(subject: str = "", seq: int = 0, kind: str = "") -> int:
    """Send what waits, and tell open desks that queues may have changed. Woken by entries of the ledger."""
    sent = notices.send_pending(now=timezone.now(), limit=500)
    if sent:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '{"topic": "queues"}'])
    return sent


@app.periodic(cron="*/20 * * * * *")
@app.task(name="gezhi.fire_limits", queue="clock", queueing_lock="fire_limits", pass_context=False)
def fire_limits(timestamp: int) -> int:
    """Record the limits that have passed, until none is left."""
    fired = 0
    while batch := cases.fire_due(now=timezone.now()):
        fired += batch
    if fired:
        log.info("limits_fired", count=fired)
    return fired


@app.periodic(cron="* * * * *")
@app.task(name="gezhi.send_left_notices", queue="notices", queueing_lock="send_left_notices")
def send_left_notices(timestamp: int) -> int:
    """Send notices that no job was woken for, a thousand at a time."""
    sent = 0
    while batch := notices.send_pending(now=timezone.now(), limit=1000):
        sent += batch
    return sent


@app.periodic(cron="*/10 * * * *")
@app.task(name="gezhi.rehome_cases", queue="clock", pass_context=False)
def rehome_cases(timestamp: int = 0, subject: str = "", seq: int = 0, kind: str = "") -> int:
    """Open cases in grids that were redrawn go to their new grid. Woken by an adopted plan, and now and then."""
    moved = 0
    while batch := cases.rehome(now=timezone.now()):
        moved += batch
    if moved:
        log.info("cases_rehomed", count=moved)
    return moved


@app.periodic(cron="*/15 * * * *")
@app.task(name="gezhi.apply_plans", queue="clock", queueing_lock="apply_plans")
def apply_plans(timestamp: int) -> int:
    """Put scheduled plans in force whose day has come, by the clocks of the place."""
    now = timezone.now()
    applied = adoption.apply_due(today=_local(now).date(), now=now)
    if applied:
        log.info("plans_applied", plans=applied)
    return len(applied)


@app.task(name="gezhi.draw_grids", queue="drawing", lock=SLOW)
def draw_grids(run: int) -> None:
    """Work a districting run; one at a time, so that limits and notices never wait for it."""
    from gezhi.interfaces.jobs import districting  # with its solver: what only this job needs

    districting.draw(run, timezone.now())


@app.task(name="gezhi.bring_in", queue="drawing", lock=SLOW)
def bring_in(number: int) -> None:
    """Try a file that was sent to the desk, or take it."""
    bringing.work(number, timezone.now())


@app.task(name="gezhi.recount_clocks", queue="clock", pass_context=False)
def recount_clocks(subject: str = "", seq: int = 0, kind: str = "") -> None:
    """The working calendar has changed: every open limit goes to where it belongs now."""
    last = 0
    while last := cases.recount(now=timezone.now(), after=last):
        pass


@app.periodic(cron="10 * * * *")
@app.task(name="gezhi.seal_ledger", queue="clock", queueing_lock="seal_ledger")
def seal_ledger(timestamp: int) -> None:
    """Sign the root of the day that is over, once, by the clocks of the place; make the partitions of coming months.

    A worker that was down catches up at its first full hour: one root then covers all that was not sealed.
    """
    now = timezone.now()
    over = _local(now).date() - timedelta(days=1)
    sealed = ledger_queries.last_day()
    if _local(now).hour < SEALED_AT or (sealed is not None and sealed >= over):
        return
    ledger.seal(now=now, private_key=base64.b64decode(settings.GEZHI_SIGNING_KEY), day=over)
    ledger.prepare_months(first=now.date(), last=(now + timedelta(days=92)).date())


@app.periodic(cron="*/15 * * * * *")
@app.task(name="gezhi.suggest", queue="drawing", queueing_lock="suggest")
def suggest(timestamp: int) -> int:
    """Suggest a class, then a unit, for open cases that have no suggestion yet."""
    return advice.suggest(now=timezone.now()) if switches.in_force() else 0


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="gezhi.look_for_spots", queue="drawing", lock=SLOW, queueing_lock="look_for_spots")
def look_for_spots(timestamp: int) -> int:
    """Look for what is reported unusually often."""
    return advice.look(now=timezone.now()) if switches.in_force() else 0


@app.periodic(cron="17 * * * *")
@app.task(name="gezhi.train_models", queue="drawing", lock=SLOW, queueing_lock="train_models")
def train_models(timestamp: int, at_once: bool = False) -> None:
    """At night: train a class model on what was decided; it goes into service only where it is better."""
    now = timezone.now()
    if switches.in_force() and (at_once or _local(now).hour == TRAINED_AT):
        advice.train(by=Actor.system(), now=now)


@app.task(name="gezhi.write_draft", queue="drafts", lock=SLOW)
def write_draft(draft: int) -> bool:
    """Have the writing assistant write a draft that somebody asked for."""
    return advice.write_draft(number=draft, now=timezone.now())


@app.periodic(cron="25 * * * *")
@app.task(name="gezhi.draft_agenda", queue="clock", queueing_lock="draft_agenda")
def draft_agenda(timestamp: int) -> int:
    """From the afternoon before the weekly meeting: draft its agenda, once. 1 where there is one, 0 where it is not
    time yet, or the city has no such meeting."""
    return 1 if switches.in_force() and command.draft_due(by=Actor.system(), now=timezone.now()) else 0


@app.periodic(cron="40 * * * *")
@app.task(name="gezhi.expire_personal", queue="clock", queueing_lock="expire_personal")
def expire_personal(timestamp: int) -> None:
    """At night: delete personal values and notices whose time is over, and what was left half-way: photos, files that
    were sent to be brought in."""
    now = timezone.now()
    if _local(now).hour != CLEARED_AT:
        return
    while vault.expire(now=now):
        pass
    while notices.expire(now=now):
        pass
    advice.expire(now=now)
    imports.expire(now=now)
    sealed.expire(now=now)
    files.sweep(now=now)


@app.periodic(cron="* * * * *")
@app.task(name="gezhi.rescue_jobs", queue="clock", queueing_lock="rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs back whose worker died while doing them: they run again, and running again is harmless."""
    manager: Any = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await manager.retry_job(job)
        log.warning("job_rescued", job=job.id, task=job.task_name)


@app.periodic(cron="20 3 * * *")
@app.task(name="gezhi.remove_old_jobs", queue="clock", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget finished jobs after three days; failed ones stay for the administrator."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72)
