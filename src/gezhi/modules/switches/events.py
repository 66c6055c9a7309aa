"""Kinds of ledger entries this room writes. Subjects: `profile`, `calendar`, `switch:<key>`, `retention:<kind>`,
`person:<ref>`."""

from __future__ import annotations

PROFILE_ADOPTED = "profile.adopted"
CALENDAR_CHANGED = "calendar.changed"
SWITCH_ASKED = "switch.asked"
SWITCH_APPROVED = "switch.approved"
SWITCH_REFUSED = "switch.refused"
SWITCH_OFF = "switch.off"
RETENTION_SET = "retention.set"
PERSON_KEPT = "person.kept"
PERSON_REVEALED = "person.revealed"
PERSON_FORGOTTEN = "person.forgotten"
PERSON_EXPIRED = "person.expired"
