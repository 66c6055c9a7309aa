"""The loop as a script: who makes which move, with what, and what the page then says. Two rounds of work, one case."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw

WORDS = "小区东门外人行道上的污水井盖破了一角，晚上看不清，有老人差点绊倒。"
ADDRESS = "小区东门外人行道"
CENTRE, UNIT = "秦淮区城市运行管理中心", "城市管理局"


def picture(colour: tuple[int, int, int]) -> bytes:
    """A photo as a phone takes it: large enough to be made smaller, with a place stored inside."""
    image = Image.new("RGB", (1600, 1200), colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 700, 1600, 1200), fill=(110, 110, 105))
    draw.ellipse((520, 760, 1080, 1080), fill=(70, 70, 70), outline=(40, 40, 40), width=18)
    inside = Image.Exif()
    inside.get_ifd(0x8825).update({1: "N", 2: (32.0, 1.0, 2.0), 3: "E", 4: (118.0, 48.0, 3.0)})
    held = io.BytesIO()
    image.save(held, "JPEG", exif=inside, quality=80)
    return held.getvalue()


BROKEN, MENDED, BETTER = picture((150, 160, 175)), picture((170, 175, 160)), picture((185, 190, 200))


@dataclass(frozen=True)
class Step:
    """A move: its maker's role, what is entered, the stage the case stands at afterwards.

    `also`: roles of others whom the procedure lets make the same move.
    """

    role: str
    move: str
    stage: str
    given: dict[str, Any] = field(default_factory=dict)
    also: frozenset[str] = frozenset()


TITLES = [
    "受理",
    "要求核实",
    "核实",
    "立案",
    "派遣",
    "签收",
    "处置完成",
    "确认完成",
    "核查不通过",
    "核查通过",
    "结案",
    "评价",
]
MEMBERS = frozenset({"单位负责人"})  # the head of a unit may do its people's work
CHECKERS = frozenset({"核查员", "网格长"})  # over the district; the grid worker's own grid leader
LEADERS = frozenset({"中心负责人", "结案员"})  # who may close beside the acceptor

VERIFY = [
    Step("受理员", "accept", "已受理待立案"),
    Step("受理员", "ask_to_verify", "待核实", {"words": "请现场核实井盖情况"}),
    Step("专职网格员", "verify", "已受理待立案", {"verdict": "real", "photos": [BROKEN], "words": "属实"}, CHECKERS),
    Step("受理员", "file", "待派遣", {"class": "污水井盖"}),
    Step("派遣员", "dispatch", "处置中", {"units": UNIT, "words": "请尽快更换"}),
]


def work(photo: bytes, words: str) -> list[Step]:
    """One round at the unit."""
    return [
        Step("处置人员", "sign", "处置中", also=MEMBERS),
        Step("处置人员", "finish", "处置中", {"after": [photo], "words": words}, MEMBERS),
        Step("单位负责人", "confirm", "待核查", {"words": "已到场查看"}),
    ]


FAIL = [Step("专职网格员", "fail_check", "处置中", {"reason": "井盖松动，仍有异响", "photos": [MENDED]}, CHECKERS)]
PASS = [
    Step("专职网格员", "pass_check", "待结案", {"photos": [BETTER], "words": "平整牢固"}, CHECKERS),
    Step("受理员", "close", "已结案", {"words": "同意结案"}, LEADERS),
]
LOOP = [
    *VERIFY,
    *work(MENDED, "已盖回井盖"),
    *FAIL,
    *work(BETTER, "已更换新井盖并固定"),
    *PASS,
]
