"""Addresses in Chinese words: a row of places, each ended by a word that says what it is (街道, 社区, 路, 号, 小区
…)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WIDE = "特别行政区|自治区|自治州|自治县|省|市|地区|区|县|旗"
_LOCAL = "街道办事处|街道办|街道|社区居委会|社区|居委会|镇|乡|行政村|自然村|新村|村委会|村|屯|网格"
_WAY = "大道|公路|高速|快速路|路|大街|街|胡同|巷|弄|支路|辅路|环路|隧道|立交桥|大桥|天桥|桥|路口|交叉口|交汇处|十字路口"
_SPOT = (
    "小区|花园|家园|公寓|大厦|广场|大楼|苑|花苑|雅苑|府|城|园区|工业园|公园|幼儿园|小学|中学|学校|学院|大学|医院|卫生院|市场|菜场|"
    "商场|超市|酒店|宾馆|饭店|车站|地铁站|公交站|停车场|工地|河|湖|水库|垃圾站|中心|名城|新城|别墅|山庄|楼盘|宿舍"
)
_FINE = (
    r"[0-9一二三四五六七八九十百]{1,5}(?:-[0-9]{1,4})?(?:号楼|号院|号|栋|幢|座|单元|室|楼|层|期|弄|组|队)|[a-z][座栋区]"
)
_HAN = "一-鿿"
_NOT = '的了在是和与及我你他她这那有就被把请求让给对向由从到至何吗呢吧啊，。、；：！？!?,;:（）()"“”'
# The longest first: 路口 before 路.
_ENDS = "|".join(sorted("|".join((_WIDE, _LOCAL, _WAY, _SPOT)).split("|"), key=lambda end: (-len(end), end)))
_BY = "[东西南北]侧|交汇处|交叉口|交界处|附近|旁边|旁|门口|对面|内|里"
_PIECE = re.compile(rf"(?:[a-z][0-9]*(?:市|区|县)|[{_HAN}a-z0-9]{{1,10}}?(?:{_ENDS}))(?:{_BY})?|{_FINE}")
_LEAD = re.compile(
    r"(?:(?:尊敬|领导|您好|你好|市民|群众|来电|反映|投诉|举报|反应|咨询|求助|建议|关于|希望|因为|由于|所以|位于|地址|住在|家住|现住|"
    r"居住|坐落|地点|发生|今天|昨天|每天|目前|现在|先生|女士|称|说|位|住|于|处|经过|路过|靠近|沿着?|以及|但是|为何|为什么|请问|问|强烈|恳请|要求|"
    r"呼吁|尽快|严查|关注|解决|[的了在是和与及我你他她这那有就被把请求让给对向由从到至本该某]))+"
)
_TOLD = re.compile(r".*(?:反映|投诉|举报|来电|咨询|求助|位于|住在|家住|地址|建议|关于)")
_VAGUE = re.compile(
    "(?:小区|社区|街道|市场|学校|医院|公园|村|路|街|广场|我市|全市|城市|地区|中心|城区|市区|市小区|管理区|高速公路|"
    "住宅小区|社区医院|工业园|幼儿园|菜市场|农贸市场|人民医院)"
)
_NO_NAME = re.compile("(?:修|铺|堵|拦|过|走|赶|马|道|条|这|让|断|挡|的|公|车|建|修建)(?:路|桥|公路|小区)$")
_HERE = re.compile(rf"(?:{_LOCAL}|{_WAY}|{_SPOT})$")
_BESIDE = re.compile(rf"(?:{_BY})$")
_WAY_END = re.compile(rf"(?:{_WAY})$")


def addresses(plain: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of each address that is more than a town's name or a common noun."""
    start = end = -1
    pieces: list[str] = []
    for match in _pieces(plain):
        crossing = match[0] == end + 1 and plain[end] in "与和" and _WAY_END.search(pieces[-1]) is not None
        if match[0] != end and not crossing:
            yield from _told(plain, start, end, pieces)
            start, pieces = match[0], []
        pieces.append(plain[match[0] : match[1]])
        end = match[1]
    yield from _told(plain, start, end, pieces)


def _pieces(plain: str) -> Iterator[tuple[int, int]]:
    for run in re.finditer(rf"[^{re.escape(_NOT)}\s]+", plain):
        for match in _PIECE.finditer(run.group()):
            told = _TOLD.match(match.group())
            begin = match.start() + (told.end() if told else 0)
            lead = _LEAD.match(run.group(), begin, match.end())
            begin = lead.end() if lead else begin
            if begin < match.end():
                yield run.start() + begin, run.start() + match.end()


def _told(plain: str, start: int, end: int, pieces: list[str]) -> Iterator[tuple[int, int, str]]:
    if all(re.fullmatch(_FINE, one) or _VAGUE.fullmatch(one) for one in pieces):
        return
    if len(pieces) == 1:
        name = _BESIDE.sub("", pieces[0])
        if len(name) < 3 or _VAGUE.fullmatch(name) or _NO_NAME.search(name) or not _HERE.search(name):
            return
    yield start, end, plain[start:end]
