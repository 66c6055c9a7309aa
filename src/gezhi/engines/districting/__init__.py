"""Dividing units into grids: connected, balanced, compact, and with a certificate that says how good the plan is.

A pure engine on NumPy, Numba, SciPy, Shapely, pyproj and HiGHS. It knows no layer, no city and no database.
"""

from gezhi.engines.districting.plan import Cancelled, Certificate, Infeasible, Metrics, Options, Plan
from gezhi.engines.districting.reading import read_barriers, read_units
from gezhi.engines.districting.solving import proposals, solve
from gezhi.engines.districting.units import BARRIERS, BadUnits, Units

__all__ = [
    "BARRIERS",
    "BadUnits",
    "Cancelled",
    "Certificate",
    "Infeasible",
    "Metrics",
    "Options",
    "Plan",
    "Units",
    "proposals",
    "read_barriers",
    "read_units",
    "solve",
]
