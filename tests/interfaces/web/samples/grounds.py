"""Territory at the desk: layers, problems, a plan, a run, layers made one."""

from __future__ import annotations

from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, MapView, RunState
from gezhi.interfaces.web.screens import Move
from gezhi.interfaces.web.territory import screens
from tests.interfaces.web.samples.ground import BOUNDS, ago
from tests.interfaces.web.samples.people import PEOPLE

BACK = Link("网格", "/desk/territory/")
MAP = MapView(
    "areas", BOUNDS, "区域地图", areas_url="/gallery/areas.json", synthetic=True, lines_url="/l/", marks_url="/m/"
)
PLANS = ListScreen(
    "调整方案",
    "",
    ("方案", "范围", "状态", "开始"),
    (
        TableRow(
            (Cell("秦虹街道网格调整", "/p/1"), Cell("综合网格 · 秦虹街道"), Cell(badge=Badge("草案", "info")), Cell())
        ),
        TableRow(
            (Cell("双塘合并", "/p/2"), Cell("综合网格"), Cell(badge=Badge("待启用", "progress")), Cell("2026-04-01"))
        ),
    ),
    "还没有调整方案。",
)
RUNS = ListScreen(
    "划分计算",
    "",
    ("范围", "图层", "状态", "提交时间"),
    (
        TableRow(
            (
                Cell("秦虹街道", "/r/1"),
                Cell("综合网格"),
                Cell(badge=Badge("计算中", "progress")),
                Cell(at=ago(minutes=2)),
            )
        ),
    ),
    "还没有做过划分计算。",
)
HOME = screens.TerritoryScreen(
    "网格",
    "哪块地由谁负责：有哪些图层，有什么问题，怎样调整。",
    (Link("自动划分", "/r/new", icon="half"), Link("绘制方案", "/p/new", icon="map")),
    (Link("谁在那天负责", "/w/", icon="search"), Link("全部缺项", "/v/", count=43, icon="users")),
    (
        screens.LayerLine(
            "综合网格",
            "填满上级区域，不留空隙。",
            (Figure("街道", "12"), Figure("社区", "104"), Figure("网格", "1,026")),
            Link("问题", "/x/", count=3, tone="bad"),
            Link("缺项", "/y/", count=39, tone="warn"),
            (Link("GeoJSON", "/g/"), Link("GeoPackage", "/k/")),
        ),
        screens.LayerLine(
            "楼栋片",
            "成组的楼栋及其户数。",
            (Figure("楼栋片", "6,175"),),
            Link("问题", "/z/", count=0, tone="good"),
            None,
            (),
        ),
    ),
    PLANS,
    RUNS,
    MAP,
)
PROBLEM = screens.ProblemLine(
    Badge("空隙", "bad"), "中牌楼社区有 1,204 平方米无人负责。", "?show=0", "/a/3", "中牌楼社区", current=True
)
PROBLEMS = screens.ProblemsScreen(
    "图层问题",
    "有问题的图层不能启用。",
    BACK,
    (Link("综合网格", "?layer=base", current=True, count=2), Link("路段", "?layer=roads", count=0)),
    (PROBLEM, screens.ProblemLine(Badge("重叠", "bad"), "第1网格与第2网格重叠 312 平方米。", "?show=1")),
    "这个图层完好。",
    "另有 12 条。",
    MAP,
)
WHOSE = screens.WhoseScreen(
    "谁在那天负责",
    "选择地点和日期。",
    BACK,
    Form("whose", "/w/", "查看", (Field("on", "日期", "date", "2026-03-03", True),), method="get"),
    "2026-03-03",
    (screens.HeldLine("综合网格", Link("第3网格", "/a/9"), "秦虹街道·中牌楼社区第3网格", PEOPLE),),
)
RENAME = Form("rename-1", "/s/", "改名", (Field("code", "编码", "text", "320104001001001", True),))
SIDE = screens.PlanSide(
    revision=4,
    edit_url="/s/",
    figures=(Figure("区域", "12", "现行 11"), Figure("换网格的户数", "275", "占 3,135 户的 9 %")),
    problems=(PROBLEM, screens.ProblemLine(Badge("空隙", "bad"), "有空隙。", "", mark="/x/problem?show=1")),
    sound="可以启用。",
    rows=(
        screens.PlanRow(
            1, "320104001001001", "中牌楼社区第1网格", "322", "770", 54, Badge("适中", "good"), Badge("不变"), RENAME
        ),
        screens.PlanRow(
            5,
            "320104001001012",
            "中牌楼社区第12网格",
            "≈ 70",
            "168",
            12,
            Badge("少 77 %", "bad"),
            Badge("新增", "progress"),
        ),
    ),
    gone=("第9网格（320104001001009）",),
    undo=True,
)
PLAN = screens.PlanScreen(
    "秦虹街道网格调整",
    Badge("草案", "info"),
    "综合网格 · 中牌楼社区 · 人工绘制",
    BACK,
    (("绘制人", "陶行远"),),
    SIDE,
    screens.PlanMap(BOUNDS, "方案地图", "/pa/", "/s/", "/side/", "/b/", "polygon", True, 4, True),
    (
        Move(
            "adopt",
            "启用这份方案",
            Form("adopt", "/x/", "启用", (Field("on", "启用日期", "date", "2026-03-05", True),), "这份方案还有问题。"),
            "被替换的网格当日停用。",
            primary=True,
        ),
    ),
    notice="到期未能启用，请重新检查。",
    problem="这样会与别的边界交叉，请少移一点。",
)
RUN = screens.RunScreen(
    "秦虹街道网格划分",
    "综合网格",
    BACK,
    RunState(Badge("计算中", "progress"), 42, "中牌楼社区", "/r/1/state", Form("cancel", "/c/", "取消", tone="bad")),
    (("标准", "300 户、1000 人"), ("允许偏差（%）", "15")),
    (
        screens.Proposal(
            "户数均衡",
            "在楼栋片允许的范围内，每个网格最接近标准。",
            "?p=0",
            True,
            (("网格", "105", "105"), ("与标准的最大偏差", "14 %", "113 %")),
            Form("adopt-0", "/x/", "转为草案", (Field("name", "方案名称", "text", "秦虹街道：户数均衡", True),)),
        ),
        screens.Proposal("变动最少", "", "?p=1", False, (("网格", "105", "105"),)),
    ),
    MAP,
    ("中牌楼社区：楼栋片 12 的户数超过一个网格应有的户数，单独成网格。",),
)
ONENESS = screens.OnenessScreen(
    "多网合一",
    "把各图层叠在一起。",
    BACK,
    Form(
        "one", "/one/", "查看", (Field("layers", "图层", "checks", ("base",), choices=(Choice("base", "综合网格"),)),)
    ),
    (Figure("合并后的区域", "44"), Figure("全部一致", "23 %", "按边界长度")),
    ListScreen(
        "原有区域的去向", "", ("区域", "去向"), (TableRow((Cell("第1网格"), Cell(badge=Badge("不变")))),), "没有区域。"
    ),
    Form("begin", "/one/", "转为草案", (Field("name", "方案名称", "text", "2 个图层合一", True),)),
    MAP,
)
STANDING = screens.AreaStanding(
    (
        screens.FixLine("定范围", "以地图边界为准", "", False),
        screens.FixLine("定人员", "岗位未配齐", "", True),
        screens.FixLine("定标准", "问题发现不过日", "老旧小区", False),
    ),
    (screens.SeatLine("专职网格员", "应配 2 人", PEOPLE),),
    (
        ("2025-06-01 – 2026-03-02", Link("第 3 网格", "/a/7")),
        ("2026-03-02 – 今天", Link("第 3 网格", "/a/9", current=True)),
    ),
    Form("day", "/a/9", "查看", (Field("on", "日期", "date", "2026-03-01", True),), method="get"),
    "显示的是 2026-03-01 的情况。",
    Form("texts", "/f/", "填写本区域的内容", (Field("duty", "定职责", "words"),)),
    (Link("在此自动划分", "/r/new", icon="half"),),
)
IMPORT = Form("import", "/i/", "上传", (Field("file", "文件", "file", "", True, "不超过 200 MB", "", ".geojson,.zip"),))
