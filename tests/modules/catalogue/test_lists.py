"""The three lists: views of the catalogue that say who answers for what, and where nobody or too many do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from gezhi.lib.actor import Actor
from gezhi.modules.catalogue import lists, queries
from gezhi.modules.people import install as people
from gezhi.modules.switches import queries as switches
from tests.modules.catalogue.catalogue_world import NOW, cells_of, national
from tests.town import Town


@pytest.mark.clause("SZ-5")
@pytest.mark.clause("SZ-16")
@pytest.mark.django_db
def test_the_national_catalogue_has_no_gap_and_no_overlap_in_its_district() -> None:
    national()
    profile = switches.profile()
    people.install(organisations=profile.organisations, posts=profile.posts, by=Actor.system(), now=NOW)
    found = lists.responsibility(queries.in_force())
    assert (found.gaps, found.overlaps) == ((), ())
    assert sum(len(one.answers) for one in found.duties) == len(queries.in_force().classes) == 410
    assert sum(len(one.supervises) for one in found.duties) == 410
    view = queries.in_force()
    assert {one.key for one in lists.handled(view)} >= {"E06010", "E07001", "E09010", "E06099"}
    assert not {one.key for one in lists.handled(view)} & {one.key for one in lists.reported(view)}


def test_gaps_and_overlaps_are_found(town: Town) -> None:
    view = queries.in_force()
    broken = replace_classes(
        view,
        C01001={"unit_kind": ""},
        C01002={"unit_kind": "gas", "supervisor_kind": "heat", "name": "暴露垃圾", "kind": "event"},
    )
    found = lists.responsibility(broken)
    gaps = {one.sort: [c.key for c in one.classes] for one in found.gaps}
    assert gaps["no_unit"] == ["C01001"]
    assert gaps["no_answerer"] == ["C01002"]
    assert gaps["no_overseer"] == ["C01002"]
    assert "C01001" in gaps["no_supervisor"]
    assert [(one.sort, one.title) for one in found.overlaps if one.sort == "same_name"] == [("same_name", "暴露垃圾")]
    assert all(lists.about(one) for one in (*found.gaps, *found.overlaps))


def replace_classes(view: queries.CatalogueView, **changes: dict[str, object]) -> queries.CatalogueView:
    """The view with some classes changed."""
    classes = tuple(replace(one, **changes.get(one.key, {})) for one in view.classes)  # type: ignore[arg-type]
    return queries.CatalogueView(0, view.standard, "", classes)


@pytest.mark.clause("SZ-5")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_list_is_a_file(town: Town, language: str) -> None:
    view = queries.in_force()
    with translation.override(language):
        for key in lists.LISTS:
            sheets = cells_of(lists.exported(key, view, at=NOW))
            first = next(iter(sheets.values()))
            assert len(first[0]) >= 7
            assert all(first[0])
        rows = next(iter(cells_of(lists.exported("management", view, at=NOW)).values()))
    assert len(rows) - 1 == sum(len(one.conditions) for one in view.classes)
