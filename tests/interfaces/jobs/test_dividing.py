"""One community put to the engine: large blocks are grids of their own; what was asked in the end is said."""

from __future__ import annotations

import numpy as np
import pytest
from django.utils import translation

from gezhi.engines import districting as engine
from gezhi.engines.districting import BadUnits, Infeasible, Options, Units, solve
from gezhi.interfaces.jobs import dividing, reasons
from gezhi.interfaces.jobs.dividing import Divided, Ground
from gezhi.interfaces.web.territory import proposing
from gezhi.modules.territory import runs


def row(
    *households: int,
    grids: int,
    workload: tuple[int, ...] = (),
    norms: tuple[int, ...] = (),
    barriers: tuple[int, ...] = (),
) -> Ground:
    """A row of blocks, each beside the next, 100 metres of boundary between two."""
    count = len(households)
    homes = np.array(households, float)
    return Ground(
        np.arange(count), tuple(f"B{n + 1}" for n in range(count)), homes, homes * 2.5,
        np.array(norms or (300,) * count, float),
        np.array(workload or (0,) * count, float), ("old",) * count, np.full(count, 10_000.0), np.full(count, 200.0),
        (np.arange(count - 1), np.arange(1, count), np.full(count - 1, 100.0)),
        np.array(barriers or (0,) * (count - 1), np.int8),
        np.full(count, -1, np.int64), grids,
    )  # fmt: skip


def divided(ground: Ground, aim: str = "compact", **changes: int) -> Divided:
    """The ground divided by the usual options."""
    return dividing.divided(ground, runs.Options(**changes), aim, seconds=1.0, goes_on=lambda share: True)


def groups(made: Divided) -> list[list[int]]:
    """Positions of the blocks of each grid."""
    return sorted(np.flatnonzero(made.labels == one).tolist() for one in set(made.labels.tolist()))


def test_a_block_above_the_limit_is_a_grid_of_its_own_and_the_rest_is_divided() -> None:
    made = divided(row(700, 100, 100, 100, grids=3), count=3)
    assert made.alone == ("B1",)
    assert groups(made)[0] == [0]
    assert len(groups(made)) == 3


def test_without_a_number_the_rest_gets_as_many_grids_as_the_norm_says() -> None:
    made = divided(row(700, 100, 100, 100, grids=3))
    assert groups(made) == [[0], [1, 2, 3]]
    assert made.certificate.kind == "optimal"


def test_a_large_block_in_the_middle_leaves_a_grid_on_either_side() -> None:
    made = divided(row(100, 100, 900, 100, 100, grids=4))
    assert groups(made) == [[0, 1], [2], [3, 4]]


def test_compounds_of_a_kind_have_a_norm_of_their_own() -> None:
    made = divided(row(*(100,) * 6, grids=2, norms=(150, 150, 300, 300, 300, 300)), count=2)
    assert groups(made) == [[0, 1], [2, 3, 4, 5]]


def test_no_grid_lies_on_both_sides_of_a_river() -> None:
    river = engine.BARRIERS.index("river")
    made = divided(row(*(100,) * 6, grids=2, barriers=(0, river, 0, 0, 0)), count=2)
    assert groups(made) == [[0, 1], [2, 3, 4, 5]]
    assert not made.crossed
    bridged = divided(row(*(100,) * 6, grids=2), count=2)
    assert groups(bridged) == [[0, 1, 2], [3, 4, 5]]


def test_large_blocks_are_found_anew_as_less_is_left() -> None:
    asked = runs.Options(count=3)
    assert dividing.alone(row(900, 300, 50, 50, grids=3), asked, 0.15).tolist() == [True, True, False, False]
    assert not dividing.alone(row(100, 100, 100, grids=3), asked, 0.15).any()
    by_norm = runs.Options(households=300)
    assert dividing.alone(row(2000, *(100,) * 6, grids=9), by_norm, 0.15).tolist() == [True, *(False,) * 6]


def test_work_that_cannot_be_spread_is_left_out_and_said() -> None:
    made = divided(row(*(100,) * 6, grids=2, workload=(90, 0, 0, 0, 0, 0)), "workload")
    assert made.work_left_out
    assert groups(made) == [[0, 1, 2], [3, 4, 5]]


def test_what_is_proven_is_proven_of_the_step_that_was_reached() -> None:
    made = divided(row(100, 100, 100, 130, 130, grids=2), tolerance=5)
    assert made.within == pytest.approx(0.05 * 1.5)
    assert groups(made) == [[0, 1, 2], [3, 4]]
    metrics = {"certificate": made.certificate.kind, "gap": made.certificate.gap, "within": made.within}
    with translation.override("en"):
        assert proposing._certificate(metrics) == "proven best at ±7.5 %"
    with translation.override("zh-hans"):
        assert proposing._certificate(metrics) == "在±7.5%内最优"
        assert proposing._certificate({"certificate": "gap", "gap": 2.5, "within": 0.99}).endswith("（±99%内）")
        assert proposing._certificate({"certificate": "pairwise", "gap": None}) == "任意相邻两格都无法再优化"


def test_what_the_engine_says_is_known_to_the_catalogue() -> None:
    homes = np.array([700.0, 100, 100, 100])
    chain = (np.arange(3), np.arange(1, 4), np.full(3, 100.0))
    with pytest.raises(Infeasible) as large:
        solve(Units(["B1", "B2", "B3", "B4"], homes, *chain), Options(k=3, seconds=1))
    told = reasons.reason(large.value)
    assert told["sentence"] == "A grid may hold at most {most} households; more are in block {units}."
    assert told["params"]["units"] == "B1 (700)"
    apart = (np.array([0, 2]), np.array([1, 3]), np.full(2, 100.0))
    for k, share in ((3, 0.05), (1, 0.5)):
        with pytest.raises(BadUnits) as cut_off:
            solve(Units(["B1", "B2", "B3", "B4"], np.full(4, 100.0), *apart), Options(k=k, tolerance=share, seconds=1))
        assert reasons.reason(cut_off.value)["sentence"] in reasons.KNOWN.values()
    with pytest.raises(Infeasible) as ruled_out:
        solve(Units(["B1", "B2", "B3"], np.array([100.0, 100, 100]), *(one[:2] for one in chain)), Options(k=2))
    assert reasons.reason(ruled_out.value)["sentence"] in reasons.KNOWN.values()
    assert reasons.reason(BadUnits("Something {new}.")) == {
        "sentence": "{said}",
        "params": {"said": "Something {new}."},
    }
