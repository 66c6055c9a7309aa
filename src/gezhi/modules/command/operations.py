"""Writing the command room: meetings are prepared in `meetings` and held in `deciding`, special operations are in
`campaigns`. Every one is keyword-only, atomic, on record.
"""

from __future__ import annotations

from gezhi.modules.command.campaigns import CampaignPlan, change_campaign, close_campaign, plan_campaign, set_case
from gezhi.modules.command.deciding import attend, close, decide, hold, say, write_minutes
from gezhi.modules.command.meetings import (
    add_item,
    call_off,
    change,
    compose,
    draft_due,
    drop_item,
    move_item,
    plan,
    prepare,
    take_up,
)

__all__ = [
    "CampaignPlan",
    "add_item",
    "attend",
    "call_off",
    "change",
    "change_campaign",
    "close",
    "close_campaign",
    "compose",
    "decide",
    "draft_due",
    "drop_item",
    "hold",
    "move_item",
    "plan",
    "plan_campaign",
    "prepare",
    "say",
    "set_case",
    "take_up",
    "write_minutes",
]
