"""Adding a local class by a form: what a city sees and the standard does not name."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gezhi.interfaces.admin import parts
from gezhi.interfaces.web import asked, catalogue_parts, labels
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import FormScreen
from gezhi.interfaces.web.parts import Choice, Field, Form
from gezhi.lib.errors import BadInput, Refusal
from gezhi.lib.texts import said
from gezhi.modules.catalogue import operations, queries, wording
from gezhi.modules.catalogue.operations import LocalClass
from gezhi.modules.catalogue.queries import ConditionFact

NAMES = (
    "major",
    "name",
    "name_en",
    "filing",
    "filing_en",
    "closing",
    "closing_en",
    "amount",
    "unit",
    "unit_kind",
    "supervisor_kind",
    "grid",
    "basis",
)
_FIELD_OF = {"major_code": "major", "limit": "amount", "conditions": "filing", "kind": "major"}


def new(request: Request) -> HttpResponse:
    """The form, and what is done with it: a local class of one condition, in force at once."""
    if request.method != "POST":
        return _page(request, {}, None)
    given = {name: asked.words(request.POST, name, 2000) for name in NAMES}
    try:
        key = operations.add_local(new=_asked(given), by=request.actor, now=timezone.now())
    except Refusal as refusal:
        return _page(request, given, refusal)
    made = queries.in_force().by_key[key]
    told = {"code": made.code, "name": made.name}
    return parts.done(request, _("%(code)s %(name)s is in force.") % told, "desk_class", key)


def _asked(given: dict[str, str]) -> LocalClass:
    kind, _dash, major = given["major"].partition("-")
    if not given["filing"]:
        raise BadInput(_("Say when a matter of this class is filed."), field="filing")
    if not given["closing"]:
        raise BadInput(_("Say when it may be closed."), field="closing")
    texts = {
        name: {"zh": given[name]} | ({"en": given[f"{name}_en"]} if given[f"{name}_en"] else {})
        for name in ("filing", "closing")
    }
    limit = f"{given['amount']} {given['unit']}"
    return LocalClass(
        kind=kind,
        major_code=major,
        name=given["name"],
        name_en=given["name_en"],
        conditions=(ConditionFact("found", texts["filing"], texts["closing"], limit),),
        unit_kind=given["unit_kind"],
        supervisor_kind=given["supervisor_kind"],
        grid=given["grid"],
        basis=given["basis"],
    )


def _page(request: Request, given: dict[str, str], refusal: Refusal | None) -> HttpResponse:
    problems = {_FIELD_OF.get(name, name): sentence for name, sentence in parts.problems(refusal).items()}
    form = Form(
        "local",
        reverse("admin_class_new"),
        _("Add it"),
        _fields(given, problems),
        problem=refusal.sentence if refusal else "",
        cancel=parts.back("admin_catalogue", _("Cancel")),
    )
    screen = FormScreen(
        _("Add a local class"),
        _("A sub-class of your own beside those of the standard. Its code is given: the next one downward from 99."),
        form,
        parts.back("admin_catalogue", _("Back")),
        warning=_("It is in force at once, as a new version of the catalogue."),
    )
    return parts.form_page(request, screen, refusal.status if refusal else 200)


def _fields(given: dict[str, str], problems: dict[str, str]) -> tuple[Field, ...]:
    majors = {
        f"{one.kind}-{one.major_code}": Choice(
            f"{one.kind}-{one.major_code}",
            f"{one.major_code} {catalogue_parts.major(one)}",
            catalogue_parts.kind(one.kind),
        )
        for one in queries.in_force().classes
    }
    kinds = tuple(Choice(key, title) for key, title in catalogue_parts.organisation_kinds().items())
    units = tuple(Choice(key, said(words)) for key, words in wording.UNITS.items())
    grid = (Choice("report", _("Report")), Choice("handle", _("On the spot")))

    def field(name: str, label: str, kind: str = "text", required: bool = False, **more: object) -> Field:
        return Field(name, label, kind, given.get(name, ""), required, problem=problems.get(name, ""), **more)  # type: ignore[arg-type]  # literals and choices of this file

    listed = (
        field("major", _("Major class"), "choice", True, choices=tuple(majors.values())),
        field("name", _("Class name"), "text", True, maximum=120),
        field("name_en", _("Name in English"), maximum=200),
        field("filing", _("Filed when"), "words", True, maximum=2000),
        field("filing_en", _("Filed when, in English"), "words", maximum=2000),
        field("closing", _("Closed when"), "words", True, maximum=2000),
        field("closing_en", _("Closed when, in English"), "words", maximum=2000),
        field("amount", _("Limit"), "text", True, maximum=10),
        field("unit", _("Unit of the limit"), "choice", True, choices=units),
        field("unit_kind", _("Responsible unit"), "pick", True, choices=kinds),
        field("supervisor_kind", _("Supervising unit"), "pick", choices=kinds),
        field("grid", _("Grid worker"), "choice", choices=grid),
        field("basis", _("Basis"), "words", hint=_("The law or rule it rests on."), maximum=2000),
    )
    english = "en" in labels.profile().languages
    return tuple(one for one in listed if english or not one.name.endswith("_en"))
