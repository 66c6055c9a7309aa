"""A year of the working calendar, a day of it chosen; and a draft of the catalogue with its differences."""

from __future__ import annotations

from datetime import date, timedelta

from gezhi.interfaces.web import generic, screens, year
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link

OFF = {date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}
MAKEUP = {date(2026, 1, 4)}


def _day(day: date) -> year.Day:
    weekend = day.isoweekday() >= 6
    state: year.DayState = "off" if day in OFF else "makeup" if day in MAKEUP else "weekend" if weekend else "working"
    sign = {"off": "休", "makeup": "班"}.get(state, "")
    changed = day == date(2026, 1, 15)
    return year.Day(day.day, day.isoformat(), f"?day={day}", state, sign, f"{day} 上班", changed, changed)


DAYS = [(day, _day(day)) for n in range(365) for day in [date(2026, 1, 1) + timedelta(days=n)]]
DECIDE = Form(
    "decide",
    "/admin/calendar/set",
    "确定",
    (
        Field("day", "日期", "date", "2026-01-15", True),
        Field("kind", "这一天", "choice", "off", True, choices=(Choice("off", "放假"), Choice("working", "工作日"))),
        Field("shifts", "班次", "text", "18:00-08:00", problem="班次 18:00-08:00 结束早于开始。"),
    ),
    problem="班次 18:00-08:00 结束早于开始。",
)
YEAR = year.YearScreen(
    title="工作日历",
    about="工作时、工作日时限按此日历计算。",
    year=2026,
    before=Link("2025", "?year=2025"),
    after=Link("2027", "?year=2027"),
    weekdays=("一", "二", "三", "四", "五", "六", "日"),
    months=year.months(DAYS, lambda days: f"{len(days)} 天"),
    legend=(("working", "", "上班"), ("weekend", "", "周末"), ("off", "休", "放假"), ("makeup", "班", "调休上班")),
    changed_words="在此调整，不按方案",
    picked=True,
    moves=(screens.Move("decide", "2026-01-15", DECIDE, "方案规定：工作日。", primary=True),),
    table=generic.ListScreen("已调整的日子", "", ("日期", "原因"), (), "没有调整过的日子。"),
)
CHANGES = generic.ListScreen(
    "变更",
    "共一处。",
    ("小类代码", "分类", "变化", "原为", "改为"),
    (generic.TableRow(tuple(generic.Cell(t) for t in ("06010", "暴露垃圾", "时限", "4 个工作时", "2 个工作时"))),),
    "",
)
DRAFT = generic.SheetScreen(
    title="草稿 3：将有哪些变化",
    about="GB/T 47678.5-2026 · 表格 · 目录.xlsx",
    back=Link("返回", "/admin/catalogue", icon="back"),
    sections=(),
    badge=Badge("未启用", "warn"),
    warning="标准本身将改变。",
    figures=(Figure("新增", "0"), Figure("变更", "1")),
    tabs=(Link("分类目录", "/desk/catalogue"), Link("版本", "/desk/catalogue/versions", current=True)),
    actions=(Link("导出表格", "/desk/catalogue/file", icon="download"),),
    tables=(CHANGES,),
    moves=(
        screens.Move(
            "upload", "导入表格", Form("upload", "/x", "读取", (Field("file", "表格", "file", placeholder=".xlsx"),))
        ),
    ),
)
