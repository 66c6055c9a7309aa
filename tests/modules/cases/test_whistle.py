"""Streets blow the whistle, departments report in: QH-1 to QH-3 as the source describes them, on the small town."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from gezhi.lib.actor import Actor, HeldPost
from gezhi.lib.errors import NotAllowed, NotThere, WrongState
from gezhi.modules.cases import operations, whistling
from gezhi.modules.cases.models import Case, Clock, Score
from gezhi.modules.cases.operations import Beginning, Place
from gezhi.modules.people import install as people
from gezhi.modules.switches import scenarios
from tests.town import EAST, Town

pytestmark = pytest.mark.django_db
UNITS = 11


@dataclass
class Blown:
    """A whistle that is being played: its case and the units that were summoned."""

    town: Town
    case: int
    units: list[int]
    keys: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        view = self.town.view(self.case, "street.leader")
        self.keys = {t.unit: t.key for t in view.assignments if t.kind == "summons" and t.unit is not None}

    @property
    def row(self) -> Case:
        return Case.objects.get(id=self.case)

    def somebody(self, unit: int, rank: str = "section") -> Actor:
        post = HeldPost("unit_leader", unit, None, rank)
        return Actor(f"account:{900_000 + unit}{rank}", None, (post,), frozenset({"case.see.unit"}))

    def sign(self, unit: int) -> None:
        self.town.act(self.case, self.somebody(unit), "sign", {}, assignment=self.keys[unit])

    def arrive(self, unit: int, rank: str = "section") -> None:
        self.town.act(self.case, self.somebody(unit, rank), "arrive", {}, assignment=self.keys[unit])

    def confirm(self, unit: int) -> None:
        self.town.act(self.case, "street.leader", "confirm_presence", {}, assignment=self.keys[unit])

    def stages(self) -> dict[int, str]:
        view = self.town.view(self.case, "street.leader")
        return {t.unit: t.stage for t in view.assignments if t.kind == "summons" and t.unit is not None}


def units(town: Town, count: int) -> list[int]:
    """So many departments."""
    return [
        people.add_organisation(name=f"第{n}部门", kind="construction", by=Actor.system(), now=town.now)
        for n in range(count)
    ]


def blow(town: Town, level: str, summoned: list[int], **more: str) -> Blown:
    inputs = {"level": level, "units": summoned, "words": "背街小巷积水，需多部门会商"}
    beginning = Beginning(
        "whistle", "blow", inputs, "背街小巷积水", Place(lon=EAST[0], lat=EAST[1]), link="whistle_for", **more
    )
    moved = operations.start(beginning=beginning, by=town.who("street.leader"), now=town.now)
    return Blown(town, moved.case, summoned)


def scores(blown: Blown, *, speed: int = 30, cooperation: int = 25, solved: int = 35) -> dict[str, dict[str, int]]:
    return {k: {"speed": speed, "cooperation": cooperation, "solved": solved} for k in blown.keys.values()}


@pytest.mark.clause("QH-2")
def test_eleven_departments_a_plan_in_half_a_month_a_result_in_three(town: Town) -> None:
    eleven = units(town, UNITS)
    blown = blow(town, "ordinary", eleven)
    assert blown.row.stage == "blown"
    assert Clock.objects.filter(case=blown.case, name="arrive", stopped_at=None).count() == UNITS
    for unit in eleven[:-1]:
        blown.sign(unit)
        blown.arrive(unit)
        blown.confirm(unit)
    late = eleven[-1]
    due = Clock.objects.get(case=blown.case, name="arrive", assignment_key=blown.keys[late]).due_at
    town.now = due
    while operations.fire_due(now=due):
        pass
    assert blown.stages()[late] == "absent"
    assert blown.row.stage == "meeting"  # whoever was to come is there, or is late
    blown.arrive(late)
    blown.confirm(late)
    plan_clock = Clock.objects.get(case=blown.case, name="plan", stopped_at=None)
    assert plan_clock.due_at - plan_clock.started_at == timedelta(days=15)
    for unit in eleven[:3]:
        town.act(blown.case, blown.somebody(unit), "propose", {"words": "疏通管线"}, assignment=blown.keys[unit])
    plan = [{"what": f"第{n}项", "unit": unit, "due": "2026-05-29"} for n, unit in enumerate(eleven)]
    town.now += timedelta(days=10)
    town.act(blown.case, "street.leader", "adopt_plan", {"plan": plan, "words": "会商纪要"})
    result = Clock.objects.get(case=blown.case, name="result", stopped_at=None)
    assert (result.due_at - result.started_at).days == 90
    assert Clock.objects.filter(case=blown.case, name="item", stopped_at=None).count() == UNITS
    town.now += timedelta(days=60)
    for n, unit in enumerate(eleven):
        key = f"plan_item-1-{n + 1}"
        town.act(blown.case, blown.somebody(unit), "do", {"words": "已完成"}, assignment=key)
        town.act(blown.case, "street.leader", "accept_item", {}, assignment=key)
    assert blown.row.stage == "judging"
    town.act(blown.case, "street.leader", "judge", {"scores": scores(blown), "solved": True})
    assert (blown.row.stage, blown.row.facts["solved"]) == ("stood_down", True)
    assert Score.objects.filter(case=blown.case).count() == UNITS
    assert not Clock.objects.filter(case=blown.case, stopped_at=None).exists()
    month = whistling.bulletin(
        town.who("street.leader"), since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert (month.blown, month.judged, month.solved) == (1, 1, 1)
    line = {u.unit: u for u in month.units}
    assert (line[eleven[0]].in_time, line[late].in_time, line[late].came) == (1, 0, 1)
    assert {u.points for u in month.units} == {90}
    assert month.streets[0].levels == {"ordinary": 1}
    assert month.band(month.streets[0]) == whistling.USUAL


@pytest.mark.clause("QH-1")
@pytest.mark.parametrize(("level", "enough"), [("ordinary", "section"), ("larger", "head"), ("major", "head")])
def test_the_level_decides_who_must_stand_on_the_site(town: Town, level: str, enough: str) -> None:
    blown = blow(town, level, units(town, 1))
    unit = blown.units[0]
    blown.sign(unit)
    if level != "ordinary":
        with pytest.raises(NotAllowed, match="asks for the rank"):
            blown.arrive(unit, "section")
        assert blown.stages()[unit] == "signed"
    blown.arrive(unit, enough)
    assert blown.stages()[unit] == "arrived"


def bound_leaders(blown: Blown) -> tuple[Actor, Actor]:
    """The committee member bound to the street, and the deputy district head in charge."""
    street, district = blown.row.areas[1], blown.row.areas[0]
    see = frozenset({"case.see.area"})
    member = Actor("account:8001", None, (HeldPost("district_leader", None, street, "standing_committee"),), see)
    deputy = Actor("account:8002", None, (HeldPost("district_leader", None, district, "deputy"),), see)
    return member, deputy


def leaders(blown: Blown) -> set[str]:
    """Where the leaders' tasks stand."""
    view = blown.town.view(blown.case, "street.leader")
    return {t.stage for t in view.assignments if t.kind in {"member", "deputy"}}


@pytest.mark.clause("QH-1")
def test_a_major_one_summons_the_leaders_and_the_blower_confirms_their_presence(town: Town) -> None:
    blown = blow(town, "major", units(town, 1))
    view = town.view(blown.case, "street.leader")
    assert [t.kind for t in view.assignments] == ["summons", "member", "deputy"]
    member, deputy = bound_leaders(blown)
    with pytest.raises(NotAllowed):
        town.act(blown.case, deputy, "member_arrive", {}, assignment="member-1-1")
    town.act(blown.case, member, "member_arrive", {}, assignment="member-1-1")
    town.act(blown.case, deputy, "deputy_arrive", {}, assignment="deputy-1-1")
    assert leaders(blown) == {"arrived"}
    with pytest.raises(NotAllowed):
        town.act(blown.case, member, "member_confirm", {}, assignment="member-1-1")
    said = {"words": "现场没有见到人"}
    town.act(blown.case, "street.leader", "member_not_here", said, assignment="member-1-1")
    assert leaders(blown) == {"called", "arrived"}
    town.act(blown.case, member, "member_arrive", {}, assignment="member-1-1")
    for kind in ("member", "deputy"):
        town.act(blown.case, "street.leader", f"{kind}_confirm", {}, assignment=f"{kind}-1-1")
    assert leaders(blown) == {"present"}


@pytest.mark.clause("QH-1")
def test_a_leader_who_comes_late_still_arrives_and_one_who_never_did_is_on_record(town: Town) -> None:
    blown = blow(town, "major", units(town, 1))
    unit, (member, _deputy) = blown.units[0], bound_leaders(blown)
    blown.sign(unit)
    blown.arrive(unit, "head")
    blown.confirm(unit)
    town.now = max(c.due_at for c in Clock.objects.filter(case=blown.case, name="arrive", stopped_at=None))
    while operations.fire_due(now=town.now):
        pass
    assert leaders(blown) == {"absent"}
    photo = [town.photo()]
    town.act(blown.case, "street.leader", "solved_on_site", {"after": photo, "words": "当日联合清理"})
    town.act(blown.case, member, "member_arrive", {}, assignment="member-1-1")
    judge = {"scores": scores(blown), "solved": True}
    with pytest.raises(WrongState, match="has to wait"):
        town.act(blown.case, "street.leader", "judge", judge)
    town.act(blown.case, "street.leader", "member_confirm", {}, assignment="member-1-1")
    town.act(blown.case, "street.leader", "judge", judge)
    assert leaders(blown) == {"present", "absent"}
    assert not Clock.objects.filter(case=blown.case, stopped_at=None).exists()


def test_only_a_street_blows_and_only_where_it_is(town: Town) -> None:
    beginning = Beginning(
        "whistle", "blow", {"level": "ordinary", "units": [town.unit("water")], "words": "积水"}, "积水",
        Place(lon=EAST[0], lat=EAST[1]),
    )  # fmt: skip
    for who in ("dispatcher", "water.leader", "grid.east1"):
        before = Case.objects.count()
        with pytest.raises((NotAllowed, NotThere)):
            operations.start(beginning=beginning, by=town.who(who), now=town.now)
        assert Case.objects.count() == before  # whoever may not has begun nothing


def test_a_whistle_for_a_hotline_order_is_joined_with_it(town: Town) -> None:
    order = town.report(channel="hotline", words="路面塌陷")
    blown = blow(town, "ordinary", units(town, 1), origin=order.number)
    assert [link.other_id for link in blown.row.links.all()] == [order.case]
    with pytest.raises(NotThere):
        blow(town, "ordinary", units(town, 1), origin="20260302000000")


def test_who_is_not_on_site_after_all_goes_back(town: Town) -> None:
    blown = blow(town, "ordinary", units(town, 1))
    unit = blown.units[0]
    blown.sign(unit)
    blown.arrive(unit)
    town.act(blown.case, "street.leader", "not_here", {"words": "现场没有见到人"}, assignment=blown.keys[unit])
    assert blown.stages()[unit] == "signed"


def test_presence_by_location_only_where_that_switch_is_on(town: Town) -> None:
    blown = blow(town, "ordinary", units(town, 2))
    one, two = blown.units
    here = {"here": {"lon": EAST[0], "lat": EAST[1] + 0.001}}
    with pytest.raises(WrongState, match="not switched on"):
        town.act(blown.case, blown.somebody(one), "arrive_here", here, assignment=blown.keys[one])
    request = scenarios.ask(
        key="presence_by_place", legal_basis="演练专用依据", purpose="吹哨到场核验",
        expires_at=town.now + timedelta(days=30), by=town.who("system"), now=town.now,
    )  # fmt: skip
    scenarios.decide(request=request, approve=True, by=town.who("security"), now=town.now)
    town.act(blown.case, blown.somebody(one), "arrive_here", here, assignment=blown.keys[one])
    assert blown.stages()[one] == "present"
    far = {"here": {"lon": EAST[0], "lat": EAST[1] + 0.05}}
    with pytest.raises(WrongState, match="not on the site"):
        town.act(blown.case, blown.somebody(two), "arrive_here", far, assignment=blown.keys[two])
    told = [s.entry.body["said"] for s in town.view(blown.case, "street.leader").story if "said" in s.entry.body]
    assert {"here": True} in told  # where somebody stood is nowhere


@pytest.mark.clause("QH-3")
def test_one_whistle_one_score_and_one_objection(town: Town) -> None:
    blown = blow(town, "ordinary", units(town, 1))
    unit = blown.units[0]
    blown.sign(unit)
    blown.arrive(unit)
    blown.confirm(unit)
    photo = [town.photo()]
    town.act(blown.case, "street.leader", "solved_on_site", {"after": photo, "words": "当日联合清理"})
    with pytest.raises(NotAllowed):
        town.act(blown.case, blown.somebody(unit), "judge", {"scores": scores(blown), "solved": True})
    town.act(blown.case, "street.leader", "judge", {"scores": scores(blown, speed=10), "solved": True})
    town.act(blown.case, blown.somebody(unit), "object", {"words": "按时到场"}, assignment=blown.keys[unit])
    with pytest.raises(WrongState, match="only once"):
        town.act(blown.case, blown.somebody(unit), "object", {"words": "再次"}, assignment=blown.keys[unit])
    fair = {"speed": 28, "cooperation": 25, "solved": 35, "words": "签到记录属实"}
    town.act(blown.case, "centre.leader", "uphold", fair, assignment="objection-1-1")
    score = Score.objects.get(case=blown.case)
    assert (score.speed, score.corrected["speed"]) == (28, 10)
    town.now += timedelta(days=8)
    with pytest.raises(WrongState):
        town.act(blown.case, blown.somebody(unit), "object", {"words": "再次"}, assignment=blown.keys[unit])


def test_the_list_of_whistles_is_that_of_whoever_looks(town: Town) -> None:
    blown = blow(town, "ordinary", units(town, 2))
    row = whistling.whistles(town.who("street.leader"))[0]
    assert (row.number, row.level, row.summoned, row.on_site) == (blown.row.number, "ordinary", 2, 0)
    assert whistling.whistles(town.who("roads.leader")) == []
    assert date.fromisoformat("2026-03-02") == row.blown_at.date()
