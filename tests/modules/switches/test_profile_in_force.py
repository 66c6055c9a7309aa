"""The profile in force: adopted on record, read once a process, and never changed behind its back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotAllowed, Unavailable
from gezhi.modules.ledger.models import Entry
from gezhi.modules.switches import operations, profiles, queries
from gezhi.modules.switches.models import ProfileInForce

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system()

pytestmark = pytest.mark.django_db


class Shelf:
    """Stands in for the folders of profiles: what lies under a name, and how often it was read."""

    def __init__(self) -> None:
        base = profiles.read("base")
        self.profiles = {
            name: replace(base, name=name, abstract=False, fingerprint=sign * 64, folder=Path("/shelf") / name)
            for name, sign in (("north", "a"), ("south", "b"))
        }
        self.profiles["base"] = base
        self.reads: list[str] = []

    def read(self, name: str | Path, *, search: object, data: Path | None) -> profiles.Profile:
        self.reads.append(str(name))
        return self.profiles[Path(name).name]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(profiles, "read", shelf.read)
    monkeypatch.setattr(profiles, "known", lambda _search: ["north", "south", "base"])
    monkeypatch.setattr(queries, "_read", {})
    queries.look_again()
    return shelf


def test_without_one_the_answer_is_a_sentence(shelf: Shelf) -> None:
    assert queries.in_force() is None
    with pytest.raises(Unavailable, match="No profile"):
        queries.profile()


def test_adopting_is_on_record_and_repeating_it_is_not(shelf: Shelf) -> None:
    operations.adopt(name="north", by=SYSTEM, now=NOW)
    operations.adopt(name="north", by=SYSTEM, now=NOW)
    operations.adopt(name="south", by=SYSTEM, now=NOW)
    assert queries.profile().name == "south"
    assert queries.profile_digest() == "b" * 64
    bodies = Entry.objects.filter(subject="profile").order_by("seq").values_list("body", flat=True)
    assert [body["name"] for body in bodies] == ["north", "south"]


def test_a_process_reads_each_profile_once(shelf: Shelf) -> None:
    operations.adopt(name="north", by=SYSTEM, now=NOW)
    for _ in range(3):
        queries.profile()
    assert shelf.reads == ["north"]


def test_another_process_reads_it_by_name_or_folder(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    operations.adopt(name=Path("somewhere/south"), data=Path("/lent"), by=SYSTEM, now=NOW)
    monkeypatch.setattr(queries, "_read", {})
    assert queries.profile().name == "south"
    assert shelf.reads[-1] == "/shelf/south"
    row = ProfileInForce.objects.get()
    assert (row.name, row.data) == ("/shelf/south", "/lent")


def test_files_changed_after_adoption_are_not_followed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    operations.adopt(name="north", by=SYSTEM, now=NOW)
    monkeypatch.setattr(queries, "_read", {})
    shelf.profiles["north"] = replace(shelf.profiles["north"], fingerprint="c" * 64)
    with pytest.raises(Unavailable, match="adopt it anew"):
        queries.profile()


def test_who_may_not_and_what_cannot(shelf: Shelf) -> None:
    with pytest.raises(NotAllowed):
        operations.adopt(name="north", by=Actor("account:1", 1, (), frozenset({"administer.audit"})), now=NOW)
    with pytest.raises(BadInput, match="extend"):
        operations.adopt(name="base", by=SYSTEM, now=NOW)
    assert not ProfileInForce.objects.exists()


def test_a_profile_with_faults_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text("name: 1\n")
    with pytest.raises(profiles.ProfileProblems):
        operations.adopt(name=tmp_path, by=SYSTEM, now=NOW)
    assert not ProfileInForce.objects.exists()


def test_other_processes_ask_once_a_second(
    shelf: Shelf, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.adopt(name="north", by=SYSTEM, now=NOW)
    queries.look_again()
    clock = [100.0]
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(queries.time, "monotonic", lambda: clock[0])
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.profile()
        queries.profile()
    ProfileInForce.objects.create(
        name="south", digest="b" * 64, adopted_at=NOW, by="system"
    )  # as another process would
    assert queries.profile().name == "north"
    clock[0] += 1
    assert queries.profile().name == "south"
    queries.look_again()
