"""The command centre: the list of meetings, one to come, a point being decided, a special operation, a report."""

from __future__ import annotations

from gezhi.interfaces.web import screens
from gezhi.interfaces.web.command import charts
from gezhi.interfaces.web.command import screens as command
from gezhi.interfaces.web.generic import Cell, ListScreen, TableRow
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, Paging
from tests.interfaces.web.samples.ground import AREAS, NOW, clock
from tests.interfaces.web.samples.queues import ROWS

TABS = (Link("调度会", "/desk/meetings", current=True), Link("专项行动", "/desk/operations"))
UNITS = (Choice("3", "排水管理所", "议程涉及单位"), Choice("4", "环境卫生管理所", "环卫"))
PAPERS = (Link("议程 (PDF)", "/x.pdf", icon="file"), Link("议程 (DOCX)", "/x.docx", icon="file"))
MEETINGS = command.MeetingsScreen(
    ListScreen(
        "调度会",
        "超时的、反复的、疑难的，在会上定；决定即成任务，有单位、有期限。",
        ("会议", "时间", "地点", "状态", "议题", "交办", "未办结"),
        tuple(
            TableRow(
                (
                    Cell(f"第 {n} 次调度会", "/m/"),
                    Cell("2026-03-04 19:00 星期三"),
                    Cell("区指挥中心会议室"),
                    Cell(badge=Badge("已定稿", "good")),
                    Cell("12"),
                    Cell("5"),
                    Cell(badge=Badge("2", "warn")),
                )
            )
            for n in (9, 8, 7)
        ),
        "还没有开过调度会。",
        Paging(next="/desk/meetings?after=x"),
        actions=(Link("另开会议", "/desk/meetings/new", icon="plus"),),
        tabs=TABS,
    ),
    "下次例会：2026-03-11 19:00 星期三，区指挥中心会议室",
    prepare=Form("prepare", "/desk/meetings/prepare", "现在编排"),
)
DECIDED = command.DecidedBlock(
    Link("20260225000479", "/c/"),
    Badge("办理中", "progress"),
    (
        command.ItemLine("疏通秦虹路主管线，更换破损箅子", "排水管理所", NOW, Badge("办理中", "info"), late=True),
        command.ItemLine("排查同类问题并建立清单", "水务局", NOW, Badge("已办结", "good")),
    ),
)


def _button(deed: str, item: int, label: str) -> Form:
    return Form(f"{deed}-{item}", f"/m/{deed}", label, (Field("item", "", "hidden", str(item)),), tone="plain")


POINTS = (
    command.PointBlock(
        1,
        "p-1",
        "由排水管理所牵头，三日内疏通主管线",
        "/c/1/",
        "20260225000479",
        ("雨水箅子异常", "夫子庙街道·大石坝街社区", "排水管理所"),
        Badge("办理中", "progress"),
        (Badge("前次交办未结", "info"),),
        clock("时限", -300),
        carried=DECIDED,
        buttons=(_button("down", 1, "下移"), _button("drop", 1, "撤下")),
        open=Link("记录与决定", "/m/1/points/1"),
    ),
    command.PointBlock(
        2,
        "p-2",
        "店铺占道经营，烧烤摊占用盲道",
        "/c/2/",
        "20260301000112",
        ("占道经营", "双塘街道·六角井社区"),
        Badge("待核查", "progress"),
        (Badge("督办未回复", "bad"), Badge("返工 3 次", "warn"), Badge("超时 2 天", "bad")),
        clock("时限", -2900),
        words="街道汇报了三次处置经过；会议认为应由两部门联合执法。",
        decided=(DECIDED,),
    ),
    command.PointBlock(3, "p-3", "汛期值班安排", reasons=(Badge("主持人提出"),)),
)
MEETING = command.MeetingScreen(
    title="第 10 次调度会",
    state=Badge("待召开", "info"),
    back=Link("调度会", "/desk/meetings"),
    facts=(("时间", "2026-03-11 19:00 星期三"), ("地点", "区指挥中心会议室")),
    points=POINTS,
    empty="议程上还没有内容。",
    hidden="另有 2 项议题涉及您职责范围之外的案件。",
    dropped=(command.PointBlock(0, "p-9", "路灯不亮", buttons=(_button("take-up", 9, "恢复"),)),),
    present="",
    minutes="",
    moves=(
        screens.Move("compose", "编排议程", Form("compose", "/m/compose", "编排议程"), about="把超时的列入议程。"),
        screens.Move(
            "hold",
            "开始会议",
            Form(
                "hold",
                "/m/hold",
                "开始会议",
                (Field("present", "到会单位", "many", ("3",), True, choices=UNITS),),
                "请选择到会单位。",
            ),
            primary=True,
        ),
        screens.Move(
            "change",
            "更改时间地点",
            Form("change", "/m/change", "更改时间地点", (Field("time", "时间", "time", "19:00", True),)),
        ),
    ),
    papers=PAPERS,
    problem="会议已经开始，不能再作此操作。",
)
MINUTES = command.MeetingScreen(
    title="第 9 次调度会",
    state=Badge("已定稿", "good"),
    back=Link("调度会", "/desk/meetings"),
    facts=(("时间", "2026-03-04 19:00 星期三"), ("主持", "江临川")),
    points=POINTS[1:],
    empty="",
    hidden="",
    dropped=(),
    present="排水管理所、水务局、城市管理局",
    minutes="会议听取了各议题的办理情况。\n逐项明确了责任单位和完成时限。",
    moves=(),
    papers=PAPERS,
)
POINT = command.PointScreen(
    title="议题 2：占道经营",
    back=Link("第 10 次调度会", "/m/"),
    point=POINTS[1],
    moves=(
        screens.Move(
            "decide",
            "作出决定",
            Form(
                "decide",
                "/m/points/2",
                "作出决定",
                (
                    Field("key", "", "hidden", "0123"),
                    Field("plan", "交办事项", "items", required=True, choices=UNITS, rows=(("", "", ""),) * 4),
                    Field("words", "会议决定", "words", required=True, problem="这一项必须填写。", maximum=2000),
                ),
                "这一项必须填写。",
            ),
            about="每一事项成为所列单位的任务。",
        ),
        screens.Move("say", "会上情况", Form("say", "/m/points/2", "保存记录", (Field("said", "会上情况", "words"),))),
    ),
)
CHART = charts.bars(
    "按日",
    [(f"03-{day:02d}", (day * 7 % 23, day * 5 % 17, day % 3)) for day in range(1, 22)],
    keys=(("info", "上报"), ("good", "办结"), ("bad", "超时")),
)
UNIT_TABLE = ListScreen(
    "按单位",
    "",
    ("单位", "上报", "办结", "办结率", "在办", "超时"),
    tuple(
        TableRow(tuple(Cell(text) for text in (name, "26", "24", "92.3 %", "2", "1")))
        for name in ("城市管理局", "环境卫生管理所", "未派单位（网格、社区自办或待派遣）")
    ),
    "尚无上报。",
)
CAMPAIGN = command.CampaignScreen(
    title="市容环境集中整治",
    state=Badge("进行中", "progress"),
    back=Link("专项行动", "/desk/operations"),
    facts=(("起止时间", "2026-03-01 至 2026-03-21（21 天）"), ("区域范围", "秦淮区"), ("牵头单位", "城市管理局")),
    purpose="集中清理暴露垃圾、乱堆物料和积存渣土，还路于民。",
    closing="",
    figures=(Figure("上报", "102"), Figure("办结", "95.1 %", "97 / 102"), Figure("超时", "4", "共 102 件", "bad")),
    chart=CHART,
    tables=(UNIT_TABLE, UNIT_TABLE, UNIT_TABLE),
    tabs=(Link("在办", "/o/", current=True), Link("已结束", "/o/?cases=ended")),
    rows=ROWS[:4],
    empty="没有您可以查看的案件。",
    paging=Paging(next="/o/?after=x"),
    moves=(
        screens.Move(
            "put-in",
            "纳入案件",
            Form("put-in", "/o/put-in", "纳入案件", (Field("number", "案件编号", required=True),)),
        ),
    ),
    papers=PAPERS,
)
REPORT = command.ReportScreen(
    title="吹哨月通报",
    about="2026 年 03 月吹哨情况：单位响应与街道用哨。",
    tabs=TABS,
    filters=Form(
        "month",
        "/desk/whistles/bulletin",
        "查看",
        (Field("month", "月份", "choice", "1", choices=AREAS),),
        method="get",
    ),
    figures=CAMPAIGN.figures,
    tables=(
        UNIT_TABLE,
        ListScreen(
            "街道用哨情况",
            "每月 1 至 8 件为正常区间，不作排名。",
            ("街道", "吹哨数", "用哨频度"),
            tuple(
                TableRow((Cell(name), Cell(count), Cell(badge=badge)))
                for name, count, badge in (
                    ("夫子庙街道", "0", Badge("偏少", "warn")),
                    ("双塘街道", "5", Badge("正常", "good")),
                    ("中华门街道", "11", Badge("偏多", "warn")),
                )
            ),
            "",
        ),
        ListScreen("办结层级", "", ("层级", "案件"), (), "这段时间没有办结的案件。"),
    ),
    papers=PAPERS,
    notes=("本月未结束。",),
    chart=CHART,
)
__all__ = ["CAMPAIGN", "MEETING", "MEETINGS", "MINUTES", "POINT", "REPORT"]
