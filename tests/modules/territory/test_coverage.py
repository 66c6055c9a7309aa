"""For any plan that was adopted: every point of the parent is in exactly one grid of the layer."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from gezhi.lib.errors import Refusal, WrongState
from gezhi.modules.territory import adoption, plans, queries
from gezhi.modules.territory.drafting import Act, Bend, Draw, Merge, Move, Split
from gezhi.modules.territory.models import Area, PlanArea
from tests.town import Town, forget

STREET = box(118.78, 32.0, 118.82, 32.01)
inside = st.tuples(st.floats(118.78, 118.82), st.floats(32.0, 32.01))
anywhere = st.tuples(st.floats(118.775, 118.825), st.floats(31.998, 32.012))
acts = st.one_of(
    st.builds(Split, st.integers(1, 6), st.tuples(anywhere, anywhere)),
    st.builds(lambda a, b: Merge((a, b)), st.integers(1, 6), st.integers(1, 6)),
    st.builds(Bend, inside, inside),
    st.builds(Move, st.sampled_from([(118.81, 32.0), (118.81, 32.01), (118.79, 32.0)]), inside),
    st.builds(lambda a, b, c: Draw((a, b, c)), anywhere, anywhere, anywhere),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(acts, min_size=1, max_size=5), st.integers(0, 1000))
@pytest.mark.clause("QH-7")
def test_every_point_of_the_parent_is_in_exactly_one_grid(ward: Town, drawn: list[Act], seed: int) -> None:
    today = ward.now.date()
    with transaction.atomic():
        scope = Area.objects.get(code="999001001", valid_to=None).id
        plan = plans.begin(name="x", layer="base", scope=scope, level="grid", by=ward.who("planner"), now=ward.now)
        revision = 0
        for act in drawn:
            try:
                revision = plans.edit(
                    plan=plan, revision=revision, act=act, by=ward.who("planner"), now=ward.now
                ).revision  # fmt: skip
            except Refusal:
                continue
        try:
            adoption.adopt(
                plan=plan, on=today, today=today, reported_since=0, by=ward.who("centre.leader"), now=ward.now
            )  # fmt: skip
        except WrongState as refused:
            if refused.code != "broken":  # a draft may be left unfinished; then it is not adopted
                raise
            transaction.set_rollback(True)
            return
        forget()
        grids = [shapely.geometry.shape(one.geometry) for one in PlanArea.objects.filter(plan_id=plan)]
        rng = np.random.default_rng(seed)
        corners = shapely.get_coordinates(grids)
        lon = np.concatenate([rng.uniform(118.78, 118.82, 3000), corners[:, 0], (corners[1:, 0] + corners[:-1, 0]) / 2])
        lat = np.concatenate([rng.uniform(32.0, 32.01, 3000), corners[:, 1], (corners[1:, 1] + corners[:-1, 1]) / 2])
        held = shapely.intersects_xy(STREET, lon, lat)
        ids = queries.areas_in_force().ids(lon[held], lat[held])["base"]
        assert (ids >= 0).all()
        over = sum(shapely.contains_xy(one, lon[held], lat[held]).astype(int) for one in grids)
        assert np.max(over) <= 1
        assert {queries.areas_in_force().areas[int(one)].level for one in ids} == {"grid"}
        transaction.set_rollback(True)
    forget()
