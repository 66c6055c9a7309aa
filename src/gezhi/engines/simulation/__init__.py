"""A city that lives: reports arrive in space and time, people take time and make mistakes.

A pure engine for demos, benchmarks and "what if" questions. It decides what happens; the caller's world makes it happen
with the real operations. The same seed gives the same life. It may use the procedure's types and the workclock.
"""

from gezhi.engines.simulation.behaviour import Action, Behaviour, CaseView, Offer, offers
from gezhi.engines.simulation.city import City, Place, Report, reports
from gezhi.engines.simulation.habits import Habit, SpecError, read_habits
from gezhi.engines.simulation.life import Step, World, live

__all__ = [
    "Action",
    "Behaviour",
    "CaseView",
    "City",
    "Habit",
    "Offer",
    "Place",
    "Report",
    "SpecError",
    "Step",
    "World",
    "live",
    "offers",
    "read_habits",
    "reports",
]
