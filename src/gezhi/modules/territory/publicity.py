"""Who is shown to the public for a piece of ground, and the ground itself as a map (clause YZ-12).

Shown are the holders of posts that the profile makes public (`PostKind.public`), nobody else: name, duty phone,
portrait, duties in words. What shows the same on a page, a poster and a card is decided here once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gezhi.engines import geometry
from gezhi.engines.geometry import AreaIndex
from gezhi.lib.texts import Text
from gezhi.modules.territory import snapshot
from gezhi.modules.territory.models import Area, Remit, Tenure
from gezhi.modules.territory.snapshot import AreaFact

HALF = 0.5  # of a grid must lie in another layer's area for its people to answer here too


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who answers for an area in public. `photo` is a stored file's SHA-256, "" without one."""

    account: int
    name: str
    invented: bool
    area: int
    post: str
    title: Text
    duties: tuple[Text, ...] = ()
    phone: str = ""
    note: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A map of an area among its neighbours: what is on it by id, laid on a sheet. `outlines`: the areas above it."""

    drawn: geometry.Drawing
    outlines: geometry.Drawing
    areas: Mapping[int, AreaFact] = field(default_factory=dict)


def grounds_of(area: int) -> tuple[int, ...]:
    """The areas whose people answer here, nearest first: the area, those of other layers that hold most of it, and all
    that these lie in. No query."""
    snap = snapshot.current()
    here = snap.areas[area]
    own = _shape(snap, here)
    paths = [here.path]
    for layer, index in snap.indexes.items():
        if own is None or layer == here.layer or not isinstance(index, AreaIndex):
            continue
        for other, ground in index.within(*own.bounds):
            if own.intersection(ground).area > HALF * own.area:
                paths.append(snap.areas[other].path)
    listed = [one for path in paths for one in reversed(path) if one in snap.areas]
    return tuple(dict.fromkeys(sorted(listed, key=lambda one: -len(snap.areas[one].path))))


def keepers(areas: Iterable[int], *, on: date) -> dict[int, list[Keeper]]:
    """Area id → those who answer for it in public on that day, by post and name. One query for any number of areas."""
    rows = _shown(on).filter(area_id__in=set(areas)).select_related("account__photo", "post")
    found: dict[int, list[Keeper]] = {}
    for row in rows.order_by("post__key", "account__display_name", "id"):
        found.setdefault(row.area_id or 0, []).append(_keeper(row))
    return found


def shows_portrait(sha256: str, *, on: date) -> bool:
    """Is this the portrait of somebody who is shown to the public on that day? One query."""
    return bool(_shown(on).filter(account__photo__sha256=sha256).exists())


def publishers(areas: Iterable[int]) -> dict[int, int]:
    """Area id → the organisation that answers for it. One query."""
    return dict(Remit.objects.filter(area_id__in=set(areas)).order_by("-id").values_list("area_id", "organisation_id"))


def surroundings(area: int, *, width: float, height: float, margin: float) -> Surroundings | None:
    """The area in the middle of a sheet, among the areas of the first layer (which divides all the ground) and with the
    outlines of those above it; None where it has no shape. One query."""
    snap = snapshot.current()
    here = snap.areas[area]
    own = _shape(snap, here)
    if own is None:
        return None
    ground = geometry.window(own, width / height, margin)
    everywhere = snap.indexes.get(snap.layers[0])
    near = {**dict(everywhere.within(*ground) if isinstance(everywhere, AreaIndex) else ()), area: own}
    rows = Area.objects.filter(id__in=here.path[:-1]).exclude(geometry=None)
    above = {row.id: shape(row.geometry) for row in rows}
    drawn = geometry.drawing(near, ground=ground, width=width, height=height)
    outlines = geometry.drawing(above, ground=ground, width=width, height=height)
    return Surroundings(drawn, outlines, {key: snap.areas[key] for key in (*near, *above)})


def _shape(snap: snapshot.Snapshot, area: AreaFact) -> BaseGeometry | None:
    index = snap.indexes.get(area.layer)
    return index.shape_of(area.id) if isinstance(index, AreaIndex) else None


def _shown(on: date) -> Any:
    return Tenure.objects.filter(
        during__contains=on, post__public=True, post__active=True, account__active=True, area__valid_to=None
    ).exclude(area=None)


def _keeper(row: Tenure) -> Keeper:
    who, post = row.account, row.post
    return Keeper(
        account=who.id,
        name=who.display_name,
        invented=who.invented,
        area=row.area_id or 0,
        post=post.key,
        title={"zh": post.name, "en": post.name_en or post.name},
        duties=tuple(post.duties),
        phone=who.duty_phone,
        note=who.duty_note,
        photo=who.photo.sha256 if who.photo else "",
    )
