"""From what somebody says of a place to where it is: coordinates in any datum, an area's code, or its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_lazy as _

from gezhi.engines import geometry
from gezhi.lib.errors import BadInput
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact, Snapshot


@dataclass(frozen=True, slots=True)
class Place:
    """A place as somebody gives it; coordinates in `crs` (CGCS2000, WGS84, GCJ-02, BD-09 or EPSG:n)."""

    lon: float | None = None
    lat: float | None = None
    crs: str = "CGCS2000"
    area_code: str = ""
    area_name: str = ""
    address: str = ""

    @property
    def pointed(self) -> bool:
        """Does it have coordinates?"""
        return self.lon is not None and self.lat is not None


@dataclass(frozen=True, slots=True)
class Located:
    """A place in CGCS2000 with its areas: `area` is the deepest of the base layer, `areas` all ids in all layers."""

    lon: float | None = None
    lat: float | None = None
    cell: int | None = None
    address: str = ""
    area: int | None = None
    areas: tuple[int, ...] = ()
    area_name: str = ""

    @property
    def written(self) -> list[str] | None:
        """The coordinates as the ledger keeps them: degrees with seven decimals, as text; None without a point."""
        return None if self.lon is None or self.lat is None else [f"{self.lon:.7f}", f"{self.lat:.7f}"]


def locate(places: Sequence[Place]) -> list[Located | BadInput]:
    """Locate places; one that cannot be gives its BadInput in the list instead of raising. No query."""
    snapshot = territory.areas_in_force()
    found: list[Located | BadInput] = [Located(address=p.address.strip()[:300]) for p in places]
    pointed = [i for i, p in enumerate(places) if p.pointed]
    for crs in {places[i].crs for i in pointed}:
        _locate_points(snapshot, places, [i for i in pointed if places[i].crs == crs], crs, found)
    for i, place in enumerate(places):
        if not place.pointed and (place.area_code or place.area_name):
            found[i] = _by_area(snapshot, place)
    return found


def by_level(areas: Sequence[int]) -> dict[str, int]:
    """Level → id of the area of the base layer among these. No query."""
    snapshot = territory.areas_in_force()
    base = snapshot.layers[0] if snapshot.layers else ""
    known = (snapshot.areas[i] for i in areas if i in snapshot.areas)
    return {area.level: area.id for area in reversed([a for a in known if a.layer == base])}


def _locate_points(
    snapshot: Snapshot, places: Sequence[Place], rows: list[int], crs: str, found: list[Located | BadInput]
) -> None:
    x = np.array([places[i].lon for i in rows], dtype=float)
    y = np.array([places[i].lat for i in rows], dtype=float)
    given = np.isfinite(x) & np.isfinite(y)
    try:
        lon, lat = geometry.to_cgcs2000(np.where(given, x, 0.0), np.where(given, y, 0.0), crs)
    except ValueError as error:
        for i in rows:
            found[i] = BadInput(str(error), field="crs")
        return
    sane = given & np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    lon, lat = np.where(sane, lon, 0.0), np.where(sane, lat, 0.0)
    hits = snapshot.locate_many(lon, lat)
    for n, i in enumerate(rows):
        if not sane[n]:
            found[i] = BadInput(
                _("This is not a place on earth: longitude and latitude are in degrees."), field="place"
            )
        elif not hits[n]:
            found[i] = BadInput(
                _("This place lies outside the area we serve. Please choose a place inside it."), field="place"
            )
        else:
            found[i] = _located(snapshot, hits[n], float(lon[n]), float(lat[n]), places[i].address)


def _by_area(snapshot: Snapshot, place: Place) -> Located | BadInput:
    if place.area_code:
        area = snapshot.by_code.get(place.area_code)
        if area is None:
            return BadInput(
                _("There is no area with the code “%(code)s”.") % {"code": place.area_code}, field="area_code"
            )
        return _located(snapshot, (area,), None, None, place.address)
    hits = snapshot.by_name.get(place.area_name.strip(), [])
    if len(hits) > 1:
        hits = [a for a in hits if len(a.path) == len(hits[0].path)]
    if len(hits) != 1:
        sentence = _("There is no area called “%(name)s”.") if not hits else _("Several areas are called “%(name)s”.")
        return BadInput(sentence % {"name": place.area_name[:80]}, field="area_name")
    return _located(snapshot, (hits[0],), None, None, place.address)


def _located(
    snapshot: Snapshot, hits: Sequence[AreaFact], lon: float | None, lat: float | None, address: str
) -> Located:
    base = next((a for a in hits if a.layer == snapshot.layers[0]), hits[0])
    areas = dict.fromkeys(i for hit in (base, *hits) for i in hit.path)
    cell = None if lon is None or lat is None else geometry.cell(lon, lat)
    return Located(lon, lat, cell, address.strip()[:300], base.id, tuple(areas), snapshot.full_name(base.id))
