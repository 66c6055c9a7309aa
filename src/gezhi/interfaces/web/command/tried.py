"""A form of these pages that was sent and refused: what was entered, and the sentence of each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from gezhi.interfaces.web import asked
from gezhi.lib.errors import Refusal


@dataclass(frozen=True, slots=True)
class Tried:
    """`form`: the key of the form; nothing was tried where it is empty."""

    form: str = ""
    refusal: Refusal | None = None
    entered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of the page."""
        return self.refusal.status if self.refusal else 200

    def of(self, form: str) -> Tried:
        """What was tried with this form; nothing for another one."""
        return self if form == self.form else NOTHING

    def one(self, name: str, otherwise: str = "") -> str:
        """The value entered, or what is known."""
        found = self.entered.get(name)
        return (found[0] if found else "") if self.refusal else otherwise

    def many(self, name: str, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
        """All values entered, or those known."""
        return tuple(v for v in self.entered.get(name, ()) if v) if self.refusal else otherwise

    def problem(self, name: str) -> str:
        """The sentence of a field."""
        listed = getattr(self.refusal, "problems", None) or ()
        return next((sentence for field, sentence in listed if field == name), "")

    @property
    def sentence(self) -> str:
        """The sentence above the form."""
        return self.refusal.sentence if self.refusal else ""


NOTHING = Tried()


def refused(request: HttpRequest, form: str, refusal: Refusal) -> Tried:
    """What was sent with a form that was refused."""
    return Tried(
        form, refusal, {name: tuple(asked.tidy(v) for v in request.POST.getlist(name)) for name in request.POST}
    )
