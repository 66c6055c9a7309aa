"""Photos: who may see one is decided by what it belongs to.

A case's: staff name the case (`?case=NUMBER`) and must be able to see it; residents get addresses signed for their own
case (`?of=SIGNATURE`), which stop working after a day. A portrait of the staff: everybody while its owner is shown to
the public, otherwise only those who manage accounts. Contents never change, so browsers may keep them: privately, or
for an hour by anybody where everybody may see them.
"""

from __future__ import annotations

from typing import cast

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Photo
from gezhi.lib.errors import NotThere
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import PhotoView
from gezhi.modules.files import queries as files
from gezhi.modules.people import contacts
from gezhi.modules.territory import publicity

SALT = "gezhi.picture"
DAY = 24 * 3600


def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The photo."""
    return _served(cast(Request, request), sha256, thumbnail=False)


def thumb(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Its thumbnail, at most 320 pixels."""
    return _served(cast(Request, request), sha256, thumbnail=True)


def public_photo(one: PhotoView, alt: str) -> Photo:
    """A picture for somebody who has shown the code of its case."""
    signature = signing.dumps(one.sha256, salt=SALT, compress=False)
    query = f"?of={signature}"
    return Photo(reverse("file", args=[one.sha256]) + query, reverse("thumb", args=[one.sha256]) + query, alt)


def _served(request: Request, sha256: str, *, thumbnail: bool) -> HttpResponseBase:
    public = not request.GET and publicity.shows_portrait(sha256, on=timezone.localdate())
    if not (public or _signed(request, sha256) or _of_a_case(request, sha256) or _managed(request, sha256)):
        raise NotThere(_("There is no such file."))
    etag = f'"{sha256[:32]}-{int(thumbnail)}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        stored = files.file_of(sha256)
        content = files.open_content(stored, thumbnail=thumbnail)
        response = FileResponse(content, content_type=stored.kind)
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=3600" if public else "private, max-age=86400"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def portrait(sha256: str) -> str:
    """The address of a portrait; opened by it as long as its owner is shown, and by those who manage accounts."""
    return reverse("thumb", args=[sha256])


def _managed(request: Request, sha256: str) -> bool:
    return request.actor.may("administer.system") and contacts.is_portrait(sha256)


def _signed(request: Request, sha256: str) -> bool:
    try:
        return bool(signing.loads(request.GET.get("of", ""), salt=SALT, max_age=DAY) == sha256)
    except signing.BadSignature:
        return False


def _of_a_case(request: Request, sha256: str) -> bool:
    number = asked.words(request.GET, "case", 24)
    if not number or request.actor.account_id is None:
        return False
    return cases.has_photo(request.actor, number, sha256)
