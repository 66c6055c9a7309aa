"""Random moves over every shipped procedure, ten thousand under each in `make test-full`: no state without a way on, no
clock left running on a closed case, no two separated duties in one hand, and playing what was written down again gives
the same state.

One machine for all of them: each rule draws somebody and one of the moves open to them, or time itself.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from procedure_world import NOW, SHIPPED
from test_procedure_walk import ACTORS, carry_clocks, case_facts, check_laws, value_for

from gezhi.engines.procedure import Advance, Facts, Procedure, Refusal, advance, begin, clock_moves, moves_open

STEPS, LIVES, MOVES = 30, 115, 2_500
SLOW = 5  # so many times as many lives: with those, ten thousand moves under each procedure
made: Counter[str] = Counter()


class Life(RuleBasedStateMachine):
    """One case under one procedure, with the log a ledger would keep."""

    procedure: Procedure

    @initialize(seed=st.integers(0, 2**32))
    def begun(self, seed: int) -> None:
        self.facts: Facts = case_facts(Random(seed).choice)
        self.first_facts = {**self.facts.values["case"]}
        self.now = NOW
        self.last: Advance = begin(self.procedure, self.facts, self.now)
        self.running: set[tuple[str, str | None]] = set()
        self.log: list[tuple[Any, ...]] = []
        carry_clocks(self.procedure, self.last, self.running)

    @rule(seed=st.integers(0, 2**32), many=st.integers(1, 8))
    def people_act(self, seed: int, many: int) -> None:
        """Up to `many` moves, each by somebody who has one; where nobody has, another case begins."""
        chance = Random(seed)
        for _turn in range(many):
            found = self._offer(chance)
            if found is None:
                self.play_again()
                self.begun(chance.randrange(2**32))
                continue
            actor, chosen = found
            needs = [need for need in chosen.needs if not need.optional or chance.random() < 0.5]
            inputs = {need.key: value_for(chance.choice, need, self.last.state) for need in needs}
            self.make(chosen.move, actor, inputs, chosen.assignment)

    def _offer(self, chance: Random) -> tuple[Any, Any] | None:
        """Somebody with a move, by chance; ends before their time are rare, or no life would be long."""
        stages = self.procedure.stages
        for actor in chance.sample(ACTORS, len(ACTORS)):
            offered = moves_open(self.procedure, self.last.state, actor, self.facts, self.now)
            lasting = [m for m in offered if m.assignment or m.target is None or not stages[m.target].end]
            if offered and (lasting or chance.random() < 0.3):
                return actor, chance.choice(lasting if lasting and chance.random() < 0.9 else offered)
        return None

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for move in clock_moves(self.procedure, self.last.state)[:1]:
            self.make(move.move, ACTORS[-1], {}, move.assignment)

    def make(self, move: str, actor: Any, inputs: dict[str, Any], assignment: str | None) -> None:
        facts = {**self.facts.values["case"]}
        outcome = advance(
            self.procedure, self.last.state, move, actor, inputs, self.facts, self.now, assignment=assignment
        )
        if isinstance(outcome, Refusal):
            return
        self.log.append((move, actor, inputs, assignment, self.now, facts))
        case = self.facts.values["case"]
        case.update(outcome.records)
        case["closed_at"] = self.now if outcome.ended else None
        case["rated"] = outcome.ended and (case["rated"] or move == "rate")
        self.last = outcome
        made[self.procedure.name] += 1
        carry_clocks(self.procedure, self.last, self.running)
        check_laws(self.procedure, self.last)
        assert not (self.last.ended and self.running)

    def teardown(self) -> None:
        if hasattr(self, "last"):
            self.play_again()

    def play_again(self) -> None:
        """The log, played again from the beginning, ends where the case stands."""
        values = {"case": {**self.first_facts}, "switches": self.facts.values["switches"]}
        facts = Facts(values, self.facts.centre, self.facts.grid, self.facts.areas, self.facts.reporter)
        again = begin(self.procedure, facts, NOW)
        for move, actor, inputs, assignment, now, known in self.log:
            values["case"] = known
            step = advance(self.procedure, again.state, move, actor, inputs, facts, now, assignment=assignment)
            assert isinstance(step, Advance)
            again = step
        assert again.state == self.last.state


def live(name: str, lives: int) -> int:
    """So many cases under a procedure; how many moves were made."""
    made[name] = 0
    run_state_machine_as_test(
        type(f"Life{name}", (Life,), {"procedure": SHIPPED[name]}),
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return made[name]


@pytest.mark.parametrize("name", SHIPPED)
def test_random_lives_keep_the_laws(name: str) -> None:
    assert live(name, LIVES) >= MOVES


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_ten_thousand_moves_under_each_procedure_keep_the_laws(name: str) -> None:
    assert live(name, SLOW * LIVES) >= 10_000
