"""Who may read a notice: whoever it is addressed to, by account or by a post held now. Nobody else learns it exists."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere
from gezhi.modules.notices import queries


def no_account() -> Promise | str:
    """Why somebody without an account is refused."""
    return _("Only somebody with an account has notices.")


def check_may_read(by: Actor, notice: int) -> int:
    """The reader's account id. Raises NotAllowed (no account), NotThere (no such notice, or somebody else's)."""
    rows = queries.addressed_to(by)
    if rows is None or by.account_id is None:
        raise NotAllowed(no_account())
    if not rows.filter(id=notice).exists():
        raise NotThere(_("There is no such notice."))
    return by.account_id
