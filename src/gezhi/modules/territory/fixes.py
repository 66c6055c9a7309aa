"""The six fixes (网格六定) of an area: scope, people, content, duty, standard, patrol; and what of them is vacant.

Scope is the outline. People are the holders of the posts that the profile's matrix wants for the layer and level, more
of them where there are more people or the compound is of another kind. The other four are texts: the area's own, else
the profile's for its layer, level and kind. What is missing is a vacancy. Areas of layers and levels that the profile
says nothing about have none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.lib.texts import Text, said
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import queries as switches
from gezhi.modules.switches.profiles import Profile, Seats
from gezhi.modules.territory import policies, queries
from gezhi.modules.territory.models import Area, Tenure
from gezhi.modules.territory.queries import AreaFact, Responsible

TEXTS = ("content", "duty", "standard", "patrol")
FIXES = ("scope", "people", *TEXTS)
LONGEST = 1000  # characters of a text


@dataclass(frozen=True, slots=True)
class SeatView:
    """A post of the matrix over an area: how many holders are wanted, who they are, how many are missing."""

    post: str
    title: Text
    least: int
    most: int | None
    holders: tuple[Responsible, ...]

    @property
    def missing(self) -> int:
        """How many holders are wanted and not there."""
        return max(0, self.least - len(self.holders))


@dataclass(frozen=True, slots=True)
class FixView:
    """One of the six: its key, its text ("" for scope and people), whether the text is the area's own, is it there?"""

    key: str
    text: str
    own: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class AreaFixes:
    """The six fixes of an area, and its posts. Both empty where the profile asks nothing of such areas. `mark` stands
    for the area's own texts as they are: who writes new ones gives it back."""

    fixes: tuple[FixView, ...]
    seats: tuple[SeatView, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Something an area lacks: one of the six; for people the post and how many are missing."""

    area: AreaFact
    fix: str
    post: str = ""
    title: Text | None = None
    missing: int = 1


def of_area(number: int, *, on: date) -> AreaFixes:
    """The six fixes of an area on a day. Two queries. Raises NotThere."""
    fact = queries.areas_on(on).areas.get(number)
    row = Area.objects.filter(id=number).values_list("fixes", "geometry").first()
    if fact is None or row is None:
        raise NotThere(_("There is no such area on this day."))
    profile = switches.profile()
    seats = _seats_by_place(profile).get((fact.layer, fact.level), ())
    holders = queries.responsible([number], on=on)
    titles = {post.key: post.title for post in profile.posts}
    viewed = tuple(_seat(one, fact, titles, holders) for one in seats)
    wanted = _texts(profile, fact)
    if wanted is None and not viewed:
        return AreaFixes((), ())
    missing = any(seat.missing for seat in viewed)
    texts = tuple(_text(key, row[0], wanted or {}) for key in TEXTS) if wanted is not None else ()
    scope = FixView("scope", str(row[0].get("scope", "")), "scope" in row[0], bool(row[1]) or "scope" in row[0])
    return AreaFixes((scope, FixView("people", "", True, not missing), *texts), viewed, _mark(row[0]))


def vacancies(*, on: date, layer: str = "", within: int | None = None) -> list[Vacancy]:
    """What the areas in force on a day lack, in the order of layers and codes. Two queries."""
    snapshot, profile = queries.areas_on(on), switches.profile()
    seats, have, own = _seats_by_place(profile), _holders(on), _own_texts()
    titles = {post.key: post.title for post in profile.posts}
    order = {key: number for number, key in enumerate(snapshot.layers)}
    found = []
    for fact in sorted(snapshot.areas.values(), key=lambda a: (order[a.layer], a.code)):
        if (layer and fact.layer != layer) or (within is not None and within not in fact.path):
            continue
        for seat in seats.get((fact.layer, fact.level), ()):
            least, _most = seat.wanted(households=fact.households, population=fact.population, kind=fact.kind)
            missing = least - have[fact.id, seat.post]
            if missing > 0:
                found.append(Vacancy(fact, "people", seat.post, titles.get(seat.post), missing))
        texts = _texts(profile, fact)
        lacking = [key for key in TEXTS if texts is not None and key not in texts and key not in own.get(fact.id, {})]
        found += [Vacancy(fact, key) for key in lacking]
    return found


def vacancy_counts(*, on: date) -> Counter[str]:
    """How many vacancies each layer has. Two queries."""
    return Counter(one.area.layer for one in vacancies(on=on))


@transaction.atomic
def set_texts(*, area: int, texts: Mapping[str, str], seen: str | None = None, by: Actor, now: datetime) -> None:
    """Give an area in force texts of its own; an empty one takes its own text away. `seen`: the mark of the texts that
    the writer saw; None where nothing was looked at.

    Raises NotThere, NotAllowed, BadInput (a text too long, a name that is none of the six), WrongState where somebody
    else wrote meanwhile.
    """
    row = Area.objects.select_for_update().filter(id=area, valid_to=None).first()
    if row is None:
        raise NotThere(_("There is no such area."))
    policies.check_may_draw(by, row.path)
    if seen is not None and seen != _mark(row.fixes):
        raise WrongState(
            _("Somebody else wrote texts for this area meanwhile. Compare, put yours together with theirs, and send."),
            code="changed",
        )
    kept = dict(row.fixes)
    for key, text in texts.items():
        tidy = text.strip()
        if key not in ("scope", *TEXTS):
            raise BadInput(_("This is none of the six fixes."), field=key)
        if len(tidy) > LONGEST:
            raise BadInput(_("A text has at most %(most)d characters.") % {"most": LONGEST}, field=key)
        kept[key] = tidy
    row.fixes = {key: text for key, text in kept.items() if text}
    row.save(update_fields=["fixes"])
    body = {"area": area, "code": row.code, "texts": {key: kept[key] for key in sorted(texts)}}
    ledger.append(subject="territory", kind="territory.fixes", by=by, now=now, body=body)


def _mark(own: Mapping[str, str]) -> str:
    """Stands for an area's own texts: another text, another mark."""
    return blake2b(json.dumps(dict(own), sort_keys=True).encode(), digest_size=8).hexdigest()


def _seats_by_place(profile: Profile) -> dict[tuple[str, str], list[Seats]]:
    found: dict[tuple[str, str], list[Seats]] = {}
    for one in profile.matrix:
        found.setdefault((one.layer, one.level), []).append(one)
    return found


def _seat(seat: Seats, fact: AreaFact, titles: Mapping[str, Text], holders: list[Responsible]) -> SeatView:
    least, most = seat.wanted(households=fact.households, population=fact.population, kind=fact.kind)
    mine = tuple(one for one in holders if one.post == seat.post)
    return SeatView(seat.post, titles.get(seat.post, {"en": seat.post}), least, most, mine)


def _texts(profile: Profile, fact: AreaFact) -> Mapping[str, Text] | None:
    """The profile's texts for such an area; None where it asks for none."""
    found = profile.fixes.get((fact.layer, fact.level))
    return found.of(fact.kind) if found is not None else None


def _text(key: str, own: Mapping[str, str], general: Mapping[str, Text]) -> FixView:
    text = str(own.get(key, "")) or said(general.get(key))
    return FixView(key, text, key in own, bool(text))


def _holders(on: date) -> Counter[tuple[int, str]]:
    """(area, post) → how many hold it that day. One query."""
    rows = Tenure.objects.filter(during__contains=on).exclude(area=None).values_list("area_id", "post__key")
    return Counter((int(area or 0), post) for area, post in rows)


def _own_texts() -> dict[int, Mapping[str, str]]:
    return dict(Area.objects.exclude(fixes={}).values_list("id", "fixes"))
