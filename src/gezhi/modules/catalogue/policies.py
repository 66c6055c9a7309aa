"""Who may change the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed


def check_may_install(by: Actor) -> None:
    """The system administrator, or the installation itself."""
    if not (by.may("administer.system") or by.ref == "system"):
        raise NotAllowed(_("The catalogue is put in force by the system administrator only."), code="not_system")
