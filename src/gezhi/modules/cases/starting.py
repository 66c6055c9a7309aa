"""Beginning what is not a report: a whistle, a project, a decision of a meeting; afresh, or for a case that is there.

A matter begins by its first move, made in the same transaction: whoever may not make that move has begun nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gezhi.engines import procedure as engine
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere
from gezhi.modules.cases import intake, policies, rules
from gezhi.modules.cases.agenda import DECISION
from gezhi.modules.cases.deeds import LINKS, class_of, join, place_of
from gezhi.modules.cases.intake import Report
from gezhi.modules.cases.models import Case
from gezhi.modules.cases.moves import Moved, act
from gezhi.modules.cases.places import Place
from gezhi.modules.cases.queues import Desk


@dataclass(frozen=True, slots=True)
class Beginning:
    """What begins: the procedure, its first move and what that needs, where, and for which case (by number).

    `link`: how it belongs to that case, see `deeds`. `source_id`: of whoever begins it, so that a second try is known.
    """

    matter: str
    move: str
    inputs: Mapping[str, Any]
    words: str = ""
    place: Place = field(default_factory=Place)
    origin: str = ""
    link: str = ""
    channel: str = ""
    source_id: str = ""


def beginnings(by: Actor) -> list[tuple[engine.Procedure, engine.Move]]:
    """What the actor's posts may begin: every matter but the ordinary event (it is reported) and decisions (they are
    taken in a meeting), with its first move. No query."""
    who = Desk.of(by)
    return [
        (procedure, move)
        for procedure in who.procedures.values()
        for move in procedure.by_hand.get(procedure.first, ())
        if procedure.name not in {rules.EVENT, DECISION} and not move.aside and who.could(procedure, move)
    ]


def start(*, beginning: Beginning, by: Actor, now: datetime) -> Moved:
    """Begin a matter and make its first move; a known `source_id` gives what it began before.

    Raises NotThere (foreign case), BadInput, NotAllowed, WrongState.
    """
    policies.check_may_use_desk(by)
    if (known := _known(beginning)) is not None:
        return known
    try:
        return _start(beginning, by, now)
    except IntegrityError:
        if (known := _known(beginning)) is None:
            raise
        return known


def _known(beginning: Beginning) -> Moved | None:
    if not beginning.source_id:
        return None
    case = Case.objects.filter(source=beginning.matter, source_id=beginning.source_id).first()
    return Moved(case.id, case.stage, case.revision, 1, case.ended, case.number) if case else None


@transaction.atomic
def _start(beginning: Beginning, by: Actor, now: datetime) -> Moved:
    if beginning.matter not in rules.matters():
        raise BadInput(_("There is no procedure “%(name)s”.") % {"name": beginning.matter[:60]}, field="matter")
    origin = _origin(beginning.origin, by)
    report = Report(
        channel=beginning.channel or (origin.channel if origin else "whistle"),
        source=beginning.matter,
        source_id=beginning.source_id or uuid4().hex,
        words=beginning.words or (origin.words if origin else ""),
        place=place_of(origin) if origin is not None and not _placed(beginning.place) else beginning.place,
        klass=class_of(origin) if origin is not None else "",
        matter=beginning.matter,
    )
    prepared = intake.prepare([report], now=now)[0]
    if isinstance(prepared, BadInput):
        raise prepared
    receipt = intake.store([prepared], by=by, now=now)[0]
    if origin is not None and (link := beginning.link or LINKS.get(beginning.matter, "")):
        join(Case.objects.get(id=receipt.case), origin.id, link, by=by, now=now)
    return act(case=receipt.case, move=beginning.move, inputs=beginning.inputs, by=by, now=now)


def _placed(place: Place) -> bool:
    return place.pointed or bool(place.area_code or place.area_name)


def _origin(number: str, by: Actor) -> Case | None:
    if not number:
        return None
    found = Case.objects.select_related("klass", "home").filter(policies.visible(by), number=number.strip()).first()
    if found is None:
        raise NotThere(_("There is no such case within your responsibility."))
    return found
