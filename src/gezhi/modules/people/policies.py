"""Who may do what with accounts. The whole table:

| act                                        | who                                            |
|--------------------------------------------|------------------------------------------------|
| install organisations and posts            | system administrator, the product itself       |
| create an account                          | system administrator, the product itself       |
| deactivate, reactivate, set its password   | system administrator, the product itself       |
| its duty phone, note and photo             | system administrator, the product itself       |
| the same for an administrator's account    | security administrator, the product itself     |
| set one's own password                     | everybody with an account                      |
| name or dismiss an administrator           | security administrator (never of oneself), the product itself |
| make a key to the API                      | everybody for their own account, the product itself |
| withdraw one                               | its account, system administrator, the product itself |
| save a view of a list, share it            | everybody with an account; with an organisation they hold a post in |
| rename, share or delete a view             | whose it is                                    |
| hold a post                                | everybody with an active account who is no administrator |
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere, WrongState
from gezhi.modules.people.models import Account, Administration, SavedView


def _is_product(by: Actor) -> bool:
    return by.ref == "system"


def check_may_manage_accounts(by: Actor) -> None:
    """Accounts, organisations and posts. Raises NotAllowed."""
    if not (_is_product(by) or by.may("administer.system")):
        raise NotAllowed(_("Only the system administrator manages accounts and organisations."))


def check_may_manage(by: Actor, account: Account) -> None:
    """This account. A system administrator who could set another administrator's password could do their work.

    Raises NotAllowed.
    """
    if not account.administration:
        check_may_manage_accounts(by)
    elif not (_is_product(by) or by.may("administer.security")):
        raise NotAllowed(_("Only the security administrator manages the accounts of administrators."))


def check_may_set_password(by: Actor, account: Account) -> None:
    """One's own, or one's to manage. Raises NotAllowed."""
    if by.account_id != account.id:
        check_may_manage(by, account)


def check_may_make_token(by: Actor, account_id: int) -> None:
    """Nobody makes a key to somebody else's account. Raises NotAllowed."""
    if not _is_product(by) and by.account_id != account_id:
        raise NotAllowed(_("A key to the API is made by the account that uses it."))


def check_may_revoke_token(by: Actor, account_id: int) -> None:
    """Raises NotThere for other people's keys."""
    if not _is_product(by) and by.account_id != account_id and not by.may("administer.system"):
        raise NotThere(_("There is no such key."))


def check_may_save_views(by: Actor, organisation: int | None) -> int:
    """Everybody for themselves and their own organisations; the account. Raises NotAllowed."""
    if by.account_id is None:
        raise NotAllowed(_("Views are saved by people with an account."))
    if organisation is not None and organisation not in by.organisations():
        raise NotAllowed(_("A view is shared with an organisation you hold a post in."))
    return by.account_id


def check_may_change_view(by: Actor, view: SavedView) -> None:
    """A shared view is its owner's. Raises NotAllowed."""
    if view.account_id != by.account_id:
        raise NotAllowed(_("Only the person who saved this view can change or delete it."))


def check_may_change_administration(by: Actor, account_id: int) -> None:
    """Never of oneself. Raises NotAllowed."""
    if not (_is_product(by) or by.may("administer.security")):
        raise NotAllowed(_("Only the security administrator names administrators."))
    if by.account_id == account_id:
        raise NotAllowed(_("Nobody changes their own administration; ask another security administrator."))


def check_may_hold_post(account_id: int) -> None:
    """For the operation that gives somebody a post. Locks the account, so call it inside that transaction.

    Raises NotThere (no such account), WrongState (inactive, or an administrator).
    """
    locked = Account.objects.select_for_update().filter(id=account_id).first()
    if locked is None:
        raise NotThere(_("There is no such account."))
    if not locked.active:
        raise WrongState(_("This account is inactive and cannot hold a post."))
    if locked.administration:
        raise WrongState(_("An administrator cannot hold a business post."))


def check_last_security(account: Account) -> None:
    """Somebody must stay who can name administrators. Raises WrongState.

    Locks all of them in order of id, so two dismissals at once cannot both pass.
    """
    if account.administration != Administration.SECURITY:
        return
    rows = Account.objects.select_for_update().filter(administration=Administration.SECURITY, active=True)
    if not [row for row in rows.order_by("id") if row.id != account.id]:
        raise WrongState(_("This is the last security administrator; name another one first."))
