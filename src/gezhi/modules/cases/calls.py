"""Telephone calls: an order is taken down while somebody speaks; what is only a question is answered there and then.

A procedure that has the move ANSWER lets its acceptors close an enquiry with the answer they gave; where it has none,
every order goes its ordinary way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gezhi.lib.actor import Actor
from gezhi.modules.cases import rules
from gezhi.modules.cases.intake import Receipt, Report
from gezhi.modules.cases.moves import act
from gezhi.modules.cases.queues import Desk
from gezhi.modules.cases.taking import report as take

ANSWER = "answer_at_once"


def may_answer(by: Actor) -> bool:
    """May this person answer an order at once? No query."""
    who = Desk.of(by)
    procedure = who.procedures.get(rules.EVENT)
    move = procedure.moves.get(ANSWER) if procedure else None
    return procedure is not None and move is not None and who.could(procedure, move)


@transaction.atomic
def answered(*, report: Report, answer: str, by: Actor, now: datetime) -> Receipt:
    """Take an order and answer it, both or neither. A known (source, source_id) gives its receipt, answered before.

    Raises BadInput with the field (`words` of the answer: `answer`), NotAllowed.
    """
    receipt = take(report=report, by=by, now=now)
    if receipt.created:
        act(case=receipt.case, move=ANSWER, inputs={"words": answer}, by=by, now=now)
    return receipt
