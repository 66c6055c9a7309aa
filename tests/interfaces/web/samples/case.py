"""A case: in full, refused, waiting for somebody else, being handled."""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.web import screens
from gezhi.interfaces.web.parts import Badge, Choice, Field, Form, Link, MapView
from tests.interfaces.web.samples.ground import (
    BOUNDS,
    CLASSES,
    UNITS,
    clock,
    photo,
)
from tests.interfaces.web.samples.people import PEOPLE
from tests.interfaces.web.samples.queues import ROWS
from tests.interfaces.web.samples.story import TIMELINE

DISPATCH = Form(
    "dispatch",
    "/desk/case/318/dispatch/",
    "派遣",
    (
        Field(
            "units",
            "责任单位",
            "units",
            required=True,
            choices=UNITS,
            maximum=5,
            hint="按分类目录推荐：区水务局排水管理中心",
        ),
        Field("words", "给责任单位的话", "words", maximum=300),
    ),
)
RETURN = Form(
    "return",
    "/desk/case/318/return/",
    "退回受理",
    (
        Field(
            "reason",
            "理由",
            "choice",
            required=True,
            choices=(
                Choice("a", "分类不准"),
                Choice("b", "位置不清"),
                Choice("c", "重复上报", hint="请写明原案件编号"),
            ),
        ),
        Field("words", "说明", "words", required=True, maximum=300),
    ),
    tone="bad",
)
CASE = screens.CaseScreen(
    number="QH-20260305-00318",
    title="污水井盖破损",
    stage=Badge("待派遣", "info"),
    flags=(Badge("安全隐患", "bad"),),
    clocks=(
        clock("派遣", 6, amber=8, limit="15 分钟", why="流程“事件处置”第 1 版"),
        clock("全程", 221, amber=60, limit="4 工作小时", why="分类 A0102，条件一"),
    ),
    words="大石坝街 50 号门前的窨井盖碎了一角，晚上看不清，行人容易踩空。",
    photos=(photo(1, "上报时的照片"), photo(2, "核实时的照片"), photo(3, "警示桶")),
    facts=(
        ("分类", "A0102 污水井盖破损"),
        ("区域", "夫子庙街道 / 大石坝街社区 / 第 3 网格"),
        ("地址", "大石坝街 50 号门前"),
        ("来源", "公众上报"),
        ("上报", "2026-03-05 13:06"),
    ),
    moves=(
        screens.Move(
            "dispatch", "派遣", DISPATCH, "派给一个主办单位，可以另加协办单位；它们的签收时限随即开始。", primary=True
        ),
        screens.Move("return", "退回受理", RETURN, tone="bad"),
        screens.Move(
            "supervise",
            "督办",
            Form("supervise", "/x/", "督办", (Field("words", "督办意见", "words", required=True),)),
            tone="warn",
        ),
    ),
    notice="",
    timeline=TIMELINE,
    assignments=(
        screens.AssignmentLine(
            "区水务局排水管理中心",
            Badge("处置中", "progress"),
            lead=True,
            round=2,
            person="何志强",
            clock=clock("处置", 221),
        ),
        screens.AssignmentLine("夫子庙街道综合行政执法队", Badge("待签收", "info"), clock=clock("签收", 32)),
    ),
    people=PEOPLE,
    reporter=screens.ReporterBlock(
        "公众上报",
        (screens.MaskedValue("姓名", "王**"), screens.MaskedValue("电话", "138****5620")),
        Form(
            "reveal",
            "/desk/case/318/reveal/",
            "查看并留痕",
            (
                Field(
                    "reason",
                    "为什么要看",
                    "words",
                    required=True,
                    maximum=200,
                    hint="理由会记入留痕链，当事人可以要求查询。",
                ),
            ),
        ),
        "保存到 2026-09-01，之后自动删除。",
    ),
    ledger=screens.LedgerProof(
        5, "ee80315bd2946f0ca41f09c27be3d551", True, "2026-03-04 的日根已签名", "/desk/case/318/ledger/"
    ),
    back=Link("待派遣", "/desk/q/dispatch/"),
    place=MapView("place", BOUNDS, "案件位置", 118.7902, 32.0217, areas_url="/gallery/areas.json", synthetic=True),
    near=ROWS[3:5],
)
CASE_REFUSED = replace(
    CASE,
    problem="这个案件刚刚已由沈佳宁退回受理，派遣没有生效。",
    moves=(
        replace(
            CASE.moves[0],
            form=replace(
                DISPATCH,
                problem="没有派出去，请看下面标出的地方。",
                fields=(replace(DISPATCH.fields[0], problem="请选择主办单位。"), DISPATCH.fields[1]),
            ),
        ),
    ),
)
CASE_WAITING = replace(
    CASE,
    stage=Badge("处置中", "progress"),
    moves=(),
    notice="现在轮到区水务局排水管理中心处置，最迟 2026-03-05 17:30。您可以查看，不能操作。",
    place=None,
    place_text="地点不明：上报时没有给出位置，请先核实。",
    reporter=screens.ReporterBlock("12345 热线"),
)
HANDLE = replace(
    CASE,
    stage=Badge("处置中", "progress"),
    moves=(
        screens.Move(
            "finish",
            "处置完成",
            Form(
                "finish",
                "/x/",
                "提交结果",
                (
                    Field("after", "处置后的照片", "photos", required=True, maximum=9),
                    Field("words", "做了什么", "words", required=True, maximum=500),
                    Field(
                        "class",
                        "分类",
                        "pick",
                        required=True,
                        choices=CLASSES,
                        value="A0102",
                        placeholder="输入名称或代码",
                    ),
                    Field("count", "更换数量", "number", minimum=1, maximum=5),
                    Field("safe", "现场警示物已撤除", "bool"),
                ),
            ),
            assignment="区水务局排水管理中心",
            primary=True,
        ),
    ),
)
