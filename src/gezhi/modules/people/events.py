"""Kinds of ledger entries this room writes. Subjects: `account:<id>`, `people`."""

from __future__ import annotations

INSTALLED = "people.installed"
ACCOUNT_CREATED = "account.created"
ACCOUNT_DEACTIVATED = "account.deactivated"
ACCOUNT_REACTIVATED = "account.reactivated"
PASSWORD_SET = "account.password_set"  # noqa: S105  (the kind of an entry, not a password)
ADMINISTRATION_CHANGED = "account.administration_changed"
CONTACT_CHANGED = "account.contact_changed"
PHOTO_CHANGED = "account.photo_changed"
CONTACTS_GIVEN = "people.contacts_given"
ORGANISATION_ADDED = "organisation.added"
TOKEN_CREATED = "token.created"  # noqa: S105  (the kind of an entry)
TOKEN_REVOKED = "token.revoked"  # noqa: S105
VIEW_SAVED = "view.saved"
VIEW_CHANGED = "view.changed"
VIEW_DELETED = "view.deleted"
