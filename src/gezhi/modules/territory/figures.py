"""What a division of blocks into grids is worth, in figures: how even, how compact, how many households move, how the
work is spread. The same figures for a proposal and for today's grids, so that they can stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape

from gezhi.engines.geometry import continued, counted, shared_edges
from gezhi.engines.geometry.measure import flat
from gezhi.modules.territory.blocks import Blocks
from gezhi.modules.territory.models import Area, Layer

Labels = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def today(layer: str, level: str, scope: int, ground: Blocks) -> Labels:
    """The grid in force (numbered from 0) that holds each block; -1 where none does. Two queries."""
    kept = Layer.objects.filter(key=layer).first()
    rows = Area.objects.filter(layer=kept, level=level, valid_to=None, path__contains=[scope]).exclude(geometry=None)
    return ground.held([shape(one) for one in rows.order_by("code").values_list("geometry", flat=True)])


def compared(
    ground: Blocks, proposed: Sequence[int], then: Labels, held: Floats, workload: Floats, norm: int, tolerance: int
) -> dict[str, dict[str, Any]]:
    """The figures of a proposal and of today's grids. By block: `held`, households as they fill a grid of the norm
    (more where compounds of a kind have a smaller norm), and `workload`, cases."""
    now = np.array(proposed, np.int64)
    return {
        "proposed": {**_figures(ground, now, held, workload, norm, tolerance), "moved": _moved(ground, now, then)},
        "today": _figures(ground, then, held, workload, norm, tolerance),
    }


def _figures(
    ground: Blocks, labels: Labels, held: Floats, workload: Floats, norm: int, tolerance: int
) -> dict[str, Any]:
    """Grids, their largest deviation from the norm (per cent), how many are even, boundary (km), compactness, and the
    largest workload beside the average."""
    inside = labels >= 0
    if not inside.any():
        return {"grids": 0, "deviation": 0.0, "even": 0, "boundary": 0.0, "compactness": 0.0, "workload": None}
    count = int(labels.max()) + 1
    households = np.bincount(labels[inside], held[inside], minlength=count)
    there = np.bincount(labels[inside], minlength=count) > 0
    away = np.abs(households[there] - norm) / norm * 100
    inner, compactness = _boundaries(ground, labels, count)
    work = np.bincount(labels[inside], workload[inside], minlength=count)[there]
    spread = float(work.max() / work.mean()) if work.sum() else None
    return {
        "grids": int(there.sum()),
        "deviation": float(away.max()),
        "even": int((away <= tolerance).sum()),
        "boundary": inner,
        "compactness": compactness,
        "workload": spread,
    }


def _boundaries(ground: Blocks, labels: Labels, count: int) -> tuple[float, float]:
    """Kilometres between grids, and their mean compactness, from the edges of blocks."""
    one, other, metres = shared_edges(ground.shapes)
    made = flat(ground.shapes)
    around = np.bincount(np.maximum(labels, 0), shapely.length(made) * (labels >= 0), minlength=count)
    area = np.bincount(np.maximum(labels, 0), shapely.area(made) * (labels >= 0), minlength=count)
    same = (labels[one] == labels[other]) & (labels[one] >= 0)
    around -= 2 * np.bincount(labels[one][same], metres[same], minlength=count)
    real = (area > 0) & (around > 0)
    compactness = 4 * np.pi * area[real] / around[real] ** 2
    inner = metres[labels[one] != labels[other]].sum() / 1000
    return float(inner), float(compactness.mean()) if real.any() else 0.0


def _moved(ground: Blocks, now: Labels, then: Labels) -> int:
    """Households whose grid would not be the one that goes on from theirs."""
    if not (then >= 0).any():
        return 0
    table = counted(now, then, ground.households + 1e-3, (int(now.max()) + 1, int(then.max()) + 1))
    heirs = np.array([heir if heir is not None else -2 for heir in continued(table)], np.int64)
    away = (heirs[now] != then) & (then >= 0)
    return int(ground.households[away].sum())
