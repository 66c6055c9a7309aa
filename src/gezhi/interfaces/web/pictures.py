"""Photos: who may see one is decided by the case it belongs to.

Staff name the case (`?case=NUMBER`) and must be able to see it; residents get addresses signed for their own case
(`?of=SIGNATURE`), which stop working after a day. Contents never change, so browsers may keep them, privately.
"""

from __future__ import annotations

from typing import cast

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import asked
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.parts import Photo
from gezhi.lib.errors import NotThere
from gezhi.modules.cases import queries as cases
from gezhi.modules.cases.queries import PhotoView
from gezhi.modules.files import queries as files

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
    if not (_signed(request, sha256) or _of_a_case(request, sha256)):
        raise NotThere(_("There is no such file."))
    etag = f'"{sha256[:32]}-{int(thumbnail)}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        stored = files.file_of(sha256)
        content = files.open_content(stored, thumbnail=thumbnail)
        response = FileResponse(content, content_type=stored.kind)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=86400"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


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
