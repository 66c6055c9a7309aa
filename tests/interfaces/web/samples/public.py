"""The public pages."""

from __future__ import annotations

from dataclasses import replace

from gezhi.interfaces.portal import screens as public
from gezhi.interfaces.web.parts import Badge, Choice, Field, Figure, Form, Link, MapView
from gezhi.interfaces.web.publicity import Shown
from tests.interfaces.web.samples.ground import (
    AREAS,
    BOUNDS,
    CLASSES,
    NOW,
    ago,
    photo,
    pick_map,
)

HOME = public.HomeScreen(
    city="南京市秦淮区",
    report_url="/report/",
    follow_form=Form(
        "ask", "/follow/", "查询", (Field("code", "查询码", "text", required=True, placeholder="例如 7K2F-9QXM"),)
    ),
    about_url="/about/",
    complaints_url="/complaints/",
    grids_url="/grids",
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
QR = (
    '<svg viewBox="0 0 21 21" xmlns="http://www.w3.org/2000/svg"><path d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0z'
    'M9 2h2v2H9zM9 9h4v4H9zM15 10h2v5h-2zM10 16h3v3h-3z"/></svg>'
)
RECEIPT = public.ReceiptScreen(
    number="QH-20260305-00318",
    code="7K2F-9QXM",
    follow_url="/follow/7K2F-9QXM/",
    qr_svg=QR,
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
_PATH = (Link("秦淮区", "/grids?in=320104"), Link("夫子庙街道", "/grids?in=320104002"))
GRID = public.GridScreen(
    code="320104002007003",
    name="大石坝街社区第3网格",
    path=(*_PATH, Link("大石坝街社区", "/grids?in=320104002007")),
    people=(
        Shown(
            name="韩雪",
            title="专职网格员",
            over="",
            duties=("每日巡查网格，发现并上报问题", "走访住户，宣传政策，收集意见"),
            phone="025-0555-0112",
            note="负责1至6栋，周三上午在社区值班",
            photo="0" * 64,
            invented=True,
        ),
        Shown("陆建国", "网格长", "大石坝街社区", ("对网格内问题的解决负总责",)),
    ),
    vacancy="",
    qr_svg=QR,
    address="http://127.0.0.1:8000/grids/320104002007003",
    report_url="/report?grid=320104002007003",
    poster=Link("海报（A4，PDF）", "/grids/320104002007003/poster.pdf", icon="print"),
    card=Link("联系卡（PDF）", "/grids/320104002007003/card.pdf", icon="user"),
    hotline="12345",
    publisher="夫子庙街道办事处",
    find_url="/grids",
    synthetic="本图网格由程序划分，仅供演示，不代表实际管理边界。",
    map=MapView("areas", BOUNDS, "网格地图", areas_url="/gallery/areas.json", here=9, public=True),
)
GRID_VACANT = replace(GRID, people=(), vacancy="本网格专职岗位暂缺，请拨打热线。", map=None, synthetic="", publisher="")
_SEARCH = Form(
    "find", "/grids", "查找", (Field("q", "街道、社区或网格名称", "text", "乌衣", maximum=60),), method="get"
)
FIND = public.GridFindScreen(
    search=_SEARCH,
    map=pick_map(),
    place_url="/grids",
    problem="这个位置不在服务范围内。",
    found=(
        Link("夫子庙街道·乌衣巷社区", "/grids?in=320104002005", icon="list"),
        Link("夫子庙街道·乌衣巷社区第1网格", "/grids/320104002005001", icon="map"),
    ),
    nothing="",
    path=(),
    here="",
    groups=(("", (Link("秦虹街道", "/grids?in=320104001"), Link("夫子庙街道", "/grids?in=320104002"))),),
)
FIND_NOTHING = replace(FIND, found=(), nothing="没有找到这个名称的街道、社区或网格。", problem="")
FIND_BELOW = replace(
    FIND,
    found=(),
    problem="",
    path=_PATH[:1],
    here="夫子庙街道",
    groups=(("乌衣巷社区", (Link("第1网格", "/grids/320104002005001"), Link("第2网格", "/grids/320104002005002"))),),
)
