"""What is suggested: hot spots, a model card."""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.web.advising import screens as advising
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Figure, Link, MapView
from tests.interfaces.web.samples.ground import NOW

TABS = (Link("热点", "/desk/hot-spots", current=True), Link("模型卡", "/desk/models"))
SPOTS = advising.SpotsScreen(
    "热点",
    "哪里、什么问题上报异常集中。",
    TABS,
    (
        advising.SpotCard(
            1,
            "道路积水 暴雨",
            "解放路",
            "08-21 14:00 – 08-21 16:20",
            (Figure("案件数", "212", "常态 3.1"), Figure("热度", "687.2"), Figure("范围", "180 米")),
            Badge("仍在增多", "bad"),
            (Link("20260821000123", "/desk/cases/20260821000123"),),
            204,
        ),
    ),
    NOW,
    "分析了近四周的 9,000 件案件。",
    MapView("cases", (118.7, 31.9, 118.9, 32.1), "地图上的热点", cases_url="/desk/hot-spots/points"),
    "热度 = n × ln（n ÷ 预期）−（n − 预期）",
)
WARNING = replace(
    SPOTS,
    title="热点预警",
    about="预警发出时的热点。",
    span="上次告知时为 40 件。",
    back=Link("当前热点", "/desk/hot-spots", icon="back"),
)
TABLE = ListScreen(
    "分类误差",
    "在留出案件上。",
    ("分类", "件数", "精确率", "召回率", "误判为"),
    (TableRow((Cell("供水井盖"), Cell("40"), Cell("92.0 %"), Cell("88.0 %"), Cell("雨水井盖 3"))),),
    "还没有训练过模型。",
)
CARD = advising.CardScreen(
    "模型卡",
    "由人决定，数字只评价模型。",
    TABS,
    (("启用时间", "2026-03-02 02:17"), ("学习样本", "4200 件已结案件")),
    (Figure("首选正确", "88.1 %", "在 840 件留出案件上"), Figure("校准误差", "0.021", "0 表示一致")),
    (TABLE,),
    ("模型只保存字词的权重。",),
)
