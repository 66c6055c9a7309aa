"""Which column of a file is which part of a case: a map that names several headings for a field, fitted to a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gezhi.interfaces.jobs.importing_guard import TableProblem
from gezhi.modules.switches.profiles import ImportMap, PlaceSource, Source

PLACE = ("lon", "lat", "area_code", "area_name")
_SHOWN = 4  # headings that a sentence lists for a field
WORDS = {
    "source_id": gettext_lazy("Order number"),
    "reported_at": gettext_lazy("Time of the report"),
    "words": gettext_lazy("Description"),
    "class": gettext_lazy("Class"),
    "source_class": gettext_lazy("Class at the source"),
    "channel": gettext_lazy("Channel"),
    "address": gettext_lazy("Address"),
    "place": gettext_lazy("Place"),
    "lon": gettext_lazy("Longitude"),
    "lat": gettext_lazy("Latitude"),
    "area_code": gettext_lazy("Code of the area"),
    "area_name": gettext_lazy("Name of the area"),
    "unit": gettext_lazy("Unit"),
    "name": gettext_lazy("Reporter's name"),
    "phone": gettext_lazy("Reporter's phone"),
    "closed_at": gettext_lazy("Closed at"),
}


def field_words(name: str) -> str:
    """A field's name for people; the whole row for ""."""
    return str(WORDS.get(name, name)) if name else _("the whole row")


def sources_of(plan: ImportMap) -> dict[str, Source]:
    """Every source of a map by field; those of the place and the reporter by their own names."""
    place = plan.place
    parts = {n: getattr(place, n) for n in PLACE} if place else {}
    return {**plan.fields, **{n: s for n, s in parts.items() if s is not None}, **plan.reporter}


def fitted(plan: ImportMap, headings: Sequence[str]) -> ImportMap:
    """The map for a file with these headings: where it names several for a field, the first one that is there; a field
    that may be missing goes. Raises TableProblem with every field that must not."""
    missing: list[str] = []

    def chosen(name: str, source: Source) -> Source | None:
        if not source.among:
            return source
        found = next((one for one in source.among if one in headings), None)
        if found is not None:
            return replace(source, columns=(found,), among=())
        if not source.optional:
            missing.append(f"{field_words(name)} ({', '.join(source.among[:_SHOWN])})")
        return None

    def of(sources: Mapping[str, Source]) -> dict[str, Source]:
        kept = {name: chosen(name, source) for name, source in sources.items()}
        return {name: source for name, source in kept.items() if source is not None}

    fields, reporter = of(plan.fields), of(plan.reporter)
    place = _place(plan.place, of({n: s for n in PLACE if (s := getattr(plan.place, n, None)) is not None}))
    if missing:
        told = {"missing": "; ".join(missing), "have": ", ".join(f"“{name[:40]}”" for name in headings[:30])}
        raise TableProblem(_("The file has no column for: %(missing)s. Its columns: %(have)s.") % told)
    return replace(plan, fields=fields, reporter=reporter, place=place)


def _place(plan: PlaceSource | None, kept: Mapping[str, Source]) -> PlaceSource | None:
    """A place needs both coordinates, or an area."""
    if plan is None:
        return None
    pointed = {"lon", "lat"} <= kept.keys()
    if not pointed and not {"area_code", "area_name"} & kept.keys():
        return None
    return replace(
        plan,
        lon=kept["lon"] if pointed else None,
        lat=kept["lat"] if pointed else None,
        area_code=kept.get("area_code"),
        area_name=kept.get("area_name"),
    )


def recognised(plan: ImportMap, headings: Sequence[str]) -> list[tuple[str, str]]:
    """(heading, field) for every column of a file, "" for one that is not used. `plan` fits the file."""
    field_of = {column: name for name, source in sources_of(plan).items() for column in source.columns}
    return [(heading, field_of.get(heading, "")) for heading in headings if heading]
