"""Changing territory: put a profile's areas in force, give somebody a post, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, WrongState
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.people import policies as people_policies
from gezhi.modules.people import queries as people
from gezhi.modules.people.queries import PostKindView
from gezhi.modules.territory import policies, queries, snapshot
from gezhi.modules.territory.models import Area, Layer, Remit, Tenure, Version


class AreaSource(Protocol):
    """What is needed of an area to install it (a profile's area satisfies it)."""

    @property
    def layer(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def parent_code(self) -> str | None: ...
    @property
    def geometry(self) -> Mapping[str, Any] | None: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def households(self) -> int | None: ...
    @property
    def population(self) -> int | None: ...
    @property
    def kind(self) -> str: ...


class LayerSource(Protocol):
    """What is needed of a layer to install it."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def levels(self) -> Sequence[str]: ...
    @property
    def shape(self) -> str: ...
    @property
    def reach(self) -> float | None: ...
    @property
    def covers(self) -> bool: ...
    @property
    def purpose(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def rule_layer(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Appointment:
    """A tenure to be given: account and post by id, organisation and area by id or None."""

    account: int
    post: int
    organisation: int | None
    area: int | None
    rank: str
    single: bool


@transaction.atomic
def install_areas(
    *, layers: Sequence[LayerSource], areas: Sequence[AreaSource], since: date, by: Actor, now: datetime
) -> int:
    """Put areas in force from `since`; those that are there already are left as they are. Returns how many are new."""
    policies.check_may_install(by)
    kept = _install_layers(layers)
    have = {(a.layer_id, a.code): a for a in Area.objects.filter(valid_to=None).defer("geometry")}
    codes: dict[str, Area] = {a.code: a for a in have.values()}
    wanted = [source for source in _parents_first(areas) if (kept[source.layer].id, source.code) not in have]
    rows = []
    for number, source in zip(new_ids(len(wanted)), wanted, strict=True):
        parent = codes.get(source.parent_code) if source.parent_code else None
        row = codes[source.code] = _area(number, source, kept[source.layer], parent, since)
        rows.append(row)
    Area.objects.bulk_create(rows, batch_size=1000)
    if rows:
        changed(by=by, now=now, kind="territory.installed", body={"areas": len(rows), "since": since.isoformat()})
    return len(rows)


def new_ids(count: int) -> list[int]:
    """Ids for areas that are about to be made, so that their paths can be written with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('territory_area', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [int(row[0]) for row in cursor.fetchall()]


@transaction.atomic
def install_remits(*, remits: Mapping[int, Sequence[int]], by: Actor, now: datetime) -> None:
    """Say which areas an organisation answers for: organisation id → area ids. Additive and repeatable."""
    policies.check_may_install(by)
    rows = [Remit(organisation_id=o, area_id=a) for o, areas in remits.items() for a in areas]
    Remit.objects.bulk_create(rows, ignore_conflicts=True)
    ledger.append(subject="territory", kind="territory.remits", by=by, now=now, body={"remits": len(rows)})


@transaction.atomic
def appoint(
    *,
    account: int,
    post: str,
    organisation: int | None = None,
    area: int | None = None,
    rank: str = "",
    since: date,
    by: Actor,
    now: datetime,
) -> int:
    """Give somebody a post from `since`; returns the tenure's id.

    Raises WrongState where the post is single and held, BadInput where the post needs an area or organisation.
    """
    policies.check_may_grant(by)
    kind = people.post_kinds().get(post)
    if kind is None:
        raise NotThere(_("There is no such post."))
    people_policies.check_may_hold_post(account)
    if organisation is not None and organisation not in people.organisations():
        raise NotThere(_("There is no such organisation."))
    _check_scope(kind, organisation, area)
    try:
        with transaction.atomic():
            tenure = Tenure.objects.create(
                account_id=account,
                post_id=kind.id,
                organisation_id=organisation,
                area_id=area,
                rank=rank,
                single=kind.single,
                during=DateRange(since, None),
            )
    except IntegrityError as error:
        raise WrongState(
            _("Somebody holds this post there on these days already; end that tenure first."), code="held"
        ) from error
    _rights_changed()
    body = {"tenure": tenure.id, "post": post, "organisation": organisation, "area": area, "since": since.isoformat()}
    ledger.append(subject=f"account:{account}", kind="tenure.given", by=by, now=now, body=body)
    return tenure.id


@transaction.atomic
def appoint_many(*, appointments: Sequence[Appointment], since: date, by: Actor, now: datetime) -> int:
    """Give many posts at once when a profile is installed; those held already by the same person stay. By COPY-size."""
    policies.check_may_install(by)
    have = {
        (t[0], t[1], t[2], t[3])
        for t in Tenure.objects.filter(during__endswith=None).values_list(
            "account_id", "post_id", "organisation_id", "area_id"
        )
    }
    rows = [
        Tenure(
            account_id=a.account,
            post_id=a.post,
            organisation_id=a.organisation,
            area_id=a.area,
            rank=a.rank,
            single=a.single,
            during=DateRange(since, None),
        )
        for a in appointments
        if (a.account, a.post, a.organisation, a.area) not in have
    ]
    Tenure.objects.bulk_create(rows, batch_size=1000)
    if rows:
        _rights_changed()
        body = {"tenures": len(rows), "since": since.isoformat()}
        ledger.append(subject="territory", kind="tenure.installed", by=by, now=now, body=body)
    return len(rows)


@transaction.atomic
def end_tenure(*, tenure: int, on: date, by: Actor, now: datetime) -> int:
    """The last day of a tenure is the day before `on`; the row stays. Returns whose it was (the account's id).

    Raises NotThere, WrongState, BadInput.
    """
    policies.check_may_grant(by)
    row = Tenure.objects.select_for_update().filter(id=tenure).first()
    if row is None:
        raise NotThere(_("There is no such tenure."))
    if row.during.upper is not None:
        raise WrongState(_("This tenure has ended already."), code="ended")
    if on <= row.during.lower:
        raise BadInput(_("A tenure cannot end before it begins."), field="on")
    row.during = DateRange(row.during.lower, on)
    row.save(update_fields=["during"])
    _rights_changed()
    body = {"tenure": tenure, "on": on.isoformat()}
    ledger.append(subject=f"account:{row.account_id}", kind="tenure.ended", by=by, now=now, body=body)
    return row.account_id


def _rights_changed() -> None:
    """Who may do what is looked up anew, by this process at once, by others within a second."""
    queries.actors.forget()
    transaction.on_commit(queries.actors.forget)


def _check_scope(kind: PostKindView, organisation: int | None, area: int | None) -> None:
    if kind.scope == "area" and area is None:
        raise BadInput(_("This post is held over an area: say which."), field="area")
    if kind.scope == "organisation" and organisation is None:
        raise BadInput(_("This post is held in an organisation: say which."), field="organisation")
    if area is not None and not Area.objects.filter(id=area, valid_to=None).exists():
        raise NotThere(_("There is no such area."))


def _install_layers(layers: Sequence[LayerSource]) -> dict[str, Layer]:
    for position, layer in enumerate(layers):
        names = ("name", "name_en", "shape", "reach", "covers", "purpose", "rule", "rule_layer")
        said = {name: getattr(layer, name) for name in names}
        Layer.objects.update_or_create(
            key=layer.key, defaults={**said, "position": position, "levels": list(layer.levels)}
        )
    return {layer.key: layer for layer in Layer.objects.all()}


def _parents_first(areas: Sequence[AreaSource]) -> list[AreaSource]:
    """Parents before children. An area whose parent is not among them (and not in force) is a root."""
    codes = {a.code: a for a in areas}
    depths: dict[str, int] = {}

    def depth(area: AreaSource) -> int:
        key = f"{area.layer}:{area.code}"
        if key not in depths:
            parent = codes.get(area.parent_code) if area.parent_code else None
            depths[key] = 0 if parent is None or parent is area else 1 + depth(parent)
        return depths[key]

    return sorted(areas, key=depth)


def _area(number: int, source: AreaSource, layer: Layer, parent: Area | None, since: date) -> Area:
    return Area(
        id=number,
        layer=layer,
        code=source.code,
        name=source.name,
        name_en=source.name_en,
        level=source.level,
        parent=parent,
        path=[*(parent.path if parent else []), number],
        geometry=dict(source.geometry) if source.geometry else None,
        synthetic=source.synthetic,
        households=source.households,
        population=source.population,
        kind=source.kind,
        valid_from=since,
    )


def changed(*, by: Actor, now: datetime, kind: str, body: Mapping[str, Any]) -> None:
    """Areas are no longer what they were: a new version for every process, and an entry of the ledger."""
    if not Version.objects.update(number=F("number") + 1):
        Version.objects.create(number=1)
    ledger.append(subject="territory", kind=kind, by=by, now=now, body=body)
    _rights_changed()
    transaction.on_commit(snapshot.forget, using=connection.alias)
