"""Who is advised, and who may look behind the advice. One page; each refusal is a sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, Unavailable

FIGURES = "figures.see"
SYSTEM = "administer.system"
DISPATCH, LEAD = "desk.dispatch", "desk.lead"  # who acts on a hot spot, and is warned of it


def may_see_models(by: Actor) -> bool:
    """Whoever sees figures, and the system administrator, who keeps the models."""
    return by.may(FIGURES) or by.may(SYSTEM)


def check_may_see_models(by: Actor) -> None:
    """Model cards are figures."""
    if not may_see_models(by):
        raise NotAllowed(_("Model cards are for those who see figures."), code="no_right")


def may_see_spots(by: Actor) -> bool:
    """Whoever sees figures, and those who are warned of hot spots."""
    return may_see_models(by) or by.may(DISPATCH) or by.may(LEAD)


def check_may_see_spots(by: Actor) -> None:
    """Hot spots are figures, and work for those who are warned of them."""
    if not may_see_spots(by):
        raise NotAllowed(_("Hot spots are for those who see figures, dispatch or lead."), code="no_right")


def check_may_train(by: Actor) -> None:
    """The nightly job, or the system administrator."""
    if not (by.may(SYSTEM) or by.ref == "system"):
        raise NotAllowed(_("Models are trained by the system administrator."), code="not_system")


def assistant_is_off() -> Unavailable:
    """No owner has set one up and switched it on."""
    return Unavailable(
        _("The writing assistant is off. It needs an endpoint of the owner's and an approved switch."),
        code="no_assistant",
    )
