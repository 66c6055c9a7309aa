"""What all samples share: the moment, the frames, choices, small makers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gezhi.interfaces.web import screens
from gezhi.interfaces.web.parts import Choice, Clock, Link, MapView, Photo

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
