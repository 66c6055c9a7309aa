"""What this room does: suggest for cases that came in, train, look for what stands out, have a draft written."""

from __future__ import annotations

from gezhi.modules.advice.assistant import ask as ask_assistant
from gezhi.modules.advice.assistant import expire
from gezhi.modules.advice.assistant import write as write_draft
from gezhi.modules.advice.spots import look
from gezhi.modules.advice.suggesting import suggest
from gezhi.modules.advice.training import train

__all__ = ["ask_assistant", "expire", "look", "suggest", "train", "write_draft"]
