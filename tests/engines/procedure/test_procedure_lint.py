"""Linting: the shipped procedure is sound, and each way to spoil it is found and placed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from procedure_world import BASE, LISTS, SHIPPED, WHISTLE_FILE, changed, document

from gezhi.engines.procedure import lint, load
from gezhi.modules.switches.profiles.procedures import EFFECTS

PROFILE = BASE.parent
POSTS = list(yaml.safe_load((PROFILE / "posts.yaml").read_text("utf-8"))["posts"])
KNOWN: dict[str, Any] = {
    "posts": POSTS,
    "lists": list(LISTS),
    "effects": EFFECTS,
    "facts": ["channel", "placed", "closed_at", "classed", "contact", "late", "rated", "lon", "lat"],
}
TASK = ("assignments", "handling")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_is_sound(name: str) -> None:
    assert lint(SHIPPED[name]) == []
    assert lint(SHIPPED[name], **KNOWN, single_posts=["unit_leader", "centre_leader"]) == []


SPOILED = [
    # dead ends, and what is never reached
    (("moves", "close"), None, ("stages", "checking"), "no way leads to an end"),
    (("moves", "feed_back", "after"), "handling.all_done", ("stages", "handling"), "with its tasks at done, returned"),
    (("moves", "return_case"), None, ("stages", "handling"), "no way leads to an end"),
    (("moves", "fail_check", "reopens"), "handling.returned", ("stages", "handling"), "no way leads to an end"),
    (("moves", "recheck", "at_most"), 3, None, ""),
    (("stages", "lost"), {"zh": "遗失"}, ("stages", "lost"), "is never reached"),
    ((*TASK, "stages", "lost"), {"zh": "遗失"}, (*TASK, "stages", "lost"), "is never reached"),
    (("moves", "lose"), {"from": "void", "to": "closed", "by": "accept"}, None, ""),
    (("moves", "wait"), {"in": "handling", "by": "dispatch", "after": "handling.all_recalled"},
     ("moves", "wait"), "can never be made"),
    (("stages", "void", "end"), None, ("stages", "void"), "no way leads to an end"),
    (("moves", "circle"), {"from": "checking", "to": "handling", "after": "handling.lead_done"},
     ("stages", "handling"), "go round in a circle"),
    # clocks
    (("clocks", "idle"), {"limit": "1 hour"}, ("clocks", "idle"), "is never started"),
    (("stages", "void", "clock"), "close", ("stages", "void", "clock"), "would never be stopped"),
    (("moves", "accept", "starts"), "handle", ("moves", "accept", "starts"), "no move ever stops it"),
    (("moves", "dispatch", "pauses"), "dispatch", ("moves", "dispatch", "pauses"), "no move ever lets it run on"),
    (("moves", "dispatch", "stops"), "check", ("moves", "dispatch", "stops"), "which never runs there"),
    (("moves", "tire"), {"in": "closed", "by": "clock"}, ("moves", "tire", "by"), "none of its clocks runs"),
    # hands
    (("moves", "close", "by"), ["handle", "check"], ("moves", "close", "by"), "which are to be kept apart"),
    (("duties", "twice"), {"reporter": True}, ("duties", "twice"), "used by no move"),
    (("moves", "close", "by"), "handle", ("moves", "close", "by"), "belongs to the unit of a task"),
    (("duties", "idle"), {"reporter": True}, ("duties", "idle"), "used by no move"),
    # what the profile knows
    (("duties", "close", "post"), "gatekeeper", ("duties", "close"), "The post “gatekeeper”"),
    (("duties", "close", "post"), "gatekeeper", ("moves", "close", "by"), "no post holds its duty"),
    # an end
    (("assignments", "visit", "stages", "open", "clock"), "check", ("stages", "closed", "assignments"), "is an end"),
    (("duties", "visit", "power"), "supervision", None, ""),
    (("duties", "decide", "power"), "management", None, ""),
    (("moves", "close", "by"), ["close", "visit"], ("moves", "close", "by"), "which are to be kept apart"),
    (("moves", "reject", "needs", "reason", "choice"), "why", ("moves", "reject", "needs", "reason"), "“why”"),
    (("moves", "close", "does"), "fireworks", ("moves", "close", "does"), "“fireworks” is not known"),
    # conditions
    (("moves", "accept", "when"), "kase.placed", ("moves", "accept", "when"), "reads “kase”"),
    (("moves", "accept", "when"), "case.plaecd", ("moves", "accept", "when"), "“case.plaecd”, which nobody gives"),
    (("moves", "accept", "when"), "settings.x > 1", ("moves", "accept", "when"), "“settings.x”, which nobody gives"),
    (("moves", "accept", "when"), "inputs.x > 1", ("moves", "accept", "when"), "“inputs.x”, which nobody gives"),
    (("moves", "accept", "when"), "counts.rework < 3 && case.verdict == 'case.plaecd'", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "at", "says"), SPOILED)
def test_each_way_to_spoil_it_is_found(path: Any, value: Any, at: Any, says: str) -> None:
    doc = changed(path, value)
    if at is not None:  # the ways out that lead past everything would hide what is spoiled
        for name in ("force_close", "recall", "merge"):
            doc["moves"].pop(name, None)
        doc["moves"]["reject"]["from"] = ["reported", "accepted", "verifying"]
    found = [(p.path, p.sentence) for p in lint(load(doc, lists=LISTS), **KNOWN)]
    if at is None:
        assert found == []
    else:
        assert any(p == at and says in sentence for p, sentence in found), found


def test_a_single_post_cannot_hold_two_separated_duties() -> None:
    doc = changed(("duties", "dispatch"), {"post": "centre_leader", "of": "centre"})
    doc["duties"]["close"] = {"post": "centre_leader", "of": "centre"}
    doc["apart"] = [["dispatch", "close"]]
    procedure = load(doc)
    assert lint(procedure) == []
    assert [p.path for p in lint(procedure, single_posts=["centre_leader"])] == [("apart", 0)]


def test_a_way_on_that_is_possible_only_so_many_times_is_no_way_on() -> None:
    doc = document(WHISTLE_FILE)
    doc["moves"]["judge"]["at_most"] = 1
    assert "no way leads to an end" in "".join(p.sentence for p in lint(load(doc)))


def test_problems_carry_their_place() -> None:
    procedure = load(changed(("clocks", "idle"), {"limit": "1 hour"}), where=lambda path: ("event.yaml", 7, 3))
    assert [str(p) for p in lint(procedure)] == ["event.yaml:7:3: The clock “idle” is never started."]
