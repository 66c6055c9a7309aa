"""Who may turn switches, keep to or change retention, and see personal values. The whole table:

| act                                   | who                                                                |
|---------------------------------------|--------------------------------------------------------------------|
| adopt a profile                       | system administrator, the product itself                           |
| change the working calendar           | system administrator, the product itself                           |
| ask for a scenario switch             | capability `switch.ask`, system administrator                      |
| approve or refuse it                  | capability `switch.approve`, security administrator; never the asker |
| turn it off                           | any of the above: off is always safe                               |
| set retention                         | security administrator, the product itself                         |
| see masked values                     | capability `case.see` or one below it, such as `case.see.unit`     |
| reveal a value                        | capability `person.reveal`, with a reason, logged                  |
| forget a person                       | capability `person.forget`, the person, the product itself         |
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed

_PRODUCT = frozenset({"system", "clock"})


def check_may_adopt(by: Actor) -> None:
    """Raises NotAllowed."""
    if not (by.ref == "system" or by.may("administer.system")):
        raise NotAllowed(_("Only the system administrator adopts a profile."))


def check_may_change_calendar(by: Actor) -> None:
    """Raises NotAllowed."""
    if not (by.ref == "system" or by.may("administer.system")):
        raise NotAllowed(_("Only the system administrator changes the working calendar."))


def check_may_ask(by: Actor) -> int:
    """The asker's account id. Raises NotAllowed."""
    if by.account_id is None or not (by.may("switch.ask") or by.may("administer.system")):
        raise NotAllowed(_("You may not ask for a scenario switch."))
    return by.account_id


def check_may_approve(by: Actor, asked_by: int) -> int:
    """The approver's account id. Raises NotAllowed."""
    if by.account_id is None or not (by.may("switch.approve") or by.may("administer.security")):
        raise NotAllowed(_("You may not decide on scenario switches."))
    if by.account_id == asked_by:
        raise NotAllowed(_("Whoever asked for a switch cannot decide on it; another person must."))
    return by.account_id


def check_may_turn_off(by: Actor) -> None:
    """Raises NotAllowed."""
    rights = ("switch.ask", "switch.approve", "administer.system", "administer.security")
    if by.ref not in _PRODUCT and not any(by.may(right) for right in rights):
        raise NotAllowed(_("You may not turn scenario switches off."))


def check_may_set_retention(by: Actor) -> None:
    """Raises NotAllowed."""
    if not (by.ref == "system" or by.may("administer.security")):
        raise NotAllowed(_("Only the security administrator sets how long things are kept."))


def check_may_see_masked(by: Actor) -> None:
    """Raises NotAllowed."""
    if not any(right == "case.see" or right.startswith("case.see.") for right in by.capabilities):
        raise NotAllowed(_("You may not see who reported this."))


def check_may_reveal(by: Actor) -> None:
    """Raises NotAllowed."""
    if not by.may("person.reveal"):
        raise NotAllowed(_("You may not reveal personal data."))


def check_may_forget(by: Actor, person: UUID) -> None:
    """Raises NotAllowed."""
    if not (by.ref in _PRODUCT or by.ref == f"reporter:{person}" or by.may("person.forget")):
        raise NotAllowed(_("You may not delete personal data."))
