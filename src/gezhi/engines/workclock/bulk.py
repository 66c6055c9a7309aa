"""The same arithmetic over whole columns: one calendar, one limit, many starts.

Equal to the scalar functions to the microsecond (a property test holds them so); for imports and replays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.engines.workclock.calendar import Calendar
from gezhi.engines.workclock.clock import covering
from gezhi.engines.workclock.limits import Limit, Unit
from gezhi.engines.workclock.table import LAST_YEAR, WorkTable, moment

Moments = NDArray[np.datetime64]
_NEVER = np.iinfo(np.int64).min


def due_many(calendar: Calendar, starts: NDArray[Any], limit: Limit) -> Moments:
    """When each clock has run. `starts`: any shape of datetime64 in UTC; result: same shape, datetime64[us].

    NaT stays NaT. OverflowError when a limit runs beyond the calendar's last year.
    """
    at = _stamps(starts)
    length = limit.length(calendar.day)
    if not limit.unit.working:
        return _moments(at + length, at)
    table = _table(calendar, at)
    while table is not None and int(table.worked_many(_present(at)).max()) + length > table.total:
        if table.last == LAST_YEAR:
            raise OverflowError(f"A limit runs beyond the year {LAST_YEAR}, where the calendar ends.")
        table = calendar.table(table.first, min(table.last + 5, LAST_YEAR))
    if table is None:
        return _moments(at, at)
    reached = np.minimum(table.worked_many(at) + length, table.total)
    return _moments(table.reach_many(reached), at)


def elapsed_many(calendar: Calendar, starts: NDArray[Any], ends: NDArray[Any], unit: Unit) -> NDArray[np.timedelta64]:
    """Time that counts for the unit between pairs of moments; same shape, timedelta64[us]; NaT where either is NaT.

    Nothing (0) where the end comes before the start.
    """
    begin, end = np.broadcast_arrays(_stamps(starts), _stamps(ends))
    missing = (begin == _NEVER) | (end == _NEVER)
    if not unit.working:
        ran = end - begin
    else:
        table = _table(calendar, np.concatenate([begin.ravel(), end.ravel()]))
        ran = begin if table is None else table.worked_many(end) - table.worked_many(begin)
    return np.where(missing, _NEVER, np.maximum(ran, 0)).astype("timedelta64[us]")


def _stamps(values: NDArray[Any]) -> NDArray[np.int64]:
    if values.dtype.kind != "M":
        raise TypeError(f"Moments must be datetime64, not {values.dtype}.")
    return values.astype("datetime64[us]").astype(np.int64)


def _moments(stamps: NDArray[np.int64], at: NDArray[np.int64]) -> Moments:
    return np.where(at == _NEVER, _NEVER, stamps).astype("datetime64[us]")


def _present(at: NDArray[np.int64]) -> NDArray[np.int64]:
    present: NDArray[np.int64] = at[at != _NEVER]
    return present


def _table(calendar: Calendar, at: NDArray[np.int64]) -> WorkTable | None:
    present = _present(at)
    if present.size == 0:
        return None
    return covering(calendar, moment(int(present.min())), moment(int(present.max())))
