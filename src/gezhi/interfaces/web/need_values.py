"""From what a form sent to what a move takes: typed values by need, photos stored first.

What cannot be typed is handed on as it is, so that the engine's own sentence names the field; nothing is judged here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from gezhi.engines.procedure import Need
from gezhi.interfaces.web import asked
from gezhi.interfaces.web.need_fields import ITEM_ROWS, Given
from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, Refusal
from gezhi.modules.files import operations as files
from gezhi.modules.files import policies as file_policies


@dataclass
class Entered:
    """A form as it was sent: `inputs` fills up as photos are stored; `stored` are photo ids by field."""

    needs: tuple[Need, ...]
    post: QueryDict
    uploads: MultiValueDict[str, UploadedFile[Any]]
    salt: str
    inputs: dict[str, Any] = field(default_factory=dict)
    stored: dict[str, list[int]] = field(default_factory=dict)

    def store_photos(self, *, by: Actor, now: datetime) -> None:
        """Store what was uploaded, beside what an earlier try has stored. Raises the files room's refusals."""
        for need in self.needs:
            if need.kind != "photo":
                continue
            kept = asked.kept_ids(self.post.get(f"{need.key}_kept", ""), salt=self.salt)
            self.stored[need.key] = kept
            self.stored[need.key] = kept + store(self.uploads.getlist(need.key), len(kept), need.key, by=by, now=now)
            if self.stored[need.key]:
                self.inputs[need.key] = list(dict.fromkeys(self.stored[need.key]))

    def refused(self, refusal: Refusal) -> Given:
        """What to show again with the refusal: every value, each field's sentence, the photos kept."""
        listed = getattr(refusal, "problems", None) or ([(refusal.field, refusal.sentence)] if refusal.field else [])
        kept = {name: (asked.keep_ids(ids, salt=self.salt), len(ids)) for name, ids in self.stored.items() if ids}
        values = {name: tuple(asked.tidy(v) for v in self.post.getlist(name)) for name in self.post}
        return Given(values, {str(name): sentence for name, sentence in listed}, kept)


def read(request: HttpRequest, needs: tuple[Need, ...], *, salt: str) -> Entered:
    """The form of a move; its photos are stored by a second call, after it is known that the move is open at all."""
    entered = Entered(needs, request.POST, request.FILES, salt)
    for need in needs:
        if need.kind == "photo":
            continue
        value = _value(need, request.POST)
        if value not in (None, "", [], {}):
            entered.inputs[need.key] = value
    return entered


def store(uploads: Iterable[UploadedFile[Any]], already: int, name: str, *, by: Actor, now: datetime) -> list[int]:
    """Store uploaded photos in order; ids. Raises BadInput (too many, not a photo), TooLarge, Unavailable."""
    given = [u for u in uploads if u]
    file_policies.check_count(already + len(given), field=name)
    for upload in given:
        file_policies.check_bytes(upload.size or 0, field=name)
    if not given:
        return []
    prepared = files.prepare_many(streams=[cast(BinaryIO, u.file) for u in given], field=name)
    return [one.id for one in files.record_many(prepared=prepared, by=by, now=now)]


def _value(need: Need, post: QueryDict) -> Any:
    read = _READERS.get(need.kind)
    return read(need, post) if read else asked.words(post, need.key)


def _units(need: Need, post: QueryDict) -> list[int | str]:
    return [_whole(v) for v in dict.fromkeys(post.getlist(need.key)) if v]


def _place(need: Need, post: QueryDict) -> dict[str, Any] | None:
    return place(post, need.key)


def _amount(need: Need, post: QueryDict) -> float | str:
    return _number(asked.words(post, need.key))


def _bool(need: Need, post: QueryDict) -> bool | str:
    text = asked.words(post, need.key)
    return {"yes": True, "no": False}.get(text, text)


def _here(need: Need, post: QueryDict) -> dict[str, Any] | None:
    lon, lat = asked.words(post, f"{need.key}_lon", 40), asked.words(post, f"{need.key}_lat", 40)
    return {"lon": _number(lon), "lat": _number(lat)} if lon and lat else None


def _items(need: Need, post: QueryDict) -> list[dict[str, Any]]:
    """The rows of a plan that have anything in them, in order."""
    rows = []
    for n in range(ITEM_ROWS):
        what, unit, due = (asked.words(post, f"{need.key}.{n}.{part}", 400) for part in ("what", "unit", "due"))
        if what or unit or due:
            rows.append({"what": what, "unit": _whole(unit), "due": due})
    return rows


def place(post: Mapping[str, str] | QueryDict, name: str) -> dict[str, Any] | None:
    """A pin ({"lon", "lat"}), else an area by id, each with the address; None where neither is given."""
    given = cast(QueryDict, post)
    lon, lat = asked.words(given, "lon", 40), asked.words(given, "lat", 40)
    address = asked.words(given, f"{name}_address", 300)
    if lon or lat:
        return {"lon": _number(lon), "lat": _number(lat), "crs": "CGCS2000", "address": address}
    area = asked.words(given, f"{name}_area", 20)
    return {"area": _whole(area), "address": address} if area else None


def point(text: str, name: str) -> float:
    """A coordinate. Raises BadInput naming the field."""
    value = _number(text)
    if not isinstance(value, float):
        from django.utils.translation import gettext as _

        raise BadInput(_("This is not a place on earth: longitude and latitude are in degrees."), field=name)
    return value


def _number(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _whole(text: str) -> int | str:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else text[:40]


def _scores(need: Need, post: QueryDict) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in post:
        key, _dot, rest = name.partition(".")
        task, _dot, part = rest.rpartition(".")
        value = asked.words(post, name, 40)
        if key == need.key and task and value:
            found.setdefault(task, {})[part] = _number(value)
    return found


_READERS: Mapping[str, Callable[[Need, QueryDict], Any]] = {
    "units": _units,
    "place": _place,
    "number": _amount,
    "bool": _bool,
    "scores": _scores,
    "items": _items,
    "here": _here,
}
