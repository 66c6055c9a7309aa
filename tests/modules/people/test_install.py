"""Organisations and posts from a profile: the same file twice changes nothing, and nothing is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed
from gezhi.modules.ledger.models import Entry
from gezhi.modules.people import queries
from gezhi.modules.people.install import Installed, administration_of, install
from gezhi.modules.people.models import Organisation

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system()

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    parent_code: str | None = None
    name_en: str = ""
    kind: str = "department"
    systems: tuple[dict[str, str], ...] = ()
    invented: bool = False


@dataclass(frozen=True)
class Post:
    key: str
    title: dict[str, str]
    capabilities: tuple[str, ...] = ()
    scope: str = "organisation"
    single: bool = False
    technical: bool = False
    public: bool = False
    duties: tuple[dict[str, str], ...] = ()


UNITS = [
    Unit("water", "水务局", "district", "Water", systems=({"zh": "排水监测", "en": "Drainage monitor"},)),
    Unit("district", "区政府", None, "District"),
    Unit("pumps", "泵站", "water"),
]
POSTS = [
    Post("acceptor", {"zh": "受理员", "en": "Acceptor"}, ("desk.accept", "case.see.all")),
    Post("leader", {"zh": "负责人"}, ("figures.see",), single=True),
    Post("auditor", {"zh": "审计员"}, ("administer.audit",), scope="none", technical=True),
]


def put(units: list[Unit] = UNITS, posts: list[Post] = POSTS, by: Actor = SYSTEM) -> Installed:
    return install(organisations=units, posts=posts, by=by, now=NOW)


def test_parents_may_come_after_their_children() -> None:
    assert put() == Installed(created=5, changed=0, retired=0)
    (root,) = queries.organisation_tree()
    assert root.organisation.code == "district"
    assert root.children[0].children[0].organisation.name == {"zh": "泵站", "en": "泵站"}
    assert root.children[0].organisation.source_systems[0]["en"] == "Drainage monitor"


def test_twice_changes_nothing_and_leaves_one_entry() -> None:
    put()
    assert put() == Installed(0, 0, 0)
    assert Entry.objects.filter(subject="people").count() == 1


def test_changes_are_taken_and_what_is_gone_is_retired() -> None:
    put()
    done = put([Unit("district", "区人民政府"), Unit("pumps", "泵站", "district")], POSTS[:1])
    assert done == Installed(created=0, changed=2, retired=2)
    assert {unit.code for unit in queries.organisations().values()} == {"district", "pumps"}
    assert Organisation.objects.count() == 3
    assert put() == Installed(created=0, changed=4, retired=0)


def test_statements_do_not_grow_with_rows(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        put([Unit(f"u{i}", f"单位{i}", "u0" if i else None) for i in range(300)])


@pytest.mark.parametrize(
    ("units", "said"),
    [([Unit("a", "A", "b")], "under b"), ([Unit("a", "A", "a")], "itself"),
     ([Unit("a", "A", "b"), Unit("b", "B", "c"), Unit("c", "C", "b")], "itself")],
)  # fmt: skip
def test_impossible_trees_are_refused(units: list[Unit], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        put(units)
    assert not Organisation.objects.exists()


def test_technical_posts_are_administrations_not_posts() -> None:
    put()
    assert set(queries.post_kinds()) == {"acceptor", "leader"}
    assert [administration_of(post) for post in POSTS] == ["", "", "audit"]
    with pytest.raises(BadInput, match="mixes"):
        put(posts=[Post("both", {"zh": "兼"}, ("desk.accept", "administer.system"))])
    with pytest.raises(BadInput, match="exactly one"):
        put(posts=[Post("two", {"zh": "兼"}, ("administer.audit", "administer.system"), technical=True)])


def test_capabilities_come_from_posts_or_from_administration_never_both() -> None:
    put()
    assert queries.capabilities(administration="", posts=["acceptor", "leader", "nobody"]) == {
        "desk.accept", "case.see.all", "figures.see",
    }  # fmt: skip
    assert queries.capabilities(administration="audit", posts=["acceptor"]) == {"administer.audit"}
    put(posts=POSTS[1:])
    assert queries.capabilities(administration="", posts=["acceptor"]) == frozenset()


def test_only_the_system_administrator_installs() -> None:
    with pytest.raises(NotAllowed):
        put(by=Actor("account:1", 1, (), frozenset({"administer.security"})))


def test_the_database_refuses_a_unit_above_itself() -> None:
    put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(code="water").update(parent=F("id"))
