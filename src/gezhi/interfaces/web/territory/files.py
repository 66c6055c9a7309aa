"""Areas out as files, and in from one: GeoJSON, GeoPackage, Shapefile."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gezhi.engines.geometry import FileProblem, read_file
from gezhi.engines.geometry.vector_files import MOST_BYTES, Kind, Read
from gezhi.interfaces.web import asked, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.pages import done, form_page
from gezhi.interfaces.web.pages import problems as told
from gezhi.interfaces.web.parts import Choice, Field, Form, Link
from gezhi.interfaces.web.territory import fields, words
from gezhi.interfaces.web.territory.whose import day
from gezhi.lib.errors import BadInput, Refusal, TooLarge
from gezhi.modules.territory import files

TYPES = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "shapefile": "application/zip",
}
SYSTEMS = ("CGCS2000", "WGS84", "GCJ-02", "BD-09")


def export(request: Request) -> HttpResponse:
    """`?layer=KEY&kind=geojson|gpkg|shapefile`, `&within=ID`, `&on=DAY`."""
    kind = asked.words(request.GET, "kind", 20) or "geojson"
    if kind not in TYPES:
        raise BadInput(_("Choose GeoJSON, GeoPackage or Shapefile."), field="kind")
    chosen: Kind = kind  # type: ignore[assignment]
    name, content = files.export(
        layer=asked.words(request.GET, "layer", 40),
        within=asked.whole(request.GET, "within"),
        kind=chosen,
        on=day(asked.words(request.GET, "on", 20), "on"),
    )
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def bring(request: Request) -> HttpResponse:
    """Send a file; it becomes a plan."""
    if request.method != "POST":
        return form_page(request, _screen(request.GET, None))
    try:
        number = files.begin_from_file(
            name=asked.words(request.POST, "name", 120),
            layer=asked.words(request.POST, "layer", 40),
            scope=asked.whole(request.POST, "scope") or 0,
            level=asked.words(request.POST, "level", 40) or labels.profile().grid_level or "",
            features=_read(request).features,
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return form_page(request, _screen(request.POST, refusal), refusal.status)
    sentence = _("The file is a plan now; nothing is in force yet. Look at its problems, then have it adopted.")
    return done(request, sentence, "desk_plan", number)


def _read(request: Request) -> Read:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise BadInput(_("Choose the file."), field="file")
    if (sent.size or 0) > MOST_BYTES:
        raise TooLarge(
            _("The file is larger than %(most)d MB. Export one district or one layer at a time.")
            % {"most": MOST_BYTES // 1_000_000}
        )
    crs = asked.words(request.POST, "crs", 40)
    crs = asked.words(request.POST, "epsg", 40) if crs == "other" else crs
    try:
        if isinstance(sent, TemporaryUploadedFile):
            return read_file(Path(sent.temporary_file_path()), sent.name or "", crs)
        with tempfile.NamedTemporaryFile(prefix="gezhi-sent-") as held:
            for chunk in sent.chunks():
                held.write(chunk)
            held.flush()
            return read_file(Path(held.name), sent.name or "", crs)
    except FileProblem as wrong:
        raise BadInput(files.said_of_file(wrong), field="file") from wrong


def _screen(given: Any, refusal: Refusal | None) -> FormScreen:
    wrong = dict(told(refusal))
    listed = [sentence for name, sentence in getattr(refusal, "problems", []) if name == "file"]
    if listed:
        wrong["file"] = " ".join(listed)
    said_so, code = Choice("", _("what the file says")), Choice("other", _("an EPSG code"))
    systems = (said_so, *(Choice(name, name) for name in SYSTEMS), code)
    hint = _("GeoJSON, GeoPackage, or a Shapefile in a .zip, up to 200 MB, with a column for code and name.")
    datum = _("Files drawn on the maps of Amap or Tencent are in GCJ-02, those of Baidu in BD-09: say so here.")
    kinds, system = ".geojson,.json,.gpkg,.zip", given.get("crs", "")
    made = (
        Field("file", _("File"), "file", "", True, hint, wrong.get("file", ""), kinds),
        fields.name(given, wrong),
        fields.scope(given, wrong),
        fields.layer(given, wrong, words.layer_choices(blocks=True)),
        fields.level(given, wrong, _("Level of areas that do not say theirs"), outlined=False),
        Field("crs", _("Coordinate system"), "choice", system, False, datum, wrong.get("crs", ""), choices=systems),
        Field("epsg", _("EPSG code"), "text", given.get("epsg", ""), placeholder="4547", maximum=20),
    )
    form = Form("import", reverse("desk_territory_import"), _("Send"), made, refusal.sentence if refusal else "")
    about = _("What comes in becomes a plan beside what is in force. A file that cannot be right is refused whole.")
    return FormScreen(_("Import areas"), about, form, Link(_("Grids"), reverse("desk_territory")))
