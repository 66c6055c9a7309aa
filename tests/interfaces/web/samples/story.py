"""What happened on the sample case so far."""

from __future__ import annotations

from gezhi.interfaces.web import case_screens
from tests.interfaces.web.samples.ground import (
    ago,
    photo,
)

TIMELINE = (
    case_screens.TimelineEntry(
        ago(minutes=96),
        "上报",
        "居民",
        "公众上报",
        facts=(("照片", "2 张"), ("位置", "地图选点")),
        tone="info",
        seq=1,
        proof="a41f09c27be3d5518f20",
        photos=(photo(1, "上报时的照片"),),
    ),
    case_screens.TimelineEntry(
        ago(minutes=96), "落入 大石坝街社区 第 3 网格", "系统", "自动", automatic=True, seq=2, proof="09be2c7745d1a0ff"
    ),
    case_screens.TimelineEntry(
        ago(minutes=88),
        "请网格员核实",
        "沈佳宁",
        "受理员",
        words="照片看不清井盖归属，请到现场看一下。",
        tone="plain",
        seq=3,
        proof="5d220bb3f1c09a77",
    ),
    case_screens.TimelineEntry(
        ago(minutes=61),
        "核实：情况属实",
        "陆建国",
        "网格员 · 大石坝街社区第 3 网格",
        words="井盖标有“污”字，缺角约 15 厘米，已摆放警示桶。",
        photos=(photo(2, "核实时的照片"), photo(3, "警示桶")),
        tone="good",
        seq=4,
        proof="c7a1f93e55207d1b",
    ),
    case_screens.TimelineEntry(
        ago(minutes=21),
        "立案",
        "沈佳宁",
        "受理员",
        facts=(("分类", "A0102 污水井盖破损"), ("立案条件", "井盖破损、移位影响通行安全"), ("时限", "4 工作小时")),
        tone="info",
        seq=5,
        proof="ee80315bd2946f0c",
    ),
)
