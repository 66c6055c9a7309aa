"""GCJ-02 and BD-09: the shifted coordinates that Chinese map services use, and the way back.

The forward formulas are the ones the open ports publish (eviltransform, gcoord; Krasovsky's axis); the way back is
found by iteration to 1e-10 degrees. Outside a box around China nothing is shifted. Arrays in, arrays out, in degrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]

_AXIS = 6378245.0  # Krasovsky 1940
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = np.pi * 3000.0 / 180.0
_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS = 12


def gcj02_from_wgs84(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """The shifted place of a true one."""
    shift_lon, shift_lat = _shift(lon, lat)
    return lon + shift_lon, lat + shift_lat


def wgs84_from_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """The true place of a shifted one."""
    true_lon, true_lat = lon, lat
    for _ in range(_ROUNDS):
        shift_lon, shift_lat = _shift(true_lon, true_lat)
        true_lon, true_lat = lon - shift_lon, lat - shift_lat
    return true_lon, true_lat


def bd09_from_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Baidu's second shift, on top of the first."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def gcj02_from_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """And back."""
    back_lon, back_lat = lon - 0.0065, lat - 0.006
    for _ in range(_ROUNDS):
        again_lon, again_lat = bd09_from_gcj02(back_lon, back_lat)
        back_lon, back_lat = back_lon + lon - again_lon, back_lat + lat - again_lat
    return back_lon, back_lat


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    x, y = lon - 105.0, lat - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    waves = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    radians = lat / 180.0 * pi
    flat = 1.0 - _ECCENTRICITY * np.sin(radians) ** 2
    shift_lat = north * 180.0 / ((_AXIS * (1.0 - _ECCENTRICITY)) / (flat * np.sqrt(flat)) * pi)
    shift_lon = east * 180.0 / (_AXIS / np.sqrt(flat) * np.cos(radians) * pi)
    west, south, far_east, far_north = _BOX
    inside = (lon >= west) & (lon <= far_east) & (lat >= south) & (lat <= far_north)
    return np.where(inside, shift_lon, 0.0), np.where(inside, shift_lat, 0.0)
