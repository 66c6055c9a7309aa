"""The optional writing assistant: a summary of a case, or a draft of the reply, by any endpoint that speaks OpenAI's
chat protocol and that the owner has configured, on their own premises for choice.

Off by default: it needs the endpoint in the settings and the scenario switch `assistant`, approved by two people. What
it is sent has telephone, identity and card numbers masked; what it answers is a draft that a person reads, changes and
sends as their own. A job calls it, so no page waits for it and nothing stands still without it.
"""

from __future__ import annotations

import hashlib
import json
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gezhi.engines import triage
from gezhi.lib import jobs
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, Refusal, WrongState
from gezhi.modules.advice import events, policies
from gezhi.modules.advice.models import ASKED, FAILED, WRITTEN, AssistantDraft
from gezhi.modules.cases import queries as cases
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import queries as territory

SWITCH = "assistant"
TASK = "gezhi.write_draft"
SUMMARY, REPLY = "summary", "reply"
SECONDS = 60
GIVEN_UP = timedelta(minutes=5)  # after which a draft that was asked for has failed
KEPT = timedelta(days=30)
LONGEST = 4_000  # characters of an answer that are kept
STEPS, MATERIAL = 12, 8_000  # entries and characters of a case that are sent
LARGEST = 1_000_000  # bytes of an answer that are read

_TASKS = {
    SUMMARY: "用三句话概括这件城市治理案件：什么问题、办到哪一步、还差什么。只用材料里的事实，不猜测，不评价个人。",
    REPLY: "代承办单位起草给市民的答复：何时受理、与谁联系、做了什么、何时完成。"
    "只用材料里的事实，缺什么就写“（待补）”。",
}


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft that was asked for. `failure`: a sentence's key where it failed."""

    id: int
    purpose: str
    state: str
    text: str
    model_name: str
    failure: str
    asked_at: datetime

    @property
    def waits(self) -> bool:
        """Is it still being written?"""
        return self.state == ASKED


class _NoWayOn(urllib.request.HTTPRedirectHandler):
    """An endpoint answers itself: what it is sent goes nowhere else."""

    def redirect_request(self, *_given: Any) -> None:
        """Never."""


_OPENER = urllib.request.build_opener(_NoWayOn, urllib.request.ProxyHandler({}))


def configured() -> bool:
    """Has the owner named an endpoint?"""
    return bool(settings.GEZHI_ASSISTANT_URL)


def is_on(*, now: datetime) -> bool:
    """Is there an endpoint, and is the switch on? One query where there is one."""
    return configured() and switches.is_on(SWITCH, now)


@transaction.atomic
def ask(*, number: str, purpose: str, by: Actor, now: datetime) -> int:
    """Ask for a draft about a case the actor sees; its id. Raises Unavailable while the assistant is off, NotThere,
    BadInput for an unknown purpose, WrongState where one is being written already."""
    if purpose not in _TASKS:
        raise BadInput(_("There is a summary or a reply to ask for."), field="purpose")
    if not is_on(now=now):
        raise policies.assistant_is_off()
    case = cases.glance(by, number).case
    mine = AssistantDraft.objects.filter(case_id=case, asked_by=by.ref, state=ASKED)
    mine.filter(asked_at__lt=now - GIVEN_UP).update(state=FAILED, failure="stuck", done_at=now)
    try:
        with transaction.atomic():
            row = AssistantDraft.objects.create(case_id=case, purpose=purpose, asked_by=by.ref, asked_at=now)
    except IntegrityError as twice:
        raise WrongState(_("A draft for this case is being written already.")) from twice
    body = {"case": number, "purpose": purpose}
    ledger.append(subject=f"draft:{row.id}", kind=events.DRAFT_ASKED, by=by, now=now, body=body)
    jobs.enqueue(TASK, draft=row.id)
    return row.id


def draft(*, number: int, by: Actor, now: datetime) -> DraftView:
    """One's own draft; one that nobody wrote within minutes has failed. Raises NotThere. One query."""
    row = AssistantDraft.objects.filter(id=number, asked_by=by.ref).first()
    if row is None:
        raise NotThere(_("There is no such draft of yours."))
    stuck = row.state == ASKED and row.asked_at < now - GIVEN_UP
    state, failure = (FAILED, "stuck") if stuck else (row.state, row.failure)
    return DraftView(row.id, row.purpose, state, row.text, row.model_name, failure, row.asked_at)


def write(*, number: int, now: datetime) -> bool:
    """Have a draft written, once. True where there is a text now. May be called again without harm."""
    row = AssistantDraft.objects.filter(id=number, state=ASKED).first()
    if row is None:
        return False
    sent = ""
    try:
        if not is_on(now=now):
            raise ValueError("The assistant was switched off meanwhile.")
        material = _material(row.case.number, _asker(row.asked_by, now))
        sent = hashlib.sha256(material.encode()).hexdigest()
        done = {"state": WRITTEN, "text": _answer(row.purpose, material), "failure": ""}
    except (Refusal, OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError) as trouble:
        done = {"state": FAILED, "failure": type(trouble).__name__[:200]}
    with transaction.atomic():
        kept = AssistantDraft.objects.filter(id=number, state=ASKED)
        if not kept.update(**done, done_at=now, model_name=settings.GEZHI_ASSISTANT_MODEL[:120]):
            return False
        written = hashlib.sha256(done.get("text", "").encode()).hexdigest()
        body = {"state": done["state"], "model": settings.GEZHI_ASSISTANT_MODEL[:120], "sent": sent, "text": written}
        ledger.append(subject=f"draft:{number}", kind=events.DRAFT_WRITTEN, by=Actor.system(), now=now, body=body)
    return done["state"] == WRITTEN


def expire(*, now: datetime) -> int:
    """Delete drafts whose time is over; how many."""
    return AssistantDraft.objects.filter(asked_at__lt=now - KEPT).delete()[0]


def _asker(ref: str, now: datetime) -> Actor:
    """Who asked, with the posts they hold now."""
    return territory.actor_for(int(ref.removeprefix("account:")), on=now.date())


def _material(number: str, by: Actor) -> str:
    """What the assistant is told of a case, as the asker sees it: class, place, words, what was done; numbers of
    persons masked."""
    seen = cases.case(by, number)
    row = seen.row
    lines = [f"分类：{row.class_name}", f"地点：{row.area_name} {row.address}", f"反映：{row.words}"]
    for step in seen.story[-STEPS:]:
        said = "；".join(words for _field, words in step.words)
        lines.append(f"{step.entry.at:%m-%d %H:%M} {step.title.get('zh', '')} {said}".strip())
    return triage.masked("\n".join(lines))[:MATERIAL]


def _answer(purpose: str, material: str) -> str:
    """What the endpoint says. Raises OSError and its kin, ValueError, KeyError for anything that is no answer."""
    body = {
        "model": settings.GEZHI_ASSISTANT_MODEL,
        "messages": [{"role": "system", "content": _TASKS[purpose]}, {"role": "user", "content": material}],
        "temperature": 0.2,
    }
    url = settings.GEZHI_ASSISTANT_URL.rstrip("/") + "/chat/completions"
    if not url.startswith(("http://", "https://")):
        raise ValueError("GEZHI_ASSISTANT_URL begins with http:// or https://.")
    headers = {"Content-Type": "application/json"}
    if settings.GEZHI_ASSISTANT_KEY:
        headers["Authorization"] = f"Bearer {settings.GEZHI_ASSISTANT_KEY}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 (checked above)
    with _OPENER.open(request, timeout=SECONDS) as response:
        told = json.loads(response.read(LARGEST))
    text = str(told["choices"][0]["message"]["content"]).strip()
    if not text:
        raise ValueError("The assistant said nothing.")
    return text[:LONGEST]
