"""Addresses of the administrators' rooms, below /admin/. Who may open which: gezhi.config.access."""

from __future__ import annotations

from django.urls import URLPattern, path

from gezhi.interfaces.admin import (
    accounts,
    audit,
    calendar,
    catalogue,
    contacts,
    local_class,
    rights,
    switching,
    system,
)

urlpatterns: list[URLPattern] = [
    path("", accounts.home, name="admin_home"),
    path("accounts", accounts.accounts, name="admin_accounts"),
    path("accounts/new", accounts.new, name="admin_account_new"),
    path("accounts/<id:number>", accounts.account, name="admin_account"),
    path("accounts/<id:number>/deactivate", accounts.deactivate, name="admin_account_deactivate"),
    path("accounts/<id:number>/reactivate", accounts.reactivate, name="admin_account_reactivate"),
    path("accounts/<id:number>/password", accounts.password, name="admin_account_password"),
    path("accounts/<id:number>/contact", contacts.contact, name="admin_account_contact"),
    path("accounts/<id:number>/photo", contacts.photo, name="admin_account_photo"),
    path("accounts/<id:number>/appoint", rights.appoint, name="admin_appoint"),
    path("accounts/<id:number>/administration", rights.administration, name="admin_administration"),
    path("accounts/<id:number>/unlock", rights.unlock, name="admin_unlock"),
    path("accounts/<id:number>/second-factor", rights.second_factor, name="admin_reset_second_factor"),
    path("tenures/<id:number>/end", rights.end, name="admin_end_tenure"),
    path("administrators", rights.administrators, name="admin_administrators"),
    path("organisations", system.organisations, name="admin_organisations"),
    path("profile", system.profile, name="admin_profile"),
    path("catalogue", catalogue.catalogue, name="admin_catalogue"),
    path("catalogue/upload", catalogue.upload, name="admin_catalogue_upload"),
    path("catalogue/classes/new", local_class.new, name="admin_class_new"),
    path("catalogue/standards/<key:key>", catalogue.standard, name="admin_catalogue_standard"),
    path("catalogue/versions/<id:number>", catalogue.version, name="admin_catalogue_version"),
    path("catalogue/drafts/<id:number>", catalogue.draft, name="admin_catalogue_draft"),
    path("catalogue/drafts/<id:number>/adopt", catalogue.adopt, name="admin_catalogue_adopt"),
    path("catalogue/drafts/<id:number>/discard", catalogue.discard, name="admin_catalogue_discard"),
    path("calendar", calendar.calendar, name="admin_calendar"),
    path("calendar/set", calendar.set_day, name="admin_calendar_set"),
    path("calendar/clear", calendar.clear_day, name="admin_calendar_clear"),
    path("switches", switching.switches, name="admin_switches"),
    path("switches/<key:key>/ask", switching.ask, name="admin_switch_ask"),
    path("switches/<key:key>/off", switching.off, name="admin_switch_off"),
    path("switches/requests/<id:number>", switching.decide, name="admin_switch_decide"),
    path("retention", switching.keep, name="admin_retention"),
    path("ledger", audit.ledger, name="admin_ledger"),
    path("ledger/<key:subject>", audit.subject, name="admin_subject"),
    path("roots", audit.roots, name="admin_roots"),
    path("sign-ins", audit.logins, name="admin_logins"),
    path("reveals", audit.reveals, name="admin_reveals"),
]
