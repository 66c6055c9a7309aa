"""Putting a profile in force. Scenario switches are in `scenarios`, retention in `retention`, persons in `vault`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput
from gezhi.modules.ledger import operations as ledger
from gezhi.modules.switches import events, policies, profiles, queries
from gezhi.modules.switches.models import ProfileInForce
from gezhi.modules.switches.profiles import Profile

_LOCK = 4_749_001  # any number, the same in every process


@transaction.atomic
def adopt(*, name: str | Path, by: Actor, now: datetime, data: Path | None = None) -> Profile:
    """Read the profile and put it in force; the one in force already is left alone, without an entry.

    `name` is a shipped profile's name or a folder, `data` the folder of outlines it borrows. Installing what it says
    (organisations, areas, procedures) is the caller's next step. Raises NotAllowed, BadInput (a profile that only
    others extend), profiles.ProfileProblems; nothing changes then.
    """
    policies.check_may_adopt(by)
    profile = queries.load(name, data or "")
    if profile.abstract:
        raise BadInput(_("This profile is only there for others to extend."), field="profile")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    newest = ProfileInForce.objects.order_by("-id").first()
    found_as, borrowed = _found_as(name, profile), str(data.resolve()) if data else ""
    wanted = (found_as, borrowed, profile.fingerprint)
    if newest is None or (newest.name, newest.data, newest.digest) != wanted:
        ProfileInForce.objects.create(
            name=found_as, data=borrowed, digest=profile.fingerprint, adopted_at=now, by=by.ref
        )
        body = {"name": profile.name, "digest": profile.fingerprint}
        ledger.append(subject="profile", kind=events.PROFILE_ADOPTED, by=by, now=now, body=body)
    queries.look_again()
    transaction.on_commit(queries.look_again)
    queries.remember(profile)
    return profile


def _found_as(name: str | Path, profile: Profile) -> str:
    """What every process finds the profile by, whatever folder it was started in."""
    if isinstance(name, str) and name in profiles.known(settings.GEZHI_PROFILE_PATHS):
        return name
    return str(profile.folder.resolve())
