"""Who may change territory and who holds what. Each refusal is a sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed


def check_may_grant(by: Actor) -> None:
    """Only the security administrator gives and ends posts; installation does too."""
    if not (by.may("administer.security") or by.ref == "system"):
        raise NotAllowed(_("Posts are given by the security administrator only."), code="not_security")


def check_may_install(by: Actor) -> None:
    """Areas come from the profile; the system administrator or the installation puts them in force."""
    if not (by.may("administer.system") or by.ref == "system"):
        raise NotAllowed(_("Areas are put in force by the system administrator only."), code="not_system")
