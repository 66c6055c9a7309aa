"""A look over an answer before it goes out: does it say what a resident may ask of it, and is it about the question.

Four elements: when the matter was taken on, with whom it was talked over, what was done, and by when it is or will be
done. Besides: how far it takes up the words of the question, which of the questions it leaves open, and how much of
it is boilerplate. All of it is hints for the writer, as codes that a page puts into words. No figure here is about a
person, and none may become one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gezhi.engines.triage.moments import moments
from gezhi.engines.triage.words import spelled

Code = Literal[
    "empty", "no_acceptance", "no_contact", "no_action", "no_deadline", "off_topic", "unanswered", "boilerplate"
]
Span = tuple[int, int]
ON_TOPIC = 0.12  # share of the question's pairs of characters that the reply takes up
SAME = 0.6  # share of the reply's runs of five characters that stand in boilerplate
LONGEST = 20_000

_ACCEPTED = re.compile("受理|收到|接到|接报|接诉|交办|派单|转办|收悉|获悉|登记")
_WHOM = (
    "您|你|来电人|诉求人|反映人|投诉人|举报人|报料人|市民|群众|居民|业主|业委会|当事人|家长|村民|物业|负责人|先生|女士|"
    "同志|店主|商户|施工方|开发商|公司"
)
_CONTACT = re.compile(
    rf"(?:联系|沟通|致电|电话|回访|走访|约谈|对接|告知|解释|答复|说明|上门|见面|座谈|协商|微信)[^。；！？]{{0,12}}?(?:{_WHOM})"
    rf"|(?:与|和|向|同|对|给)[^。；，！？]{{0,14}}?(?:{_WHOM}|人)[^。；！？]{{0,8}}?(?:联系|沟通|致电|电话|对接|告知|解释|答复|说明|协商|见面|核实|了解)"
)
_ACTION = re.compile(
    "(?:已经?|并|当[天日场即]|随即|立即|现场)[^。；！？]{0,10}?(?:清理|清运|处理|处置|修复|维修|更换|整改|拆除|责令|督促|要求|立案|处罚|查处|安排|组织|派|"
    "劝导|劝离|取缔|疏通|安装|加装|补种|修剪|发放|退还|退款|支付|办理|解决|完成|核实|核查|检查|检测|勘查|勘察|调查|调解|协调|约谈|下达|发出|巡查|开展)"
    "|(?:经|已)(?:现场)?(?:核实|核查|查|调查|了解|检查|勘查|勘察|检测|走访)|(?:工作人员|执法人员|执法队员|民警|技术人员|专人)[^。；！？]{0,12}?(?:到|前往|赶|赴|上门|现场)"
)
_DONE_BY = re.compile(
    "完成|完毕|到位|修复|整改|清理|处理|答复|办结|解决|恢复|开工|竣工|启动|实施|安装|开通|[之以]?前|内|底|期间"
)
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[？?]?")
_ASKED = re.compile("[？?]|吗|何时|什么时候|多久|为什么|为何|怎么|如何|是否|能否|可否|能不能|谁来|哪[里个些]")
_EMPTY_WORDS = re.compile(
    "尊敬的?|领导|您好|你好|谢谢|感谢|请问|希望|建议|咨询|反映|投诉|举报|关于|问题|情况|部门|相关|有关|我们|你们|他们|这个|那个|为什么|什么|怎么|是否|能否|如何|何时"
    "|[的了吗呢吧啊我你您他在是有和与]"
)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something the writer may want to look at; `span` is a place in the question ("unanswered") or else None."""

    code: Code
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """Where in the reply each element stands (None: not found), and shares from 0 to 1.

    `completeness`: of the four elements and the questions asked, the share that was found.
    """

    accepted: Span | None
    contact: Span | None
    action: Span | None
    deadline: Span | None
    relevance: float
    completeness: float
    boilerplate: float
    hints: tuple[Hint, ...]


def check_reply(question: str, reply: str, *, boilerplate: Sequence[str] = ()) -> ReplyCheck:
    """Look over a reply. `boilerplate`: texts that are often sent, such as the last replies of the same unit."""
    asked, said = spelled(question[:LONGEST]), spelled(reply[:LONGEST])
    if not said.strip():
        return ReplyCheck(None, None, None, None, 0.0, 0.0, 0.0, (Hint("empty"),))
    accepted, deadline = _timed(said)
    contact, action = _span(_CONTACT, said), _span(_ACTION, said)
    relevance = _taken_up(asked, said)
    questions = [one.span() for one in _SENTENCE.finditer(asked) if _ASKED.search(one.group()) and len(one.group()) > 3]
    questions = questions if len(questions) > 1 else []  # a single question is what relevance is about
    left = [span for span in questions if _taken_up(asked[slice(*span)], said) < ON_TOPIC]
    same = _same(said, [spelled(one[:LONGEST]) for one in boilerplate])
    elements = (accepted, contact, action, deadline)
    codes: tuple[Code, ...] = ("no_acceptance", "no_contact", "no_action", "no_deadline")
    hints = [Hint(code) for code, span in zip(codes, elements, strict=True) if span is None]
    if _content(asked) and relevance < ON_TOPIC:
        hints.append(Hint("off_topic"))
    hints += [Hint("unanswered", span) for span in left]
    if same > SAME:
        hints.append(Hint("boilerplate"))
    there = sum(span is not None for span in elements) + len(questions) - len(left)
    return ReplyCheck(*elements, relevance, there / (4 + len(questions)), same, tuple(hints))


def _timed(said: str) -> tuple[Span | None, Span | None]:
    """The moment the matter was taken on, and the moment by which it is done: by the words around each moment."""
    accepted: Span | None = None
    deadline: Span | None = None
    for start, end, _ in moments(said):
        after = re.split("[。；！？;!?]", said[end : end + 24])[0]
        before = re.split("[。；！？;!?]", said[max(0, start - 12) : start])[-1]
        if accepted is None and (_ACCEPTED.search(after) or _ACCEPTED.search(before)):
            accepted = (start, end)
        elif deadline is None and _DONE_BY.search(after[:16]):
            deadline = (start, end)
    return accepted, deadline


def _span(pattern: re.Pattern[str], said: str) -> Span | None:
    match = pattern.search(said)
    return match.span() if match else None


def _content(text: str) -> set[str]:
    """Pairs of characters that say something of the matter."""
    pieces = re.split(r"[^\w]+", _EMPTY_WORDS.sub(" ", text))
    return {piece[n : n + 2] for piece in pieces for n in range(len(piece) - 1)}


def _taken_up(asked: str, said: str) -> float:
    wanted = _content(asked)
    return len(wanted & _content(said)) / len(wanted) if wanted else 1.0


def _same(said: str, often: Sequence[str]) -> float:
    mine = _fives(said)
    return max((len(mine & _fives(one)) / len(mine) for one in often), default=0.0) if mine else 0.0


def _fives(text: str) -> set[str]:
    bare = re.sub(r"[\W0-9]+", "", text)
    return {bare[n : n + 5] for n in range(len(bare) - 4)}
