"""A case: in full, refused, waiting for somebody else, being handled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gezhi.interfaces.web import case_screens, screens
from gezhi.interfaces.web.parts import Badge, Choice, Clock, Field, Form, Link, MapView
from tests.interfaces.web.samples.ground import (
    BOUNDS,
    CLASSES,
    NOW,
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
CASE = case_screens.CaseScreen(
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
    compared=(
        case_screens.PhotoSide("处置前照片", NOW, (photo(1, "处置前照片"),)),
        case_screens.PhotoSide("处置后照片", NOW, (photo(2, "处置后照片"),)),
    ),
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
    tasks=(
        case_screens.TaskGroup(
            "handling",
            "处置任务",
            (
                case_screens.AssignmentLine(
                    "区水务局排水管理中心",
                    Badge("处置中", "progress"),
                    lead=True,
                    round=2,
                    clock=clock("处置", 221),
                    steps=(case_screens.TaskStep("签收", NOW, "何志强"), None),
                ),
                case_screens.AssignmentLine(
                    "夫子庙街道综合行政执法队", Badge("待签收", "info"), clock=clock("签收", 32)
                ),
            ),
            ("签收", "处置完成"),
        ),
    ),
    people=PEOPLE,
    reporter=case_screens.ReporterBlock(
        "公众上报",
        (case_screens.MaskedValue("姓名", "王**"), case_screens.MaskedValue("电话", "138****5620")),
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
    ledger=case_screens.LedgerProof(
        5, "ee80315bd2946f0ca41f09c27be3d551", True, "2026-03-04 的日根已签名", "/desk/case/318/ledger/"
    ),
    back=Link("待派遣", "/desk/q/dispatch/"),
    place=MapView("place", BOUNDS, "案件位置", 118.7902, 32.0217, areas_url="/gallery/areas.json", synthetic=True),
    limits=(
        case_screens.LimitLine(
            clock("处置时限", 221, limit="4 工作小时"),
            "区水务局排水管理中心",
            NOW,
            None,
            ((NOW, NOW + timedelta(hours=3)), (NOW + timedelta(hours=5), None)),
            ("1 个工作日",),
        ),
    ),
    limits_over=(
        case_screens.LimitLine(Clock("受理时限", "met", NOW, limit="15 分钟"), "", NOW, NOW + timedelta(minutes=6)),
    ),
    joined=(
        case_screens.JoinedLine(
            "并入本案", "QH-20260305-00317", "/desk/case/317/", "同一井盖", Badge("已并案", "plain")
        ),
    ),
    near=ROWS[3:5],
    earlier=ROWS[1:2],
    begins=(Link("吹哨报到 · 吹哨", "/desk/begin/whistle/blow?from=318", icon="megaphone"),),
    beside_url="/desk/cases/318/beside",
    trace_url="/desk/cases/318/trace",
    revision=7,
)
CASE_CONFLICT = replace(
    CASE,
    moves=CASE.moves[1:],
    conflict=case_screens.Conflict(
        "您打开页面之后，已有人推进了这个案件。请看看它现在的状态，再作决定。",
        TIMELINE[-2:],
        (("处置单位", "区水务局排水管理中心"),),
        "派遣",
        CASE.moves[0],
    ),
)
CASE_CONFLICT_GONE = replace(
    CASE_CONFLICT,
    moves=(),
    notice="您现在无须操作。",
    conflict=replace(
        CASE_CONFLICT.conflict,  # type: ignore[arg-type]
        mine=(("处置单位", "区水务局排水管理中心"), ("派遣意见", "请今天内处理")),
        move=None,
    ),
)
JUDGE = Form(
    "m-judge",
    "/x/",
    "评价销哨",
    (
        Field(
            "scores",
            "各单位评分",
            "scores",
            required=True,
            cells=tuple(
                (
                    f"第{n}部门",
                    (
                        Field(
                            f"scores.summons-1-{n}.speed", "报到速度", "number", required=True, minimum=0, maximum=30
                        ),
                        Field(
                            f"scores.summons-1-{n}.solved",
                            "解决成效",
                            "number",
                            "41" if n == 2 else "38",
                            required=True,
                            problem="最多 40。" if n == 2 else "",
                            minimum=0,
                            maximum=40,
                        ),
                    ),
                )
                for n in range(1, 12)
            ),
        ),
    ),
)
SIGN = Form("m-confirm_presence-summons-1-1", "/x/", "确认到场", (Field("assignment", "", "hidden", "summons-1-1"),))
WHISTLE = replace(
    CASE,
    title="背街小巷积水，需多部门会商",
    moves=(screens.Move("judge", "评价销哨", JUDGE, primary=True), *CASE.moves[1:2]),
    tasks=(
        case_screens.TaskGroup(
            "summons",
            "召集",
            tuple(
                case_screens.AssignmentLine(
                    f"第{n}部门",
                    Badge("已到场", "progress") if n % 3 else Badge("逾期未到", "bad"),
                    clock=clock("报到", 20) if n % 4 else None,
                    steps=(
                        case_screens.TaskStep("签收", NOW, "王建国"),
                        case_screens.TaskStep("报到", NOW, "王建国", "正职") if n % 3 else None,
                        None,
                    ),
                    score="90" if n % 2 else "",
                    score_note="30 + 25 + 35" if n % 2 else "",
                    acts=(replace(SIGN, key=f"m-confirm_presence-summons-1-{n}"),) if n % 3 else (),
                )
                for n in range(1, 12)
            ),
            ("签收", "报到", "确认到场"),
            wide=True,
        ),
        case_screens.TaskGroup(
            "plan_item",
            "整改事项",
            (
                case_screens.AssignmentLine(
                    "区水务局", Badge("整改中", "progress"), what="疏通主管线", helpers="区城管局", steps=(None, None)
                ),
            ),
            ("完成整改", "验收通过"),
            wide=True,
        ),
    ),
)
TRACE = case_screens.TraceScreen(
    number=CASE.number,
    title=CASE.title,
    stage=CASE.stage,
    back=Link("返回案件", "/desk/cases/318", icon="back"),
    rules=(("流程", "事件处置，第 3 版，2026-01-01 起施行"), ("分类目录", "GB/T 47678.5-2026，第 1 版")),
    spans=(
        case_screens.TraceSpan(
            "待受理",
            "",
            NOW,
            NOW + timedelta(minutes=6),
            False,
            "受理",
            (("沈佳宁", "受理员（区城运中心）", ""), ("陈立", "受理员（区城运中心）", "自 2026-03-01 起")),
            (("15 分钟", Clock("受理时限", "met", NOW, limit="15 分钟")),),
        ),
        case_screens.TraceSpan("处置中", "处置任务 · 区水务局", NOW, None, False, "处置", (), ()),
        case_screens.TraceSpan("已结案", "", NOW, None, True, "", ()),
    ),
    steps=(
        case_screens.TraceStep(1, NOW, "上报", "公众", "", (), "case.reported", "8a5c1c4165ad"),
        case_screens.TraceStep(
            2, NOW, "受理", "沈佳宁", "受理", ("受理员（区城运中心）",), "event v3 · accept", "9b5c1c4165ad"
        ),
    ),
    ledger=CASE.ledger,
    drawn_at=NOW,
    data_href="/desk/cases/318/trace.json",
)
CALL = case_screens.CallScreen(
    form=Form(
        "call",
        "/desk/call",
        "登记工单",
        (
            Field("once", "", "hidden", "0" * 32),
            Field("words", "来电人反映的情况", "words", required=True, maximum=2000),
            Field("class", "问题类别", "pick", choices=CLASSES),
            Field("answer", "已作答复", "words", maximum=1000, hint="仅当来电因答复而了结时填写。"),
        ),
    ),
    caller=(Field("phone", "电话", "text", "025-12345678", maximum=40), Field("name", "姓名", "text", maximum=80)),
    earlier_url="/desk/call/earlier",
    earlier=ROWS[:2],
    privacy="姓名和电话只用于就此事与您联系，加密保存，每次查看都有记录。",
    may_answer=True,
    back=Link("返回列表", "/desk/cases", icon="back"),
    files=Link("导入热线文件", "/desk/call/files", icon="file"),
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
    reporter=case_screens.ReporterBlock("12345 热线"),
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
