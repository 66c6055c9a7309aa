"""What a profile is once read: frozen values, in the order of its files. Nothing here can be changed or refers to a
database; installers of other rooms walk through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gezhi.engines.procedure import Procedure
    from gezhi.engines.workclock import Calendar
    from gezhi.modules.switches.profiles.maps import ImportMap

Text = Mapping[str, str]
"""A text in the profile's languages: {"zh": …, "en": …}."""


def leading(text: Text) -> str:
    """The Chinese text, or the only one there is."""
    return text.get("zh") or next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of territory; `digits` the length of its codes (None: codes are free), `rank` 0 at the top. Areas of a
    level that is not `outlined` belong to the area above and need no outline."""

    key: str
    title: Text
    digits: int | None
    rank: int
    outlined: bool = True


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer over the same ground: base, exclusive, police, road sections…

    `shape` is polygon, line or point; lines and points hold what lies within `reach` metres. `covers`: its areas fill
    their parent. `purpose` is duty, or blocks for what grids are made of. `rule` (same_as, within, unites or "") says
    how its boundaries lie to those of the layer `rule_layer`.
    """

    key: str
    title: Text
    shape: str = "polygon"
    reach: float | None = None
    covers: bool = False
    purpose: str = "duty"
    rule: str = ""
    rule_layer: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A piece of territory. `geometry` is GeoJSON of the kind its layer is made of, in CGCS2000 degrees, or None.

    `synthetic` says that the geometry (and for grids the grid itself) was laid by a program. Households, population and
    `kind` (a compound type) are None or "" where nothing is said.
    """

    layer: str
    code: str
    name: str
    name_en: str
    level: str
    parent_code: str | None
    geometry: Mapping[str, Any] | None
    synthetic: bool
    households: int | None = None
    population: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Fixes:
    """The six fixes (网格六定) of a layer and level: the texts by name, and other ones for compounds of a kind."""

    texts: Mapping[str, Text]
    kinds: Mapping[str, Mapping[str, Text]]

    def of(self, kind: str) -> Mapping[str, Text]:
        """The texts for areas of this kind."""
        return {**self.texts, **self.kinds.get(kind, {})}


@dataclass(frozen=True, slots=True)
class Seats:
    """How many holders of a post an area of a layer and level has. `kinds`: other (least, most) by compound type."""

    layer: str
    level: str
    post: str
    least: int
    most: int | None
    per_households: int | None
    per_population: int | None
    kinds: Mapping[str, tuple[int, int | None]]

    def wanted(self, *, households: int | None, population: int | None, kind: str) -> tuple[int, int | None]:
        """(least, most) for an area: what its kind asks, and more where its people are more."""
        least, most = self.kinds.get(kind, (self.least, self.most))
        for count, per in ((households, self.per_households), (population, self.per_population)):
            if count and per:
                least = max(least, -(-count // per))
        return least, None if most is None else max(least, most)


@dataclass(frozen=True, slots=True)
class OrganisationKind:
    """A kind of organisation: water, street, gas… Classes of the catalogue name the kind that answers for them."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; `area_code` where it works (None: everywhere), `systems` its systems that feed the platform."""

    code: str
    name: str
    name_en: str
    kind: str
    parent_code: str | None
    area_code: str | None
    systems: tuple[Text, ...]
    invented: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A post; `scope` is organisation, area or none. `single`: one holder at a time for one organisation or area.

    `public`: whoever holds it is named to the public, with the `duties`.
    """

    key: str
    title: Text
    scope: str
    single: bool
    technical: bool
    capabilities: tuple[str, ...]
    public: bool = False
    duties: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPost:
    """A post that a person holds, with the codes of the organisation and the area it is tied to."""

    post: str
    organisation: str | None = None
    area: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the profile. `organisation` is the employer; `invented` that nobody real is meant."""

    username: str
    name: str
    name_en: str
    invented: bool
    full_time: bool
    organisation: str | None
    posts: tuple[PersonPost, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A filing condition with its closing condition and the limit that follows from it (“2 work_hours”)."""

    key: str
    filing: Text
    closing: Text
    limit: str


@dataclass(frozen=True, slots=True)
class CatalogueClass:
    """A class: `kind` is component (what stands in the city) or event (what may be reported).

    (kind, code) is unique. The first condition is the default one. `unit_kind` answers for it, `supervisor_kind` sees
    that it is done. `grid`: a grid worker reports it, handles it on the spot, or ("") neither. `basis` names the law or
    rule. `local`: added by the city. `certainty`: how sure code and name are ("" where there is no doubt).
    """

    kind: str
    major_code: str
    major: Text
    code: str
    name: str
    name_en: str
    unit_kind: str | None
    conditions: tuple[Condition, ...]
    supervisor_kind: str | None = None
    grid: str = ""
    basis: str = ""
    local: bool = False
    certainty: str = ""

    @property
    def limit(self) -> str:
        """The limit of the default condition."""
        return self.conditions[0].limit

    @property
    def filing(self) -> Text:
        """The default filing condition."""
        return self.conditions[0].filing

    @property
    def closing(self) -> Text:
        """The default closing condition."""
        return self.conditions[0].closing


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue: its standard, version and classes in the order of their codes.

    `key` names the folder of standards/ it comes from, "" for the profile's own. Local classes are numbered downward
    from `local_from`; `withdrawn` are (kind, code) of local classes there once were.
    """

    standard: str
    title: Text
    version: str
    classes: tuple[CatalogueClass, ...]
    key: str = ""
    local_from: int = 99
    withdrawn: frozenset[tuple[str, str]] = frozenset()

    def of_kind(self, kind: str) -> tuple[CatalogueClass, ...]:
        """The classes of one kind: component or event."""
        return tuple(one for one in self.classes if one.kind == kind)

    def get(self, code: str, kind: str = "event") -> CatalogueClass | None:
        """The class with this code, None where there is none."""
        return next((one for one in self.classes if one.code == code and one.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of a code: `old` is "" for a class that is new, `new` "" for one that is gone."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """From an older standard to the one that follows it, both named as their catalogues name them."""

    older: str
    newer: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class ProcedureFile:
    """A procedure: the merged document (what is stored with its version) and the engine's reading of it."""

    name: str
    version: int
    doc: Mapping[str, Any]
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Norm:
    """How many households and people a grid should have; `kinds`: households a grid in compounds of a kind."""

    households: int = 300
    population: int = 1000
    kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything local about a place. `chain` names the profiles it is made of, from the base to itself.

    `fingerprint` is the SHA-256 (hex) over every file read: two installations with the same one have the same rules.
    `catalogue` is the one in force, with local classes; `standards` are all it could be, without them.
    """

    name: str
    title: Text
    folder: Path
    chain: tuple[str, ...]
    fingerprint: str
    abstract: bool
    country: str | None
    zone: str
    language: str
    languages: tuple[str, ...]
    centre: str | None
    levels: tuple[Level, ...]
    grid_level: str | None
    layers: tuple[Layer, ...]
    areas: tuple[Area, ...]
    fixes: Mapping[tuple[str, str], Fixes]
    matrix: tuple[Seats, ...]
    organisation_kinds: tuple[OrganisationKind, ...]
    organisations: tuple[Organisation, ...]
    posts: tuple[Post, ...]
    ranks: Mapping[str, Text]
    people: tuple[Person, ...]
    catalogue: Catalogue
    procedures: Mapping[str, ProcedureFile]
    calendar: Mapping[str, Any]
    workclock: Calendar = field(repr=False)
    lists: Mapping[str, Mapping[str, Text]]
    texts: Mapping[str, Text]
    simulation: Mapping[str, Any]
    standards: tuple[Catalogue, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    imports: Mapping[str, ImportMap] = field(default_factory=dict)
    norm: Norm = field(default_factory=Norm)
