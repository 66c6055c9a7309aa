"""What this room tells of itself: the kinds of its ledger entries, on `model:<id>`, `draft:<id>` and `spot:<id>`."""

from __future__ import annotations

MODEL_TRAINED = "model.trained"
DRAFT_ASKED = "draft.asked"
DRAFT_WRITTEN = "draft.written"
SPOT_WARNED = "spot.warned"
