"""Where each kind of person can go: (name of the address, label, icon) of the main navigation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gezhi.lib.actor import Actor
from gezhi.modules.cases import queries as cases

Door = tuple[str, str, str]


def public() -> list[Door]:
    """Everybody."""
    return [
        ("portal_home", _("Home page"), "home"),
        ("portal_report", _("Report a problem"), "camera"),
        ("portal_grids", _("My grid"), "map"),
        ("portal_follow", _("Follow a report"), "search"),
    ]


def desk(actor: Actor) -> list[Door]:
    """People who work on cases; some of them report."""
    found = [("desk", _("To do"), "inbox"), ("desk_cases", _("All cases"), "list")]
    if actor.may("case.report"):
        found.append(("desk_report", _("New case"), "plus"))
    if actor.may("case.report") and actor.may("person.reveal"):
        found.append(("desk_call", _("Telephone"), "phone"))
    if actor.may("desk.lead") and cases.beginnings(actor):
        found.append(("desk_begins", _("Whistle"), "megaphone"))
    found.append(("desk_territory", _("Grids"), "map"))
    found.append(("desk_catalogue", _("Catalogue"), "book"))
    if actor.may("meeting.see") or actor.may("campaign.see") or actor.may("figures.see"):
        found.append(("desk_command", _("Command centre"), "megaphone"))
    return [*found, ("desk_notices", _("Notices"), "bell")]


def administrators(actor: Actor) -> list[Door]:
    """Each of the three administrators: their own rooms, nobody else's."""
    if actor.may("administer.system"):
        return [
            ("admin_accounts", _("Accounts"), "users"),
            ("admin_organisations", _("Organisations"), "building"),
            ("admin_catalogue", _("Catalogue"), "list"),
            ("admin_calendar", _("Working calendar"), "calendar"),
            ("admin_profile", _("Profile and health"), "book"),
            ("admin_switches", _("Scenario switches"), "lock"),
        ]
    if actor.may("administer.security"):
        return [
            ("admin_accounts", _("Posts and rights"), "users"),
            ("admin_administrators", _("Administrators"), "shield"),
            ("admin_switches", _("Scenario switches"), "lock"),
            ("admin_retention", _("Retention"), "clock"),
        ]
    if actor.may("administer.audit"):
        return [
            ("admin_ledger", _("Ledger"), "chain"),
            ("admin_roots", _("Signed roots"), "shield"),
            ("admin_logins", _("Sign-ins"), "key"),
            ("admin_reveals", _("Personal data seen"), "eye"),
        ]
    return []
