"""The words of a text message to a case's reporter, as the profile has them; copied and sent by hand, no gateway here.

They hold the case's number, the address at which it is followed and the code that opens it: no personal value.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from gezhi.modules.cases.queries import CaseView
from gezhi.modules.switches import queries as switches


def text(view: CaseView, key: str) -> str:
    """The profile's text of this key, in the profile's own language, its gaps filled; "" where there is none."""
    profile = switches.profile()
    found = profile.texts.get(key, {})
    words = found.get(profile.language.split("-")[0]) or next(iter(found.values()), "")
    row = view.row
    query = urlencode({"code": row.query_code, "number": row.number})
    link = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('portal_follow')}?{query}"
    for gap, value in (("number", row.number), ("link", link), ("code", row.query_code)):
        words = words.replace(f"{{{gap}}}", value)
    return words
