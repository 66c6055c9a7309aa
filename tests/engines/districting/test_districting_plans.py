"""Plans of small worlds: what every plan must be, what is kept, and that certificates say the truth."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.districting.town_of_squares import board, fewest_cut, in_pieces

from gezhi.engines.districting import BadUnits, Cancelled, Infeasible, Options, Plan, Units, proposals, solve
from gezhi.engines.districting.division import divide
from gezhi.engines.districting.mending import mended

QUICK = Options(seconds=2, workers=1)
FEW = settings(max_examples=6, deadline=None, derandomize=True)
boards = st.tuples(st.integers(2, 5), st.integers(2, 4))


def amounts(n: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, 20), min_size=n, max_size=n)


def holds(units: Units, plan: Plan, tolerance: float) -> None:
    """What every plan that calls itself feasible must be."""
    held = np.bincount(plan.grid, units.households, len(plan.names))
    mean = units.households.sum() / len(plan.names)
    assert len(plan.grid) == len(units)
    assert (held > 0).all()
    assert np.abs(held / mean - 1).max() <= tolerance + 1e-6
    assert in_pieces(units, plan.grid.tolist()) == []
    assert plan.metrics.max_deviation == pytest.approx(float(np.abs(held / mean - 1).max()))
    assert plan.metrics.disconnected == 0
    cut = plan.grid[units.one] != plan.grid[units.other]
    assert plan.metrics.cut_length == pytest.approx(float(units.length[cut].sum()))
    assert plan.metrics.cut_edges == int(cut.sum())


@FEW
@given(st.data())
def test_every_plan_is_within_its_limits_or_none_is_possible(data: st.DataObject) -> None:
    columns, rows = data.draw(boards)
    units = board(columns, rows, data.draw(amounts(columns * rows)))
    k = data.draw(st.integers(1, min(4, columns * rows)))
    tolerance = data.draw(st.sampled_from([0.1, 0.3]))
    mean = float(units.households.sum()) / k
    plan, said = None, ""
    try:
        plan = solve(units, replace(QUICK, k=k, tolerance=tolerance))
    except Infeasible as proven:
        said = str(proven)
    if plan is not None:
        assert plan.metrics.feasible
        holds(units, plan, tolerance)
    else:
        assert "households" in said
        if k ** (columns * rows) <= 20_000:
            assert fewest_cut(units, k, mean * (1 - tolerance), mean * (1 + tolerance)) is None


@FEW
@given(st.data())
def test_optimal_is_what_trying_everything_finds(data: st.DataObject) -> None:
    columns, rows, k = data.draw(st.sampled_from([(3, 3, 2), (4, 3, 2), (3, 3, 3), (4, 2, 3)]))
    units = board(columns, rows, data.draw(amounts(columns * rows)))
    lengths = data.draw(st.lists(st.integers(1, 9), min_size=len(units.one), max_size=len(units.one)))
    units = replace(units, length=np.array(lengths, float))
    mean = float(units.households.sum()) / k
    best = fewest_cut(units, k, 0.6 * mean, 1.4 * mean)
    if best is None:
        with pytest.raises(Infeasible):
            solve(units, replace(QUICK, k=k, tolerance=0.4))
    else:
        plan = solve(units, replace(QUICK, k=k, tolerance=0.4))
        assert plan.certificate.kind == "optimal"
        assert plan.metrics.cut_length == pytest.approx(best)


def test_a_pairwise_plan_has_no_better_division_of_any_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gezhi.engines.districting.search.SMALL", 0)
    units = board(6, 3, [7, 9, 4, 12, 8, 6, 10, 5, 9, 11, 7, 8, 6, 9, 10, 8, 7, 9])
    plan = solve(units, replace(QUICK, k=3, tolerance=0.2))
    assert plan.certificate.kind == "pairwise"
    mean = float(units.households.sum()) / 3
    for one, other in ((0, 1), (0, 2), (1, 2)):
        members = np.flatnonzero((plan.grid == one) | (plan.grid == other))
        for choice in product((one, other), repeat=len(members)):
            grid = plan.grid.copy()
            grid[members] = choice
            held = np.bincount(grid, units.households, 3)
            if (np.abs(held / mean - 1) > 0.2).any() or in_pieces(units, grid.tolist()):
                continue
            cut = float(units.length[grid[units.one] != grid[units.other]].sum())
            assert cut >= plan.metrics.cut_length - 1e-6


def test_grids_outside_their_limits_are_mended_by_their_neighbours() -> None:
    units = board(6, 2)
    (task,) = divide(units, replace(QUICK, k=4)).tasks
    crooked = np.array([0, 0, 1, 1, 2, 3, 0, 0, 1, 1, 3, 3])
    labels = mended(task, crooked, lambda: False)
    assert np.bincount(labels).tolist() == [3, 3, 3, 3]
    assert in_pieces(units, labels.tolist()) == []


def test_a_gap_is_never_smaller_than_the_truth() -> None:
    from gezhi.engines.districting.solving import Outcome, _certificate

    outcome = Outcome(np.zeros(1, np.int64), True, cost=100.0, bound=97.0)
    assert _certificate([outcome]) == type(_certificate([outcome]))("gap", pytest.approx(3.0))


def test_the_same_seed_gives_the_same_plan() -> None:
    units = board(6, 6, list(range(5, 41)))
    one, other = (solve(units, replace(QUICK, k=4, tolerance=0.1, seed=7, seconds=20)) for _ in range(2))
    assert one.grid.tolist() == other.grid.tolist()


def test_several_seeds_give_several_plans_the_best_first() -> None:
    units = board(4, 4, list(range(5, 21)))
    plans = proposals(units, replace(QUICK, k=4, tolerance=0.3), [3, 4, 5])
    assert sorted(plan.seed for plan in plans) == [3, 4, 5]
    assert [p.metrics.objective for p in plans] == sorted(p.metrics.objective for p in plans)


def test_no_grid_crosses_a_zone() -> None:
    zones = ["west" if i % 6 < 2 else "east" for i in range(24)]
    units = board(6, 4, fields={"zone": zones})
    plan = solve(units, replace(QUICK, k=6, nest="zone"))
    by_grid = {int(g): {zones[i] for i in np.flatnonzero(plan.grid == g)} for g in set(plan.grid.tolist())}
    assert all(len(found) == 1 for found in by_grid.values())
    assert sum(found == {"west"} for found in by_grid.values()) == 2
    assert plan.metrics.feasible
    assert in_pieces(units, plan.grid.tolist()) == []


def test_a_fixed_grid_stays_exactly_as_it_is() -> None:
    fixed = ["old" if i in (0, 1, 6) else None for i in range(24)]
    units = board(6, 4, fields={"kept": fixed})
    plan = solve(units, replace(QUICK, k=8, tolerance=0.1, fixed="kept"))
    assert set(np.flatnonzero(plan.grid == plan.names.index("old")).tolist()) == {0, 1, 6}
    assert len(plan.names) == 8
    assert plan.metrics.feasible


def test_a_fixed_grid_in_pieces_is_impossible_and_its_pieces_are_named() -> None:
    corners = ["old" if i in (0, 1, 23) else None for i in range(24)]
    with pytest.raises(Infeasible, match=r"“old” lies in 2 pieces that do not touch \(0, 1 / 23\)"):
        solve(board(6, 4, fields={"kept": corners}), replace(QUICK, k=8, fixed="kept"))
    pair = board(2, 1, fields={"kept": ["old", "old"]})
    assert solve(pair, replace(QUICK, k=1, fixed="kept")).metrics.disconnected == 0
    with pytest.raises(Infeasible, match="cut by a river"):
        solve(replace(pair, barrier=np.array([3], np.int8)), replace(QUICK, k=1, fixed="kept"))


@FEW
@given(st.data())
def test_nothing_is_feasible_beside_a_grid_in_pieces(data: st.DataObject) -> None:
    columns, rows = data.draw(boards)
    n = columns * rows
    kept = data.draw(st.lists(st.sampled_from([None, None, "a", "b"]), min_size=n, max_size=n))
    units = board(columns, rows, fields={"kept": kept})
    k = data.draw(st.integers(1, n))
    try:
        plan = solve(units, replace(QUICK, k=k, tolerance=0.5, fixed="kept"))
    except (Infeasible, BadUnits):
        return
    assert plan.metrics.disconnected == 0
    assert in_pieces(units, plan.grid.tolist()) == []


def test_a_river_is_never_crossed_but_at_its_bridge() -> None:
    units = board(6, 4)
    river = {(i, i + 6) for i in range(6, 12)}  # between the second row and the third
    codes = [3 if pair in river else 0 for pair in zip(units.one.tolist(), units.other.tolist(), strict=True)]
    shut = replace(units, barrier=np.array(codes, np.int8))
    plan = solve(shut, replace(QUICK, k=4))
    assert in_pieces(shut, plan.grid.tolist(), closed=(3,)) == []
    assert not set(plan.grid[:12].tolist()) & set(plan.grid[12:].tolist())
    with pytest.raises(ValueError, match="cannot be reached"):
        solve(shut, replace(QUICK, k=3))
    codes[[*zip(units.one.tolist(), units.other.tolist(), strict=True)].index((6, 12))] = 0
    bridged = replace(units, barrier=np.array(codes, np.int8))
    plan = solve(bridged, replace(QUICK, k=3))
    assert plan.metrics.feasible
    assert plan.grid[6] == plan.grid[12]


def test_a_plan_of_today_changes_little_when_changes_are_dear() -> None:
    today = [str((i % 6) // 2) for i in range(24)]
    households = [10.0] * 24
    households[0] = 30.0  # new houses
    units = board(6, 4, households, fields={"today": today})
    dear = solve(units, replace(QUICK, k=3, tolerance=0.1, current="today", change_weight=50.0))
    assert dear.metrics.feasible
    assert dear.metrics.moved <= 20
    assert set(dear.names) == {"0", "1", "2"}
    moved = [i for i in range(24) if dear.names[dear.grid[i]] != today[i]]
    assert sum(households[i] for i in moved) == dear.metrics.moved


def test_each_resource_has_its_own_limit() -> None:
    work = np.array([5.0 if i % 6 < 3 else 1.0 for i in range(24)])
    units = board(6, 4, resources={"workload": work})
    plan = solve(units, replace(QUICK, k=2, tolerance=0.2, tolerances={"workload": 0.1}))
    assert plan.metrics.feasible
    assert np.abs(np.bincount(plan.grid, work) / 36 - 1).max() <= 0.1


def test_a_compound_with_a_norm_of_its_own_weighs_accordingly() -> None:
    norm = np.array([200.0 if i < 3 else 100.0 for i in range(9)])
    plan = solve(board(9, 1, [50.0] * 9, norm=norm), replace(QUICK, target=300.0, tolerance=0.3))
    first = int(plan.grid[0])
    assert (plan.grid == first).sum() == 3
    assert len(plan.names) == 4


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [({}, 16, 24), ({"low": 19.0}, 19, 24), ({"high": 21.0}, 16, 21), ({"low": 18.0, "high": 30.0}, 18, 30)],
)
def test_each_limit_of_the_source_holds_by_itself(limits: dict[str, float], low: float, high: float) -> None:
    (task,) = divide(board(4, 2, **limits), replace(QUICK, k=4, tolerance=0.2)).tasks
    assert (task.low[0], task.high[0]) == pytest.approx((low, high))


@pytest.mark.parametrize("limits", [{"low": 25.0}, {"high": 15.0}])
def test_a_limit_alone_can_make_it_impossible(limits: dict[str, float]) -> None:
    with pytest.raises(Infeasible, match="80 households cannot make 4 grids"):
        solve(board(4, 2, **limits), replace(QUICK, k=4, tolerance=0.2))


@pytest.mark.parametrize(
    ("households", "k", "says"),
    [
        ([10, 10, 90, 10, 10, 10], 2, "2 (90)"),
        ([5, 1, 5, 5, 1, 5], 3, "unit"),
    ],
)
def test_what_cannot_be_is_told_with_its_units(households: list[float], k: int, says: str) -> None:
    with pytest.raises(Infeasible, match=says.replace("(", r"\(").replace(")", r"\)")):
        solve(board(6, 1, households), replace(QUICK, k=k, tolerance=0.01))


def test_progress_rises_to_one_and_whoever_waits_may_leave() -> None:
    told: list[float] = []
    solve(board(4, 4), replace(QUICK, k=4), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        solve(board(10, 10), replace(QUICK, k=5), cancelled=lambda: True)
