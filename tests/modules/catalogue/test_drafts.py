"""Changing the catalogue in the product: drafts, local classes, versions, and what a changed profile leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, NotThere, WrongState
from gezhi.modules.catalogue import drafts, operations, queries
from gezhi.modules.catalogue.content import ClassFact, ConditionFact
from gezhi.modules.catalogue.models import Catalogue, Draft
from gezhi.modules.catalogue.operations import LocalClass
from gezhi.modules.ledger import queries as ledger
from tests.modules.catalogue.catalogue_world import (
    ADMINISTRATOR,
    NOW,
    OTHERS,
    a_class,
    condition,
    install,
    national,
)

pytestmark = pytest.mark.django_db


def propose(*classes: ClassFact, by: Actor = ADMINISTRATOR, standard: str = "") -> int:
    """A draft as a table brings it."""
    said = standard or queries.in_force().standard
    return drafts.propose(standard=said, classes=classes, origin="table", note="t.xlsx", by=by, now=NOW)


def changed(key: str, **fields: object) -> list[ClassFact]:
    """What is in force, one class changed."""
    return [replace(one, **fields) if one.key == key else one for one in queries.in_force().classes]  # type: ignore[arg-type]


def local(**changes: object) -> LocalClass:
    """A local class as the form asks for it."""
    given: dict[str, object] = {
        "kind": "event",
        "major_code": "09",
        "name": "占道设点",
        "name_en": "Stall on the pavement",
        "conditions": (ConditionFact("found", {"zh": "发现"}, {"zh": "恢复"}, "2 work_hours"),),
        "unit_kind": "street",
    }
    return LocalClass(**(given | changes))  # type: ignore[arg-type]


def add(**changes: object) -> str:
    key = operations.add_local(new=local(**changes), by=ADMINISTRATOR, now=NOW)
    queries.forget()
    return key


@pytest.mark.clause("SZ-5")
def test_a_draft_changes_nothing_until_it_is_adopted() -> None:
    national()
    before = queries.in_force()
    number = propose(*changed("E06010", grid="report"))
    assert queries.in_force().digest == before.digest
    assert [one.id for one in queries.drafts()] == [number]
    version = drafts.adopt(draft=number, seen=before.digest, by=ADMINISTRATOR, now=NOW)
    assert queries.in_force().id == version != before.id
    assert queries.in_force().by_key["E06010"].grid == "report"
    found = queries.between(before.id, version)
    assert [(c.field, c.before, c.after) for one in found.changed for c in one.cells] == [("grid", "handle", "report")]
    newest = queries.adoptions()[0]
    assert (newest.by, newest.version, newest.origin, newest.counts) == (
        "account:7",
        version,
        "table",
        {"added": 0, "removed": 0, "changed": 1},
    )
    kinds = [entry.kind for entry in ledger.entries("catalogue")]
    assert kinds[-2:] == ["catalogue.drafted", "catalogue.adopted"]
    with pytest.raises(NotThere):
        drafts.adopt(draft=number, by=ADMINISTRATOR, now=NOW)


def test_a_draft_compared_with_something_else_is_not_adopted() -> None:
    national()
    seen = queries.in_force().digest
    one, other = propose(*changed("E06010", grid="")), propose(*changed("E06012", grid=""))
    drafts.adopt(draft=one, seen=seen, by=ADMINISTRATOR, now=NOW)
    with pytest.raises(WrongState, match="has changed since"):
        drafts.adopt(draft=other, seen=seen, by=ADMINISTRATOR, now=NOW)
    drafts.discard(draft=other, by=ADMINISTRATOR, now=NOW)
    assert queries.drafts() == []
    assert ledger.entries("catalogue")[-1].kind == "catalogue.discarded"
    with pytest.raises(NotThere):
        drafts.discard(draft=other, by=ADMINISTRATOR, now=NOW)


def test_what_says_the_same_is_no_draft() -> None:
    national()
    with pytest.raises(WrongState, match="in force already"):
        propose(*queries.in_force().classes)


def test_nobody_else_changes_the_catalogue() -> None:
    national()
    number = propose(*changed("E06010", grid=""))
    for by in OTHERS:
        for act in (
            lambda by: propose(*changed("E06010", grid=""), by=by),
            lambda by: drafts.propose_standard(key="gbt30428-2013", by=by, now=NOW),
            lambda by: drafts.propose_version(version=1, by=by, now=NOW),
            lambda by: drafts.adopt(draft=number, by=by, now=NOW),
            lambda by: drafts.discard(draft=number, by=by, now=NOW),
            lambda by: operations.add_local(new=local(), by=by, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act(by)
    assert Draft.objects.count() == 1


WRONG_DRAFTS: list[tuple[dict[str, object], str, str]] = [
    ({"unit_kind": "nobody"}, "unit_kind", "not a kind of organisation"),
    ({"supervisor_kind": "sanitation"}, "supervisor_kind", "Nobody supervises"),
    ({"name": ""}, "name", "needs a name"),
    ({"grid": "sometimes"}, "grid", "reports, handles"),
    ({"local": True}, "local", "not a local one"),
    ({"conditions": ()}, "conditions", "at least one"),
    ({"conditions": (), "limit": ""}, "conditions", "at least one"),
    ({"conditions": (condition(limit="3 moons"),)}, "limit", "cannot be read"),
    ({"conditions": (condition(), condition())}, "condition", "a key of its own"),
    ({"basis": "x" * 2001}, "basis", "At most 2000"),
]


def test_a_wrong_draft_is_refused_and_nothing_stored() -> None:
    national()
    for fields, field, words in WRONG_DRAFTS:
        with pytest.raises(BadInput, match=words) as refused:
            propose(*changed("E06010", **fields))
        assert refused.value.field == field
    assert Draft.objects.count() == 0


# --- local classes -------------------------------------------------------------------------------------------------
@pytest.mark.clause("SZ-5")
def test_local_classes_get_codes_downward() -> None:
    national()  # brings 09099 and 09098
    assert [add(), add(name="另一个"), add(name="部件", kind="component", major_code="04")] == [
        "E09097",
        "E09096",
        "C04099",
    ]
    made = queries.in_force().by_key["E09097"]
    assert (made.local, made.major, made.limit) == (True, "街面秩序类", "2 work_hours")
    assert queries.in_force().by_word["占道设点"] == made
    assert queries.adoptions()[0].origin == "form"
    assert sum(1 for one in queries.in_force().classes if not one.local) == 403


def test_a_code_given_once_is_not_given_again() -> None:
    national()
    first = add()
    kept = [one for one in queries.in_force().classes if one.key != first]
    drafts.adopt(draft=propose(*kept), by=ADMINISTRATOR, now=NOW)
    assert add(name="后来的") == "E09096"
    assert queries.rules("GB/T 47678.5-2026").used >= {("event", "09097"), ("event", "09096")}


WRONG_CLASSES: list[tuple[dict[str, object], str]] = [
    ({"major_code": "77"}, "major"),
    ({"kind": "thing"}, "major"),
    ({"name": "  "}, "name"),
    ({"name": "暴露垃圾"}, "name"),
    ({"name": "长" * 121}, "name"),
    ({"unit_kind": "nobody"}, "unit_kind"),
    ({"unit_kind": "street", "supervisor_kind": "street"}, "supervisor_kind"),
    ({"grid": "maybe"}, "grid"),
    ({"conditions": ()}, "conditions"),
    ({"conditions": (condition(limit="2 炷香"),)}, "limit"),
    ({"conditions": (condition(filing=""),)}, "filing"),
]


def test_a_wrong_local_class_names_its_field() -> None:
    national()
    before = queries.in_force().digest
    for changes, field in WRONG_CLASSES:
        with pytest.raises(BadInput) as refused:
            add(**changes)
        assert refused.value.field == field, changes
    assert queries.in_force().digest == before


def test_without_a_catalogue_there_is_nothing_to_add_to() -> None:
    with pytest.raises(WrongState):
        add()


# --- profiles and the product --------------------------------------------------------------------------------------
def test_adopting_the_profile_again_leaves_what_was_changed_here() -> None:
    national()
    key = add()
    drafts.adopt(draft=propose(*changed("E06010", grid="")), by=ADMINISTRATOR, now=NOW)
    kept = queries.in_force().digest
    national()
    assert queries.in_force().digest == kept
    assert key in queries.in_force().by_key


def test_a_changed_profile_is_laid_under_what_was_changed_here() -> None:
    install(a_class(), a_class("06002"), a_class("06003"), a_class("06004"))
    base = queries.in_force()
    edited = [replace(base.by_key["E06001"], name="改过"), base.by_key["E06002"], base.by_key["E06004"]]
    added = a_class("06099", local=True)
    from gezhi.modules.catalogue import adopting

    adopting.put_in_force(
        standard="Test", classes=[*edited, added], profile_digest=base.digest, origin="table", by=ADMINISTRATOR, now=NOW
    )
    install(a_class(name="方案新名"), a_class("06002", name="方案新名二"), a_class("06003"), a_class("06005"))
    names = {one.key: one.name for one in queries.in_force().classes}
    assert names == {
        "E06001": "改过",  # edited here: stays
        "E06002": "方案新名二",  # follows the profile
        "E06005": "事项06005",  # new in the profile
        "E06099": "事项06099",  # added here; 06003 was taken out here, 06004 by the profile
    }
    assert queries.adoptions()[0].origin == "kept"


def test_another_standard_takes_nothing_along() -> None:
    install(a_class(), standard="Old")
    install(a_class("0101"), standard="New")
    assert [one.key for one in queries.in_force().classes] == ["E0101"]


@pytest.mark.clause("SZ-5")
def test_an_older_standard_is_put_in_force_and_taken_back() -> None:
    national()
    first = queries.in_force().id
    number = drafts.propose_standard(key="gbt30428-2013", by=ADMINISTRATOR, now=NOW)
    drafts.adopt(draft=number, by=ADMINISTRATOR, now=NOW)
    view = queries.in_force()
    assert view.standard == "GB/T 30428.2-2013"
    counts = [sum(1 for one in view.classes if one.kind == kind) for kind in ("component", "event")]
    assert counts == [121, 83]
    national()  # the same profile again does not undo it
    assert queries.in_force().standard == "GB/T 30428.2-2013"
    drafts.adopt(draft=drafts.propose_version(version=first, by=ADMINISTRATOR, now=NOW), by=ADMINISTRATOR, now=NOW)
    assert queries.in_force().id == first
    assert Catalogue.objects.filter(in_force=True).count() == 1
    with pytest.raises(NotThere):
        drafts.propose_standard(key="iso-1", by=ADMINISTRATOR, now=NOW)
    with pytest.raises(NotThere):
        drafts.propose_version(version=999_999, by=ADMINISTRATOR, now=NOW)


def test_a_class_tells_how_it_changed() -> None:
    install(a_class(), a_class("06002"))
    install(a_class(name="新名"), a_class("06002"))
    install(a_class("06002"))
    told = queries.history("E06001")
    assert [(one.fact.name if one.fact else None, bool(one.change)) for one in told] == [
        (None, False),
        ("新名", True),
        ("事项06001", False),
    ]
    assert queries.history("E99999") == []
    assert [one.classes for one in queries.versions()] == [1, 2, 2]
    with pytest.raises(NotThere):
        queries.version(999_999)
