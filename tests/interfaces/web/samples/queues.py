"""The desk: queues, notices, an area with its people."""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.web import screens
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, MapView, Paging
from gezhi.interfaces.web.territory import screens as territory_screens
from tests.interfaces.web.samples.ground import (
    AREAS,
    BOUNDS,
    CLASSES,
    ago,
    clock,
)
from tests.interfaces.web.samples.people import PEOPLE

NAV = screens.QueueNav(
    groups=(
        (
            "待我办理",
            (
                Link("待受理", "/desk/q/accept/", count=23, tone="bad"),
                Link("待核实", "/desk/q/verify/", count=8),
                Link("待派遣", "/desk/q/dispatch/", count=12, tone="warn", current=True),
                Link("地点不明", "/desk/q/unplaced/", count=146),
            ),
        ),
        (
            "关注",
            (
                Link("处置中", "/desk/q/handling/", count=318, tone="bad"),
                Link("待核查", "/desk/q/checking/", count=41),
                Link("督办", "/desk/q/supervised/", count=0),
                Link("近期结案", "/desk/q/closed/"),
            ),
        ),
    ),
    refresh_url="/desk/queues/",
)
_ROWS = (
    (
        "大石坝街 50 号门前的窨井盖碎了一角，晚上看不清，行人容易踩空",
        "污水井盖破损",
        "夫子庙街道 大石坝街社区",
        "公众上报",
        -18,
    ),
    ("菜场后门垃圾桶满溢，污水流到路面，气味很大，已经两天没有清运", "暴露垃圾", "双塘街道 来凤社区", "12345 热线", 6),
    ("路灯连续三盏不亮", "路灯不亮", "朝天宫街道 止马营社区", "网格员上报", 54),
    ("人行道地砖松动翘起", "道路破损", "夫子庙街道 贡院街社区", "公众上报", 165),
    ("店铺占道经营，烧烤摊占用盲道，晚高峰行人只能走机动车道", "占道经营", "双塘街道 六角井社区", "公众上报", 232),
    ("小区北门外堆放建筑垃圾", "暴露垃圾", "朝天宫街道 仓巷社区", "12345 热线", 610),
    ("河道护栏缺失约两米，旁边就是小学", "护栏缺损", "夫子庙街道 钓鱼台社区", "网格员上报", 1750),
)
ROWS = tuple(
    screens.QueueRow(
        number=f"QH-20260305-{318 - n:05d}",
        href=f"/desk/case/{318 - n}/",
        words=words,
        class_name=class_name,
        stage=Badge("待派遣", "info") if n % 3 else Badge("处置中", "progress"),
        place=place,
        channel=channel,
        reported_at=ago(minutes=21 + n * 47),
        clock=clock("派遣", minutes, amber=15),
        unit="" if n % 3 else "区水务局排水管理中心",
        flags=((Badge("返工 2 次", "warn"), Badge("督办", "bad")) if n == 3 else ()),
        at=f"118.8{n}4000,32.01{n}000",
        revision=n + 1,
    )
    for n, (words, class_name, place, channel, minutes) in enumerate(_ROWS)
)
FILTERS = Form(
    "filter",
    "/desk/q/dispatch/",
    "筛选",
    (
        Field("q", "查找", "text", placeholder="编号或描述中的词"),
        Field("class", "分类", "choice", choices=CLASSES, placeholder="全部"),
        Field("area", "区域", "choice", choices=AREAS, placeholder="全部"),
        Field(
            "channel",
            "来源",
            "choice",
            choices=(Choice("p", "公众上报"), Choice("h", "12345 热线")),
            placeholder="全部",
        ),
    ),
    method="get",
)
QUEUE = screens.QueueScreen(
    nav=NAV,
    title="待派遣",
    about="已立案，等待派给责任单位。时限 15 分钟。",
    rows=ROWS * 3,
    filters=FILTERS,
    chips=(Link("区域：夫子庙街道", "/desk/q/dispatch/"),),
    paging=Paging(next="/desk/q/dispatch/?after=1"),
    empty="没有待派遣的案件。",
    total=21,
    map=MapView("cases", BOUNDS, "本队列案件分布", areas_url="/gallery/areas.json", cases_url="/gallery/cases.json"),
    queue="event:filed",
    bulk=(screens.BulkMove("dispatch", "派遣"), screens.BulkMove("return", "退回立案")),
    bulk_url="/desk/bulk",
    tools=(Link("存为视图", "/desk/views/new", icon="plus"), Link("导出表格", "/desk/list/file", icon="download")),
)
QUEUE_EMPTY = replace(QUEUE, rows=(), total=0, chips=(), paging=Paging(), map=None, bulk=())
BULK = screens.BulkScreen(
    title="派遣 · 3 件",
    about="逐件办理，各自成败；一件被拒绝不影响其他案件。",
    back=Link("返回队列", "/desk/q/dispatch/", icon="back"),
    queue="event:filed",
    move="dispatch",
    rows=ROWS[:3],
    form=Form(
        "bulk",
        "/desk/bulk",
        "派遣",
        (
            Field("queue", "", "hidden", "event:filed"),
            Field(
                "units", "处置单位", "units", required=True, choices=(Choice("7", "区水务局"), Choice("8", "区城管局"))
            ),
            Field("words", "说明", "words", maximum=500),
        ),
    ),
)
BULK_DONE = replace(
    BULK,
    lines=(
        screens.BulkLine("QH-20260305-00318", "/desk/case/318/", "污水井盖破损", True, "现为“处置中”。"),
        screens.BulkLine("QH-20260305-00317", "/desk/case/317/", "暴露垃圾", False, "案件已被他人办理，请刷新后再试。"),
    ),
    done=1,
    refused=1,
)
BULK_ALL = replace(BULK_DONE, rows=(), form=None, refused=0, lines=BULK_DONE.lines[:1])
NOTICES = screens.NoticesScreen(
    (
        screens.NoticeLine(ago(minutes=3), "QH-20260305-00318 派遣时限还剩 6 分钟", "/desk/case/318/", False, "warn"),
        screens.NoticeLine(ago(minutes=41), "QH-20260305-00291 已超时 18 分钟，请尽快处理", "/x/", False, "bad"),
        screens.NoticeLine(ago(hours=3), "QH-20260304-00112 核查未通过，退回处置（第 2 次）", "/x/", True, "info"),
    ),
    Paging(next="/notices/?after=9"),
    Form("mark", "/notices/read/", "全部标为已读"),
)
AREA = territory_screens.AreaScreen(
    name="第 3 网格",
    code="320104002007003",
    layer="综合网格",
    level="网格",
    path=(Link("秦淮区", "/areas/1/"), Link("夫子庙街道", "/areas/2/"), Link("大石坝街社区", "/areas/3/")),
    people=PEOPLE,
    children=(Link("贡院街社区", "/areas/5/", count=4), Link("乌衣巷社区", "/areas/6/", count=7)),
    figures=(Figure("在办", "14"), Figure("超时", "2", "其中 1 件督办"), Figure("近 30 天结案", "63")),
    map=MapView("areas", BOUNDS, "第 3 网格", areas_url="/gallery/areas.json", synthetic=True),
    synthetic=True,
    cases=Link("这个网格的案件", "/desk/?area=9"),
    papers=(
        Link("公示页", "/grids/320104002007003", icon="globe"),
        Link("海报（A4，PDF）", "/grids/320104002007003/poster.pdf", icon="print"),
        Link("联系卡（PDF）", "/desk/areas/9/cards.pdf", icon="user"),
    ),
)
