"""The scenario switches there are: what national rules bar by default, each with what turning it on means.

National rules on grass-roots apps (国办函〔2026〕12号) bar forced check-in, rankings of people, counts of online time
and needless tracks; money taken from employees needs a basis in labour law. All are off until somebody with the right
asks for one with its legal basis, purpose and expiry, and another person approves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gezhi.lib.texts import Text


@dataclass(frozen=True, slots=True)
class KnownSwitch:
    """`title` and `meaning` in zh and en."""

    key: str
    title: Text
    meaning: Text


LONGEST_DAYS = 366  # a switch is asked for anew at least once a year

_LIST = (
    KnownSwitch(
        "attendance",
        {"zh": "考勤打卡", "en": "Attendance check-in"},
        {
            "zh": "记录工作人员上下岗时间。国家规定不得强制打卡，默认关闭。",
            "en": "Records when staff go on and off duty. National rules bar forced check-in; off by default.",
        },
    ),
    KnownSwitch(
        "tracks",
        {"zh": "巡查轨迹", "en": "Patrol tracks"},
        {
            "zh": "在班期间记录巡查路线。只限在班人员，默认关闭。",
            "en": "Records the route of a patrol while on shift. Only staff on shift; off by default.",
        },
    ),
    KnownSwitch(
        "person_rankings",
        {"zh": "个人排名", "en": "Rankings of persons"},
        {
            "zh": "对工作人员个人排名。默认只对网格、单位和承包方排名，个人只看到自己的成绩。",
            "en": "Ranks individual members of staff. By default only grids, units and contractors are ranked, "
            "and people see their own card.",
        },
    ),
    KnownSwitch(
        "employee_money",
        {"zh": "个人经济奖惩", "en": "Money taken from employees"},
        {
            "zh": "考核结果与工作人员的收入或押金挂钩。须有劳动法上的依据，默认关闭。",
            "en": "Ties scores to the pay or deposit of employees. Needs a basis in labour law; off by default.",
        },
    ),
    KnownSwitch(
        "assistant",
        {"zh": "智能写作助手", "en": "Writing assistant"},
        {
            "zh": "由本单位自建的大模型服务起草摘要和答复，发送前隐去电话和证件号，须由人审改后使用。默认关闭。",
            "en": "Has a language model of the owner's draft summaries and replies; telephone and identity numbers are "
            "masked before anything is sent, and a person edits every draft. Off by default.",
        },
    ),
    KnownSwitch(
        "presence_by_place",
        {"zh": "到场定位核验", "en": "Presence checked by location"},
        {
            "zh": "用定位核验工作人员是否到达现场。只在办理动作的一刻取一次位置，默认关闭。",
            "en": "Checks by location that staff are on site. The position is taken once, at the moment of the move; "
            "off by default.",
        },
    ),
)

KNOWN: Mapping[str, KnownSwitch] = {switch.key: switch for switch in _LIST}
