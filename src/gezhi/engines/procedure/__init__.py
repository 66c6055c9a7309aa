"""The procedure engine: how a matter moves from hand to hand, told by a document and played by pure functions.

See README.md of this folder. Everything a caller needs is exported here.
"""

from gezhi.engines.procedure.advance import advance, begin, clock_moves, moves_open
from gezhi.engines.procedure.diagram import diagram
from gezhi.engines.procedure.lint import lint
from gezhi.engines.procedure.load import load
from gezhi.engines.procedure.model import (
    CLOCK,
    Alarm,
    Clock,
    Condition,
    Duty,
    Graded,
    Holder,
    Kind,
    Move,
    Need,
    Opening,
    Path,
    Problem,
    Procedure,
    ProcedureError,
    ProcedureFault,
    Stage,
    Standing,
    Text,
    Where,
)
from gezhi.engines.procedure.refusals import SENTENCES, Refusal
from gezhi.engines.procedure.state import (
    Actor,
    Advance,
    AssignmentState,
    ClockMove,
    ClockStart,
    Facts,
    OpenMove,
    State,
    as_json,
)

__all__ = [
    "CLOCK", "SENTENCES", "Actor", "Advance", "Alarm", "AssignmentState", "Clock", "ClockMove", "ClockStart",
    "Condition", "Duty", "Facts", "Graded", "Holder", "Kind", "Move", "Need", "OpenMove", "Opening", "Path", "Problem",
    "Procedure", "ProcedureError", "ProcedureFault", "Refusal", "Stage", "Standing", "State", "Text", "Where",
    "advance", "as_json", "begin", "clock_moves", "diagram", "lint", "load", "moves_open",
]  # fmt: skip
