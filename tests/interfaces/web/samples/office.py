"""The generic pages, as the administrators see them; and a refusal."""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.web import generic, screens
from gezhi.interfaces.web.parts import Badge, Choice, Field, Form, Link, Paging, RunState
from tests.interfaces.web.samples.ground import (
    ago,
)

LIST = generic.ListScreen(
    title="账号",
    about="系统管理员只管账号本身；授予岗位由安全管理员办理。",
    columns=("用户名", "姓名", "组织", "状态", "最近登录"),
    rows=tuple(
        generic.TableRow(
            (
                generic.Cell(f"user{n:03d}", "/a/1/", code=True),
                generic.Cell(name),
                generic.Cell(unit),
                generic.Cell(badge=Badge("正常", "good") if n != 2 else Badge("已锁定", "bad")),
                generic.Cell(at=ago(hours=n * 5)),
            ),
            (Form(f"x{n}", "/x/", "停用", tone="bad"),),
        )
        for n, (name, unit) in enumerate(
            (("周明远", "指挥中心"), ("沈佳宁", "指挥中心"), ("何志强", "区水务局"), ("陆建国", "大石坝街社区"))
        )
    ),
    empty="还没有账号。",
    paging=Paging(next="/a/?after=4"),
    filters=Form("f", "/a/", "筛选", (Field("q", "查找", "text", placeholder="用户名或姓名"),), method="get"),
    actions=(Link("新建账号", "/a/new/", icon="plus"),),
    tabs=(Link("全部", "/a/", current=True, count=54), Link("已锁定", "/a/?s=l", count=1)),
)
FORM = generic.FormScreen(
    "开启情景开关",
    "开关要有法律依据、目的、批准人和到期日，缺一不可。",
    Form(
        "switch",
        "/x/",
        "开启",
        (
            Field("basis", "法律依据", "text", required=True),
            Field("purpose", "目的", "words", required=True),
            Field("until", "到期日", "date", required=True),
            Field("scope", "适用范围", "checks", choices=(Choice("a", "夫子庙街道"), Choice("b", "双塘街道"))),
        ),
        cancel=Link("取消", "/s/"),
    ),
    Link("情景开关", "/s/"),
    warning="开启后，在岗人员的巡查轨迹会被记录。每次查看都会留痕。",
)
SHEET = generic.SheetScreen(
    "何志强",
    "",
    Link("账号", "/a/"),
    (
        (
            "账号",
            (("用户名", generic.Cell("user002", code=True)), ("状态", generic.Cell(badge=Badge("已锁定", "bad")))),
        ),
        ("岗位", (("处置员", generic.Cell("区水务局排水管理中心")),)),
    ),
    moves=(
        screens.Move(
            "unlock",
            "解锁",
            Form("unlock", "/x/", "解锁", (Field("words", "理由", "words", required=True),)),
            primary=True,
        ),
    ),
    table=replace(LIST, title="登录记录", tabs=(), actions=(), filters=None),
)
FILES = generic.SheetScreen(
    "导入热线文件",
    "热线以 CSV 或 Excel 交来的工单。先看会导入什么，再决定是否导入。",
    Link("电话工单", "/desk/call", icon="back"),
    (),
    form=Form(
        "upload", "/u/", "上传并核对", (Field("file", "文件", "file", "", True, "不超过 50 MB", "", ".csv,.xlsx"),)
    ),
    tables=(replace(LIST, title="最近导入", tabs=(), actions=(), filters=None),),
)
FILE_AT_WORK = generic.SheetScreen(
    "热线-2026-03.csv",
    "正在导入。可以离开本页，导入会继续。",
    Link("热线文件", "/desk/call/files", icon="back"),
    (("文件", (("行数", generic.Cell("6,000")),)),),
    state=RunState(
        Badge("导入中", "progress"), 42, "已处理 2,520 / 6,000 行", "/s/", Form("cancel", "/c/", "取消", tone="bad")
    ),
)
REFUSAL = screens.RefusalScreen(
    409,
    "这个案件刚刚已由沈佳宁退回受理，派遣没有生效。",
    (("units", "请选择主办单位。"),),
    "req-8f3a1c",
    (Link("回到案件", "/x/"), Link("回到队列", "/y/")),
)
