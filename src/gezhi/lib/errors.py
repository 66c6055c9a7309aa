"""Refusals: the one way any floor says no.

A refusal carries a sentence a user can read, and the HTTP status that means the same. Interfaces translate it to a
page or to JSON in one place; nobody below interfaces knows what a request is.
"""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):
    """Something was asked that will not be done. `sentence` may be lazy (translated when shown)."""

    status = 400
    code = "refused"

    def __init__(self, sentence: object, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self._sentence = sentence
        self.field = field
        if code:
            self.code = code

    @property
    def sentence(self) -> str:
        """The sentence, in the language active now."""
        return str(self._sentence)

    def __str__(self) -> str:
        return self.sentence


class NotAllowed(Refusal):
    """The actor lacks the right."""

    status = 403
    code = "not_allowed"


class NotThere(Refusal):
    """It does not exist, or lies in foreign territory: the two must not be told apart."""

    status = 404
    code = "not_there"


class WrongState(Refusal):
    """Right person, wrong moment: the state has moved on or does not allow it."""

    status = 409
    code = "wrong_state"


class TooLarge(Refusal):
    """More than is taken in one go."""

    status = 413
    code = "too_large"


class TooMany(Refusal):
    """Too often in too short a time."""

    status = 429
    code = "too_many"


class BadInput(Refusal):
    """What was sent cannot be right; `problems` names each field with its sentence."""

    status = 422
    code = "bad_input"

    def __init__(
        self, sentence: object, *, field: str | None = None, problems: Iterable[tuple[str, object]] = ()
    ) -> None:
        super().__init__(sentence, field=field)
        listed = [(name, str(text)) for name, text in problems]
        self.problems = listed or ([(field, self.sentence)] if field else [])


class Unavailable(Refusal):
    """Right request, but a part we need is down or full; trying again later may work."""

    status = 503
    code = "unavailable"
