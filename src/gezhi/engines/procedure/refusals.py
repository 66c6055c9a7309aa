"""How the engine says no: a kind, a whole sentence with parameters, and the field it is about.

Sentences are English here and are keys for translation (`SENTENCES`). Titles inside the parameters come from the
procedure in every language it has, so a translated sentence carries translated titles. Conditions of a procedure bring
their own sentence in its own languages (`Refusal.text`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gezhi.engines.procedure.model import Text

RefusalKind = Literal["wrong_state", "not_yours", "missing", "bad", "condition", "apart"]

SENTENCES: Mapping[str, str] = {
    "unknown_move": "There is no move “{move}” in “{procedure}”.",
    "unknown_assignment": "This case has no task “{assignment}”.",
    "unknown_stage": "This case stands at “{stage}”, which “{procedure}” does not know.",
    "wrong_stage": "This case is now “{stage}”; “{move}” is not possible there.",
    "wrong_stage_assignment": "This task is now “{stage}”; “{move}” is not possible there.",
    "tasks_left": "This case is now “{stage}”; its tasks of “{kind}” can no longer be worked on.",
    "once": "“{move}” is possible only once, and has been made already.",
    "at_most": "“{move}” is possible at most {times} times, and they have been used.",
    "waiting": "“{move}” has to wait until all tasks it depends on are far enough.",
    "automatic": "“{move}” follows by itself as soon as it can; nobody makes it by hand.",
    "clock": "“{move}” is made by the clock alone, when its time is up.",
    "not_yours": "“{move}” belongs to {duty}; you do not hold that post for this case.",
    "rank": "“{move}” asks for the rank “{needs}” at least; yours is “{have}”. Send somebody of that rank.",
    "apart": "You have acted on this case as {done}; {duty} must therefore be done by somebody else.",
    "condition": "“{move}” is not possible: its condition is not fulfilled.",
    "unjudged": "“{move}” is not possible yet: not everything its condition asks for is known.",
    "unknown_field": "“{move}” has no field “{field}”.",
    "missing": "Please fill in “{field}”; “{move}” needs it.",
    "text": "“{field}” must be words.",
    "text_long": "“{field}” may have at most {most} characters; it has {have}.",
    "photo": "“{field}” must be a list of photos.",
    "photo_count": "“{field}” takes {least} to {most} photos; there are {have}.",
    "choice": "“{field}” must be one of the choices offered; “{value}” is not.",
    "units": "“{field}” must be a list of units.",
    "units_count": "“{field}” takes {least} to {most} units; there are {have}.",
    "units_twice": "“{field}” names the same unit twice.",
    "units_busy": "“{field}” names a unit that already works on this case.",
    "class": "“{field}” must be a class of the catalogue.",
    "place": "“{field}” must be a place: longitude and latitude, or an area.",
    "number": "“{field}” must be a number.",
    "number_small": "“{field}” must be at least {least}.",
    "number_large": "“{field}” must be at most {most}.",
    "bool": "“{field}” must be yes or no.",
    "date": "“{field}” must be a date.",
    "limit": "“{field}” must be an amount of time, such as 2 work_days.",
    "case": "“{field}” must be the number of a case.",
    "here": "“{field}” must be a point: longitude and latitude.",
    "items": "“{field}” must be a list of items, each with words, a unit and a day.",
    "items_count": "“{field}” takes {least} to {most} items; there are {have}.",
    "item_words": "Each item of “{field}” says in at most {most} characters what is to be done.",
    "item_unit": "Each item of “{field}” names the unit that leads it.",
    "item_due": "Each item of “{field}” needs the day by which it is done.",
    "scores": "“{field}” must give one score for each task, and for nothing else.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A move that was not made, and why; nothing has changed.

    `sentence_key` is a key of SENTENCES; `text` the procedure's own sentence, if the condition has one; `params` its
    parameters (Text mappings for titles, else plain values); `field` the input it is about; `others` the refusals of
    further fields, when several are wrong at once.
    """

    kind: RefusalKind
    sentence_key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None
    text: Text | None = None
    others: tuple[Refusal, ...] = ()

    @property
    def is_rank(self) -> bool:
        """Does nothing but the rank stand in the way?"""
        return self.sentence_key == "rank"

    @property
    def sentence(self) -> str:
        """The English sentence, complete."""
        return self.said()

    def said(self, lang: str = "en", translate: Callable[[str], str] = str) -> str:
        """The complete sentence in a language; `translate` turns an English sentence of SENTENCES into it."""
        if self.text is not None:
            return in_language(self.text, lang)
        words = {name: in_language(p, lang) if isinstance(p, Mapping) else p for name, p in self.params.items()}
        return translate(SENTENCES[self.sentence_key]).format(**words)


def in_language(text: Text, lang: str) -> str:
    """A text in a language, or in English, or in whatever it has."""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")
