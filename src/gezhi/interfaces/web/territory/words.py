"""Keys of territory put into words: layers, rules, states, fates, kinds of problems, compound types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.parts import Badge, Choice, Link, Tone
from gezhi.lib.texts import said, worded
from gezhi.modules.switches.profiles import Layer
from gezhi.modules.territory import queries as territory
from gezhi.modules.territory.queries import AreaFact


def layer(key: str) -> str:
    """A layer's name."""
    return next((said(one.title) for one in labels.profile().layers if one.key == key), key)


def layers() -> tuple[Layer, ...]:
    """The layers that somebody answers for, in the profile's order."""
    return tuple(one for one in labels.profile().layers if one.purpose == "duty")


def layer_choices(*, drawn: bool = False, blocks: bool = False) -> tuple[Choice, ...]:
    """Layers to choose from; `drawn`: only those made of areas; `blocks` too."""
    found = labels.profile().layers if blocks else layers()
    return tuple(Choice(one.key, said(one.title)) for one in found if not drawn or one.shape == "polygon")


def rule(one: Layer) -> str:
    """What a layer is made of and how its boundaries lie, in a sentence."""
    if one.purpose == "blocks":
        return _("Groups of houses with their households: what grids are made of.")
    if one.shape != "polygon":
        return _("A place on the map belongs to the nearest one within %(n)d metres.") % {"n": round(one.reach or 0)}
    other = {"other": layer(one.rule_layer)}
    sentences = {
        "same_as": _("Its boundaries are those of “%(other)s”.") % other,
        "within": _("Each lies inside one area of “%(other)s”.") % other,
        "unites": _("Each unites whole areas of “%(other)s”.") % other,
        "": _("Fills its parent without gaps.") if one.covers else _("Stands free inside its parent."),
    }
    return sentences[one.rule]


def area(fact: AreaFact) -> str:
    """An area's own name."""
    return (fact.name_en or fact.name) if labels.english() else fact.name


def area_link(fact: AreaFact) -> Link:
    """The way to an area."""
    return Link(area(fact), reverse("desk_area", args=[fact.id]))


def compound(key: str) -> str:
    """A compound type."""
    return said(labels.choices("compounds").get(key, key)) if key else ""


def plan_state(state: str, held_back: str = "") -> Badge:
    """Where a plan stands."""
    known: dict[str, tuple[str, Tone]] = {
        "draft": (_("Draft"), "info"),
        "scheduled": (_("Scheduled"), "progress"),
        "adopted": (_("In force"), "good"),
        "withdrawn": (_("Withdrawn"), "plain"),
    }
    label, tone = known.get(state, (state, "plain"))
    return Badge(_("Held back"), "bad") if held_back and state == "draft" else Badge(label, tone)


def held_back(code: str) -> str:
    """Why a plan whose day had come is a draft again."""
    return {
        "stale": _("Areas here were redrawn after this plan was begun. Begin a new one from what is in force."),
        "broken": _("The layer would not hold together. Mend what the list of problems names, and schedule it again."),
        "too_early": _("Another plan came into force here on the same day. Choose a later day."),
        "post_ahead": _("Somebody takes up a post over an area that is given up. End that post first."),
        "orphan": _("Something lies below an area that is given up. Give it a new place first."),
    }.get(code, _("It could not be put in force on its day. Please look at it again."))


def source(key: str) -> str:
    """Where a plan comes from."""
    return {
        "drawn": _("drawn by hand"), "file": _("from a file"), "run": _("from a districting run"),
        "one": _("layers made one"),
    }.get(key, key)  # fmt: skip


def run_state(state: str) -> Badge:
    """Where a run stands."""
    known: dict[str, tuple[str, Tone]] = {
        "queued": (_("Waiting"), "info"),
        "running": (_("Working"), "progress"),
        "done": (_("Done"), "good"),
        "failed": (_("Failed"), "bad"),
        "cancelled": (_("Cancelled"), "plain"),
    }
    label, tone = known.get(state, (state, "plain"))
    return Badge(label, tone)


def run_note(note: Mapping[str, Any]) -> str:
    """What came of one community in a run, in a sentence."""
    told = {"area": labels.area(int(note["area"])) or note["name"], "blocks": ", ".join(note.get("blocks", ()))}
    if note["kind"] == "left":
        reason = note["reason"]
        told["reason"] = worded(reason["sentence"], reason["params"])
        return _("%(area)s stays as it is. %(reason)s") % told
    if note["kind"] == "alone":
        return _("%(area)s: more live in %(blocks)s than a grid should have; each is a grid of its own.") % told
    if note["kind"] == "few":
        told["n"] = str(note["cases"])
        return (
            _("%(area)s: too few cases to spread them (%(n)s in the period), so only its households are even.") % told
        )
    if note["kind"] == "crossed":
        return _("%(area)s: no division keeps to rivers and railways; a grid lies on both sides of one.") % told
    return _("%(area)s: its workload cannot be spread evenly, so only its households are.") % told


def fate(key: str) -> Badge:
    """What becomes of an area."""
    known: dict[str, tuple[str, Tone]] = {
        "same": (_("unchanged"), "plain"),
        "redrawn": (_("redrawn"), "info"),
        "new": (_("new"), "progress"),
        "within": (_("goes into a larger one"), "info"),
        "split": (_("is divided"), "warn"),
        "gone": (_("is given up"), "bad"),
    }
    label, tone = known.get(key, (key, "plain"))
    return Badge(label, tone)


def problem(kind: str) -> Badge:
    """The kind of a problem in two words."""
    known = {
        "code_missing": _("no code"), "code_taken": _("code twice"), "code_digits": _("code length"),
        "code_parent": _("code and parent"), "parent_missing": _("no parent"), "name_missing": _("no name"),
        "outline_missing": _("no outline"), "unsound": _("outline unsound"), "not_polygon": _("not an area"),
        "not_line": _("not a line"), "not_point": _("not a point"), "pieces": _("several pieces"),
        "sliver": _("sliver"), "overlap": _("overlap"), "gap": _("gap"), "outside": _("outside its parent"),
        "astride": _("in two parents"), "not_same": _("boundary differs"), "not_within": _("crosses a boundary"),
        "cut": _("cuts a grid"),
    }  # fmt: skip
    return Badge(known.get(kind, kind), "bad")


def fix(key: str) -> str:
    """One of the six fixes."""
    return {
        "scope": _("Scope"), "people": _("Staff"), "content": _("Work"), "duty": _("Duty"),
        "standard": _("Standard"), "patrol": _("Patrol"),
    }.get(key, key)  # fmt: skip


def deviation(households: int, norm: int) -> Badge:
    """How far from the norm, in words and per cent; within 15 per cent is even."""
    share = round(100 * (households - norm) / norm) if norm else 0
    if abs(share) <= 15:
        return Badge(_("even"), "good")
    tone: Tone = "warn" if abs(share) <= 40 else "bad"
    return Badge(_("%(n)d %% more") % {"n": share} if share > 0 else _("%(n)d %% fewer") % {"n": -share}, tone)


def export_links(key: str, within: int | None = None) -> tuple[Link, ...]:
    """The files of a layer."""
    names = (("geojson", "GeoJSON"), ("gpkg", "GeoPackage"), ("shapefile", "Shapefile"))
    query = {"within": within} if within is not None else {}
    address = reverse("desk_territory_export")
    return tuple(
        Link(name, f"{address}?{urlencode({'layer': key, 'kind': kind, **query})}") for kind, name in names
    )  # fmt: skip


def scope_choices(levels: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """Areas of the first layer above the grids, to draw in; by street."""
    profile, snapshot = labels.profile(), territory.areas_in_force()
    keys = [one.key for one in profile.levels]
    above = keys[: keys.index(profile.grid_level)] if profile.grid_level in keys else keys
    first = snapshot.layers[0] if snapshot.layers else ""
    found = []
    for fact in sorted(snapshot.areas.values(), key=lambda a: a.code):
        if fact.layer == first and fact.level in (levels or above):
            parent = snapshot.areas.get(fact.parent or 0)
            group = area(parent) if parent and parent.parent is not None else _("Large areas")
            found.append(Choice(str(fact.id), area(fact), group, f"{fact.code} {fact.name_en}"))
    return tuple(found)
