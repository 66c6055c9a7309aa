"""Who may open what: every address of the product by name, on one page. What is not in it is closed to everybody.

A rule says who gets past the door; which cases somebody sees behind it, and what they may do there, is decided by the
rooms. `tests/architecture/test_access.py` walks every address with every role and holds this table to what happens.
"""

from __future__ import annotations

from collections.abc import Mapping

from gezhi.lib.actor import Actor

PUBLIC = "public"  # everybody, signed in or not
SIGNED_IN = "signed in"  # any account
DESK = "desk"  # whoever works on cases: a post with a `case.see…` capability
REPORT = "case.report"  # posts that report: grid workers, acceptors
CALLS = "calls"  # posts that report and may see who reported: they take telephone calls, and the hotline's files
DRAW = "territory.draw"  # grid planners
ADOPT = "territory.adopt"  # the head of the centre, district leaders
CATALOGUE = "catalogue"  # whoever works on cases, and the system administrator, who changes it
MEETINGS, CHAIR = "meeting.see", "meeting.lead"
CAMPAIGNS, LEAD = "campaign.see", "campaign.lead"
FIGURES = "figures.see"
SPOTS = "spots"  # whoever sees figures, and those who are warned: who dispatch, who lead
COMMAND = "command"  # whoever has anything to do in the command centre: meetings, campaigns, figures
SYSTEM = "administer.system"
SECURITY = "administer.security"
AUDIT = "administer.audit"
ADMINISTRATOR = "administrator"  # any of the three
ACCOUNTS = "accounts"  # system and security administrators; the rooms say who of them may do what to which account
NOBODY = "nobody"  # an address another package insists on, closed
OWN = "own"  # the address decides itself: /metrics by its token or where the request comes from
CALLER = "caller"  # a program by its key or a person by their session, told apart by the API itself; nobody else: 401

TABLE: Mapping[str, str] = {
    # the public
    "portal_home": PUBLIC,
    "portal_report": PUBLIC,
    "portal_typed": PUBLIC,
    "portal_receipt": PUBLIC,
    "portal_follow": PUBLIC,
    "portal_rate": PUBLIC,
    "portal_grids": PUBLIC,
    "portal_grid": PUBLIC,
    "portal_grid_poster": PUBLIC,
    "portal_grid_card": PUBLIC,
    "portal_about": PUBLIC,
    "portal_complaints": PUBLIC,
    "map_areas": PUBLIC,
    "file": PUBLIC,  # decided by what the file belongs to, see interfaces.web.pictures
    "thumb": PUBLIC,
    "set_language": PUBLIC,
    "healthz": PUBLIC,
    "metrics": OWN,
    # signing in and out
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": NOBODY,
    "account_reauthenticate": SIGNED_IN,
    "own_password": SIGNED_IN,
    "own_keys": SIGNED_IN,
    "own_key_withdraw": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,  # the second half of signing in: nobody is signed in yet
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # the desk
    "desk": SIGNED_IN,  # sends everybody to where their work is
    "desk_queue": DESK,
    "desk_cases": DESK,
    "desk_queue_nav": DESK,
    "desk_list_file": DESK,
    "desk_bulk": DESK,
    "desk_views": DESK,
    "desk_view_new": DESK,
    "desk_view": DESK,
    "desk_view_delete": DESK,
    "desk_ways": SIGNED_IN,
    "desk_find": DESK,
    "desk_map_cases": DESK,
    "desk_report": REPORT,
    "desk_call": CALLS,
    "desk_call_earlier": CALLS,
    "desk_imports": CALLS,
    "desk_import": CALLS,
    "desk_import_state": CALLS,
    "desk_import_take": CALLS,
    "desk_import_cancel": CALLS,
    "desk_import_rejects": CALLS,
    "desk_begins": DESK,
    "desk_begin": DESK,
    "desk_case": DESK,
    "desk_beside": DESK,
    "desk_trace": DESK,
    "desk_trace_json": DESK,
    "desk_move": DESK,
    "desk_reveal": DESK,
    "desk_proof": DESK,
    "desk_condition": DESK,
    "desk_area": DESK,
    "desk_area_cards": DESK,
    # territory at the desk: everybody looks, planners draw, those who adopt adopt
    "desk_area_fixes": DRAW,
    "desk_territory": DESK,
    "desk_problems": DESK,
    "desk_problem_shape": DESK,
    "desk_vacancies": DESK,
    "desk_whose": DESK,
    "desk_layer_shapes": DESK,
    "desk_territory_export": DESK,
    "desk_territory_import": DRAW,
    "desk_oneness": DESK,
    "desk_oneness_shapes": DESK,
    "desk_plan_new": DRAW,
    "desk_plan": DESK,
    "desk_plan_areas": DESK,
    "desk_plan_problem": DESK,
    "desk_plan_side": DESK,
    "desk_plan_edit": DRAW,
    "desk_plan_adopt": ADOPT,
    "desk_plan_withdraw": DESK,  # whoever draws or adopts; the room says who
    "desk_run_new": DRAW,
    "desk_run": DESK,
    "desk_run_state": DESK,
    "desk_run_shapes": DESK,
    "desk_run_cancel": DRAW,
    "desk_run_plan": DRAW,
    "desk_notices": SIGNED_IN,
    "desk_notices_read": SIGNED_IN,
    "unread": SIGNED_IN,
    # the catalogue
    "desk_catalogue": CATALOGUE,
    "desk_catalogue_file": CATALOGUE,
    "desk_class": CATALOGUE,
    "desk_catalogue_list": CATALOGUE,
    "desk_catalogue_list_file": CATALOGUE,
    "desk_crosswalk": CATALOGUE,
    "desk_catalogue_versions": CATALOGUE,
    "desk_catalogue_changes": CATALOGUE,
    # the command centre
    "desk_command": COMMAND,
    "desk_meetings": MEETINGS,
    "desk_meeting": MEETINGS,
    "desk_meeting_paper": MEETINGS,
    "desk_meeting_new": CHAIR,
    "desk_meeting_prepare": CHAIR,
    "desk_meeting_do": CHAIR,
    "desk_meeting_point": CHAIR,
    "desk_campaigns": CAMPAIGNS,
    "desk_campaign": CAMPAIGNS,
    "desk_campaign_paper": CAMPAIGNS,
    "desk_campaign_new": LEAD,
    "desk_campaign_change": LEAD,
    "desk_campaign_do": LEAD,
    "desk_bulletin": FIGURES,
    "desk_bulletin_paper": FIGURES,
    "desk_follow_up": FIGURES,
    "desk_follow_up_file": FIGURES,
    # what is suggested
    "desk_spots": SPOTS,
    "desk_spots_points": SPOTS,
    "desk_spot_warning": SPOTS,
    "desk_models": FIGURES,
    "desk_typed": DESK,
    "desk_likely": DESK,
    "desk_reply_hints": DESK,
    "desk_draft_ask": DESK,
    "desk_draft": DESK,
    # the system administrator
    "admin_home": ADMINISTRATOR,
    "admin_accounts": ACCOUNTS,
    "admin_account": ACCOUNTS,
    "admin_account_new": SYSTEM,
    "admin_account_deactivate": ACCOUNTS,
    "admin_account_reactivate": ACCOUNTS,
    "admin_account_password": ACCOUNTS,
    "admin_account_contact": SYSTEM,
    "admin_account_photo": SYSTEM,
    "admin_organisations": SYSTEM,
    "admin_profile": SYSTEM,
    "admin_catalogue": SYSTEM,
    "admin_catalogue_upload": SYSTEM,
    "admin_catalogue_standard": SYSTEM,
    "admin_catalogue_version": SYSTEM,
    "admin_catalogue_draft": SYSTEM,
    "admin_catalogue_adopt": SYSTEM,
    "admin_catalogue_discard": SYSTEM,
    "admin_class_new": SYSTEM,
    "admin_calendar": SYSTEM,
    "admin_calendar_set": SYSTEM,
    "admin_calendar_clear": SYSTEM,
    "admin_switch_ask": SYSTEM,
    # the security administrator
    "admin_appoint": SECURITY,
    "admin_end_tenure": SECURITY,
    "admin_administration": SECURITY,
    "admin_administrators": SECURITY,
    "admin_unlock": SECURITY,
    "admin_reset_second_factor": SECURITY,
    "admin_switches": ACCOUNTS,
    "admin_switch_decide": SECURITY,
    "admin_switch_off": ACCOUNTS,
    "admin_retention": SECURITY,
    # the audit administrator
    "admin_ledger": AUDIT,
    "admin_subject": AUDIT,
    "admin_roots": AUDIT,
    "admin_logins": AUDIT,
    "admin_reveals": AUDIT,
    # the API
    "api-v1:openapi-json": PUBLIC,
    "api-v1:api-root": PUBLIC,
    "api-v1:healthz": PUBLIC,
    "api-v1:report": PUBLIC,
    "api-v1:photos": PUBLIC,
    "api-v1:report_status": PUBLIC,
    "api-v1:report_move": PUBLIC,
    "api-v1:classes": PUBLIC,
    "api-v1:areas": PUBLIC,
    "api-v1:locate": PUBLIC,
    "api-v1:units": CALLER,
    "api-v1:queues": CALLER,
    "api-v1:cases": CALLER,
    "api-v1:case": CALLER,
    "api-v1:case_move": CALLER,
    "api-v1:keys": CALLER,
    "api-v1:key_new": CALLER,
    "api-v1:key": CALLER,
}

# Whoever must first do something (enrol a second factor, change a given password) may still reach these.
BEFORE_ALL = frozenset(
    {
        "own_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "unread",
    }
)


def rule_of(name: str) -> str:
    """The rule of an address by its (namespaced) name; NOBODY for one that is not in the table."""
    return TABLE.get(name, NOBODY)


def may(actor: Actor, rule: str) -> bool:
    """Does the rule let this actor through the door?"""
    if rule in {PUBLIC, OWN, CALLER}:
        return True
    if actor.account_id is None or rule == NOBODY:
        return False
    if rule in {DESK, CATALOGUE} and any(right.startswith("case.see") for right in actor.capabilities):
        return True
    if rule == CALLS:
        return actor.may(REPORT) and actor.may("person.reveal")
    enough = {
        ADMINISTRATOR: (SYSTEM, SECURITY, AUDIT),
        ACCOUNTS: (SYSTEM, SECURITY),
        CATALOGUE: (SYSTEM,),
        SPOTS: (FIGURES, "desk.dispatch", "desk.lead"),
        COMMAND: (MEETINGS, CAMPAIGNS, FIGURES),
    }.get(rule, (rule,))
    return rule == SIGNED_IN or any(actor.may(one) for one in enough)
