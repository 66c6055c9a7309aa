"""Who may do what at meetings and in special operations. One page; each refusal is a sentence.

The chair's post leads meetings; the centre's leads special operations. Units, streets and leaders see both, and of the
cases in them those that are theirs to see (the room `cases` decides that).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed

LEAD_MEETINGS, SEE_MEETINGS = "meeting.lead", "meeting.see"
LEAD_CAMPAIGNS, SEE_CAMPAIGNS = "campaign.lead", "campaign.see"


def may_lead_meetings(by: Actor) -> bool:
    """Does the actor chair?"""
    return by.may(LEAD_MEETINGS)


def check_may_lead_meetings(by: Actor) -> None:
    """The chair leads."""
    if not by.may(LEAD_MEETINGS):
        raise NotAllowed(_("Dispatch meetings are led by the head of the centre."), code="not_chair")


def check_may_plan_meetings(by: Actor) -> None:
    """The chair, or the job that drafts the weekly agenda."""
    if by.ref != "system":
        check_may_lead_meetings(by)


def check_may_see_meetings(by: Actor) -> None:
    """Those who take part."""
    if not (by.may(SEE_MEETINGS) or by.may(LEAD_MEETINGS)):
        raise NotAllowed(_("Dispatch meetings are for those who take part in them."), code="no_right")


def may_lead_campaigns(by: Actor) -> bool:
    """Does the actor lead special operations?"""
    return by.may(LEAD_CAMPAIGNS)


def check_may_lead_campaigns(by: Actor) -> None:
    """The centre leads."""
    if not by.may(LEAD_CAMPAIGNS):
        raise NotAllowed(_("Special operations are led by the command centre."), code="not_centre")


def check_may_see_campaigns(by: Actor) -> None:
    """Those who take part."""
    if not (by.may(SEE_CAMPAIGNS) or by.may(LEAD_CAMPAIGNS)):
        raise NotAllowed(_("Special operations are for those who take part in them."), code="no_right")
