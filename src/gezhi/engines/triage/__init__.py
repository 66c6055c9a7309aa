"""Help for the people who take reports in: what it is, whose it is, whether it is known, what is piling up.

A pure engine, learning from a deployment's own closed cases, on one core, without a network. It suggests and says why;
people decide. It stores nothing, reads no clock, and judges no person.
"""

from gezhi.engines.triage.classes import ClassModel, Suggestion, cold_start, moment_context
from gezhi.engines.triage.duplicates import Alike, DuplicateIndex, Report, similar_within
from gezhi.engines.triage.extract import Finding, extract, masked
from gezhi.engines.triage.figures import ClassErrors, Comparison, Figures, ModelCard, better, figures
from gezhi.engines.triage.hotspots import HotSpot, hotspots
from gezhi.engines.triage.levels import choose_levels
from gezhi.engines.triage.replies import Hint, ReplyCheck, check_reply
from gezhi.engines.triage.units import Dispatch, Reason, UnitHistory, UnitSuggestion

__all__ = [
    "Alike",
    "ClassErrors",
    "ClassModel",
    "Comparison",
    "Dispatch",
    "DuplicateIndex",
    "Figures",
    "Finding",
    "Hint",
    "HotSpot",
    "ModelCard",
    "Reason",
    "ReplyCheck",
    "Report",
    "Suggestion",
    "UnitHistory",
    "UnitSuggestion",
    "better",
    "check_reply",
    "choose_levels",
    "cold_start",
    "extract",
    "figures",
    "hotspots",
    "masked",
    "moment_context",
    "similar_within",
]
