"""Samples of every screen, in Chinese, as dense as a real day: what the template tests render and what the gallery
shows. All names are invented; the phone numbers are from no exchange.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gezhi.interfaces.portal import screens as public
from gezhi.interfaces.web import generic, parts, screens
from gezhi.interfaces.web.parts import Badge, Choice, Clock, Field, Figure, Form, Link, MapView, Paging, Photo

NOW = datetime(2026, 3, 5, 6, 42, tzinfo=UTC)
BOUNDS = (118.759, 31.984, 118.886, 32.046)


def ago(**kwargs: int) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(**kwargs)


def clock(label: str, minutes: int, *, amber: int = 30, limit: str = "4 工作小时", why: str = "") -> Clock:
    """A running clock with so many minutes left."""
    due = datetime.now(UTC) + timedelta(minutes=minutes)
    return Clock(label, "running", due, minutes * 60, amber * 60, limit, why)


def photo(n: int, alt: str) -> Photo:
    """A picture the gallery serves."""
    return Photo(f"/gallery/photo-{n}.jpg", f"/gallery/photo-{n}.jpg", alt, NOW)


LANGUAGES = (
    screens.Language("zh-hans", "简体中文", True),
    screens.Language("en", "English", False),
)
FOOTER = (Link("关于本系统", "/about/"), Link("隐私说明", "/about/#privacy"), Link("开放接口", "/api/"))

PORTAL = screens.Frame(
    kind="portal",
    city="南京市秦淮区",
    home_url="/",
    nav=(),
    footer=FOOTER,
    languages=LANGUAGES,
    set_language_url="/i18n/setlang/",
    here="/",
    complaints_url="/complaints/",
    login_url="/accounts/login/",
    ribbon="演示数据：人员、电话和网格边界均为虚构，不代表真实情况。",
)
DESK = screens.Frame(
    kind="desk",
    city="南京市秦淮区",
    home_url="/desk/",
    nav=(
        Link("工作台", "/desk/", current=True),
        Link("网格与人员", "/areas/"),
        Link("通知", "/notices/"),
    ),
    footer=FOOTER,
    languages=LANGUAGES,
    set_language_url="/i18n/setlang/",
    here="/desk/",
    complaints_url="/complaints/",
    signed=screens.Signed(
        "周明远",
        "派遣员",
        "秦淮区城市治理指挥中心",
        "/accounts/logout/",
        "/notices/",
        unread=7,
        menu=(Link("两步验证", "/accounts/2fa/", icon="shield"), Link("修改密码", "/accounts/password/", icon="key")),
    ),
    events_url="/events",
    unread_url="/desk/unread/",
    ribbon="演示数据：人员、电话和网格边界均为虚构，不代表真实情况。",
)
ADMIN = replace(
    DESK,
    kind="admin",
    nav=(Link("账号", "/a/", current=True), Link("组织", "/b/"), Link("方案", "/c/"), Link("运行状况", "/d/")),
    signed=screens.Signed("系统管理员甲", "系统管理员", "秦淮区城市治理指挥中心", "/out/", "/n/"),
    unread_url="",
)

AREAS = tuple(
    Choice(f"{s}{c}", community, street, keys=f"3201040{s:02d}{c:03d}")
    for s, (street, communities) in enumerate(
        (
            ("夫子庙街道", ("大石坝街社区", "贡院街社区", "乌衣巷社区", "钓鱼台社区")),
            ("双塘街道", ("来凤社区", "六角井社区", "磊功巷社区", "荷花塘社区")),
            ("朝天宫街道", ("止马营社区", "仓巷社区", "安品街社区")),
        )
    )
    for c, community in enumerate(communities)
)
CLASSES = (
    Choice("A0102", "污水井盖破损", "公用设施", "A0102 jinggai"),
    Choice("A0101", "上水井盖缺失", "公用设施", "A0101 jinggai"),
    Choice("A0115", "路灯不亮", "公用设施", "A0115 ludeng"),
    Choice("B0101", "暴露垃圾", "市容环境", "B0101 laji"),
    Choice("B0107", "占道经营", "街面秩序", "B0107 zhandao"),
    Choice("B0122", "道路破损", "市容环境", "B0122 daolu"),
)
UNITS = (
    Choice("11", "区城市管理局市政设施养护所", "区级部门", "szyh"),
    Choice("12", "区水务局排水管理中心", "区级部门", "psgl"),
    Choice("13", "区住房保障和房产局", "区级部门"),
    Choice("21", "夫子庙街道综合行政执法队", "街道"),
    Choice("22", "双塘街道城市管理科", "街道"),
    Choice("31", "南京供电公司秦淮服务区", "专业单位"),
)


def pick_map() -> MapView:
    """The report form's map."""
    return MapView("pick", BOUNDS, "在地图上选择位置", areas_url="/gallery/areas.json", synthetic=False)


# --- public pages -----------------------------------------------------------------------------------------------
HOME = public.HomeScreen(
    city="南京市秦淮区",
    report_url="/report/",
    follow_form=Form(
        "ask", "/follow/", "查询", (Field("code", "查询码", "text", required=True, placeholder="例如 7K2F-9QXM"),)
    ),
    about_url="/about/",
    complaints_url="/complaints/",
    figures=(
        Figure("近 30 天受理", "3,182", "其中网格员发现 2,011 件"),
        Figure("按时办结", "96.4 %", "3,012 件应结案中的 2,904 件"),
        Figure("居民满意", "94.1 %", "1,208 份有效评价"),
        Figure("一次办好", "91.7 %", "未返工即通过核查"),
    ),
    recent=(
        public.PublicRow("污水井盖破损", "夫子庙街道 大石坝街社区", Badge("已结案", "good"), ago(hours=2)),
        public.PublicRow("路灯不亮", "双塘街道 来凤社区", Badge("已结案", "good"), ago(hours=5)),
        public.PublicRow("暴露垃圾", "朝天宫街道 止马营社区", Badge("已结案", "good"), ago(hours=9)),
    ),
)


def report_screen(*, refused: bool = False) -> public.ReportScreen:
    """The report form, empty or as it comes back after a refusal."""
    return public.ReportScreen(
        form=Form("report", "/report/", "提交", problem="还有两处需要补充，您填写的内容都保留着。" if refused else ""),
        once="0190f5b2-5c1e-7d4e-9a44-6a7c1f0b9b11",
        words=Field(
            "words",
            "发生了什么",
            "words",
            required=True,
            maximum=500,
            placeholder="例如：大石坝街 50 号门前的窨井盖碎了一角，行人容易踩空。",
            problem="请写几个字，说明发生了什么。" if refused else "",
        ),
        classes=Field("class", "属于哪一类", "pick", choices=CLASSES, placeholder="不确定就留空，由工作人员判断"),
        photos=Field("photos", "照片", "photos", maximum=9, hint="最多 9 张。照片中的位置信息会自动去除。"),
        place=Field(
            "place",
            "问题的位置",
            "place",
            required=True,
            choices=AREAS,
            map=pick_map(),
            problem="请在地图上点一下，或填写地址和社区。" if refused else "",
        ),
        name=Field("name", "怎么称呼您", "text", autocomplete="name", maximum=40),
        phone=Field("phone", "手机号码", "text", autocomplete="tel", maximum=20),
        privacy="姓名和电话加密保存，只用于就这件事与您联系；每次查看都要写明理由并留下记录，办结 180 天后自动删除。",
    )


REPORT = report_screen()
REPORT_REFUSED = report_screen(refused=True)
RECEIPT = public.ReceiptScreen(
    number="QH-20260305-00318",
    code="7K2F-9QXM",
    follow_url="/follow/7K2F-9QXM/",
    qr_svg=(
        '<svg viewBox="0 0 21 21" xmlns="http://www.w3.org/2000/svg"><path d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0z'
        'M9 2h2v2H9zM9 9h4v4H9zM15 10h2v5h-2zM10 16h3v3h-3z"/></svg>'
    ),
    reported_at=NOW,
    words="大石坝街 50 号门前的窨井盖碎了一角，晚上看不清，行人容易踩空。",
    place="夫子庙街道 大石坝街社区 · 大石坝街 50 号门前",
    photos=2,
    steps=(
        ("受理", "15 分钟内，指挥中心看过并决定是否需要现场核实。"),
        ("处置", "立案后派给责任单位，一般 4 个工作小时内修复。"),
        ("核查", "网格员到现场看过，合格才会结案。"),
        ("请您评价", "结案后您可以看到处理结果的照片，并说一说是否满意。"),
    ),
    limit="您上报的问题一般在 1 个工作日内办结。",
    home_url="/",
)
FOLLOW_ASK = public.FollowAskScreen(
    Form(
        "follow",
        "/follow/",
        "查询",
        (Field("code", "查询码", "code", required=True, problem="没有这个查询码，请对照回执再输入一次。"),),
    )
)
GRADES = tuple(
    Choice(str(n), word) for n, word in enumerate(("不满意", "不太满意", "一般", "比较满意", "非常满意"), start=1)
)
FOLLOW = public.FollowScreen(
    number="QH-20260305-00318",
    title="污水井盖破损",
    stage=Badge("已结案", "good"),
    reported_at=ago(hours=7),
    words="大石坝街 50 号门前的窨井盖碎了一角，晚上看不清，行人容易踩空。",
    place="夫子庙街道 大石坝街社区 · 大石坝街 50 号门前",
    photos=(photo(1, "上报时的照片"),),
    steps=(
        public.PublicStep("您上报了问题", ago(hours=7)),
        public.PublicStep("已受理", ago(hours=6, minutes=52), "秦淮区城市治理指挥中心"),
        public.PublicStep("已立案，派给责任单位", ago(hours=6, minutes=40), "区水务局排水管理中心"),
        public.PublicStep(
            "已处置", ago(hours=3), "区水务局排水管理中心", "更换井盖一套，加装防坠网。", (photo(2, "处置后的照片"),)
        ),
        public.PublicStep("核查通过，已结案", ago(hours=2), "大石坝街社区 第 3 网格", now=True),
        public.PublicStep("请您评价", done=False),
    ),
    result="更换井盖一套，加装防坠网。",
    result_photos=(photo(2, "处置后的照片"), photo(3, "核查时的照片")),
    rate=Form(
        "rate",
        "/follow/7K2F-9QXM/rate/",
        "提交评价",
        (
            Field("grade", "您满意吗", "grades", required=True, choices=GRADES),
            Field(
                "solved",
                "问题解决了吗",
                "choice",
                required=True,
                choices=(Choice("1", "解决了"), Choice("0", "没有解决")),
            ),
            Field("words", "还想说的话", "words", maximum=200),
        ),
    ),
    map=MapView("place", BOUNDS, "问题的位置", 118.7902, 32.0217, areas_url="/gallery/areas.json"),
    complaints_url="/complaints/",
)
COMPLAINT = public.ComplaintScreen(
    lines=(("服务热线", "12345（24 小时）"), ("来访接待", "秦淮区政务服务中心 2 楼，工作日 9:00–17:00")),
    form=Form(
        "complaint",
        "/complaints/",
        "提交",
        (
            Field("words", "您要反映什么", "words", required=True, maximum=1000),
            Field("number", "涉及的案件编号", "text", placeholder="如果有"),
        ),
    ),
)
ABOUT = public.AboutScreen(
    sections=(
        ("这是什么", ("格治是秦淮区城市治理的工作系统：居民上报问题，责任单位处置，网格员核查，居民评价。",)),
        ("保存哪些数据", ("只保存办理这件事所必需的内容。姓名和电话加密保存，每次查看都留下理由和记录。",)),
    ),
    facts=(("版本", "0.1.0"), ("许可", "Apache-2.0"), ("当前方案", "qinhuai")),
    links=(Link("开放接口", "/api/docs"),),
)

# --- desk -------------------------------------------------------------------------------------------------------
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
)
QUEUE_EMPTY = replace(QUEUE, rows=(), total=0, chips=(), paging=Paging(), map=None)
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
TIMELINE = (
    screens.TimelineEntry(
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
    screens.TimelineEntry(
        ago(minutes=96), "落入 大石坝街社区 第 3 网格", "系统", "自动", automatic=True, seq=2, proof="09be2c7745d1a0ff"
    ),
    screens.TimelineEntry(
        ago(minutes=88),
        "请网格员核实",
        "沈佳宁",
        "受理员",
        words="照片看不清井盖归属，请到现场看一下。",
        tone="plain",
        seq=3,
        proof="5d220bb3f1c09a77",
    ),
    screens.TimelineEntry(
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
    screens.TimelineEntry(
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
    people=(
        screens.PersonLine("网格长", "陆建国", "大石坝街社区第 3 网格", "025-0000-3107", invented=True),
        screens.PersonLine("专职网格员", "韩雪", "大石坝街社区第 3 网格", "025-0000-3112", invented=True),
        screens.PersonLine("城管巡查员"),
    ),
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
NOTICES = screens.NoticesScreen(
    (
        screens.NoticeLine(ago(minutes=3), "QH-20260305-00318 派遣时限还剩 6 分钟", "/desk/case/318/", False, "warn"),
        screens.NoticeLine(ago(minutes=41), "QH-20260305-00291 已超时 18 分钟，请尽快处理", "/x/", False, "bad"),
        screens.NoticeLine(ago(hours=3), "QH-20260304-00112 核查未通过，退回处置（第 2 次）", "/x/", True, "info"),
    ),
    Paging(next="/notices/?after=9"),
    Form("mark", "/notices/read/", "全部标为已读"),
)
AREA = screens.AreaScreen(
    name="第 3 网格",
    code="320104002007003",
    layer="综合网格",
    level="网格",
    path=(Link("秦淮区", "/areas/1/"), Link("夫子庙街道", "/areas/2/"), Link("大石坝街社区", "/areas/3/")),
    people=CASE.people,
    children=(Link("贡院街社区", "/areas/5/", count=4), Link("乌衣巷社区", "/areas/6/", count=7)),
    figures=(Figure("在办", "14"), Figure("超时", "2", "其中 1 件督办"), Figure("近 30 天结案", "63")),
    map=MapView("areas", BOUNDS, "第 3 网格", areas_url="/gallery/areas.json", synthetic=True),
    synthetic=True,
    cases=Link("这个网格的案件", "/desk/?area=9"),
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
REFUSAL = screens.RefusalScreen(
    409,
    "这个案件刚刚已由沈佳宁退回受理，派遣没有生效。",
    (("units", "请选择主办单位。"),),
    "req-8f3a1c",
    (Link("回到案件", "/x/"), Link("回到队列", "/y/")),
)

# name → (template, frame, screen)
PAGES: dict[str, tuple[str, screens.Frame, object]] = {
    "home": ("portal/home.html", PORTAL, HOME),
    "report": ("portal/report.html", PORTAL, REPORT),
    "report-refused": ("portal/report.html", PORTAL, REPORT_REFUSED),
    "receipt": ("portal/receipt.html", PORTAL, RECEIPT),
    "follow-ask": ("portal/follow_ask.html", PORTAL, FOLLOW_ASK),
    "follow": ("portal/follow.html", PORTAL, FOLLOW),
    "complaint": ("portal/complaint.html", PORTAL, COMPLAINT),
    "about": ("portal/about.html", PORTAL, ABOUT),
    "queue": ("desk/queue.html", DESK, QUEUE),
    "queue-empty": ("desk/queue.html", DESK, QUEUE_EMPTY),
    "case": ("desk/case.html", DESK, CASE),
    "case-refused": ("desk/case.html", DESK, CASE_REFUSED),
    "case-waiting": ("desk/case.html", DESK, CASE_WAITING),
    "case-handle": ("desk/case.html", DESK, HANDLE),
    "notices": ("desk/notices.html", DESK, NOTICES),
    "area": ("desk/area.html", DESK, AREA),
    "list": ("generic/list.html", ADMIN, LIST),
    "form": ("generic/form.html", ADMIN, FORM),
    "sheet": ("generic/sheet.html", ADMIN, SHEET),
    "refusal": ("errors/refusal.html", DESK, REFUSAL),
}
__all__ = ["ADMIN", "DESK", "NOW", "PAGES", "PORTAL", "parts"]
