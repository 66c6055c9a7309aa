"""What this room tells of itself: the kinds of its ledger entries, on `meeting:<id>` and `campaign:<id>`."""

from __future__ import annotations

MEETING_PLANNED = "meeting.planned"
MEETING_CHANGED = "meeting.changed"
MEETING_COMPOSED = "meeting.composed"
MEETING_AGENDA = "meeting.agenda"
MEETING_HELD = "meeting.held"
MEETING_DECIDED = "meeting.decided"
MEETING_NOTED = "meeting.noted"
MEETING_CLOSED = "meeting.closed"
MEETING_CALLED_OFF = "meeting.called_off"
CAMPAIGN_PLANNED = "campaign.planned"
CAMPAIGN_CHANGED = "campaign.changed"
CAMPAIGN_CASE = "campaign.case"
CAMPAIGN_CLOSED = "campaign.closed"
