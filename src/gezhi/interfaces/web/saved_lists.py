"""Saved views: a list with its filters under a name, one's own or shared with one's organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gezhi.interfaces.web import asked, labels, list_filters
from gezhi.interfaces.web.asked import Request
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, TableRow
from gezhi.interfaces.web.lists import view_address
from gezhi.interfaces.web.parts import Badge, Choice, Field, Form, Link
from gezhi.lib.errors import BadInput, Refusal
from gezhi.lib.texts import said
from gezhi.modules.cases import queries as cases
from gezhi.modules.people import saved_views
from gezhi.modules.people.saved_views import ViewOnList

OWN = "own"  # seen by oneself only


def views(request: Request) -> HttpResponse:
    """One's own views, to be renamed, shared and deleted; those that colleagues share."""
    screen = ListScreen(
        title=_("Saved views"),
        about=_("A list with its filters under a name. Filter a list, then save it; colleagues see what you share."),
        columns=(_("View"), _("List"), _("Filters"), _("Seen by"), _("Saved by")),
        rows=tuple(_row(request, one) for one in saved_views.of(request.actor)),
        empty=_("No view is saved yet. Filter a list and press “Save as a view”."),
        actions=(Link(_("All cases"), reverse("desk_cases"), icon="list"),),
    )
    return render(request, "generic/list.html", {"screen": screen})


def new(request: Request) -> HttpResponse:
    """GET: ask for a name. POST: save the list and its filters under it."""
    query = request.POST if request.method == "POST" else request.GET
    queue, given = asked.words(query, "queue", 80), list_filters.given_in(query)
    carried = tuple(Field(name, "", "hidden", value) for name, value in {"queue": queue, **given}.items())
    about = _words(request, queue, given)
    back = Link(_("Back to the list"), list_filters.address(queue or None, given), icon="back")
    if request.method != "POST":
        form = _form(request, reverse("desk_view_new"), carried, "", OWN, None)
        return _page(request, _("Save as a view"), about, form, back)
    name = asked.words(request.POST, "name", 100)
    try:
        made = saved_views.save(
            name=name,
            queue=queue,
            filters=given,
            organisation=_organisation(request),
            by=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        shared = asked.words(request.POST, "organisation", 20)
        form = _form(request, reverse("desk_view_new"), carried, name, shared, refusal)
        return _page(request, _("Save as a view"), about, form, back, refusal)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": made.name})
    return redirect(view_address(made))


def view(request: Request, number: int) -> HttpResponse:
    """GET: name and sharing of a view of one's own. POST: change them."""
    one = saved_views.one(request.actor, number)
    action, back = reverse("desk_view", args=[number]), Link(_("Saved views"), reverse("desk_views"), icon="back")
    about = _words(request, one.queue, dict(one.filters))
    if request.method != "POST":
        shared = str(one.organisation) if one.organisation is not None else OWN
        return _page(request, one.name, about, _form(request, action, (), one.name, shared, None), back)
    name = asked.words(request.POST, "name", 100)
    try:
        saved_views.change(
            view_id=number, name=name, organisation=_organisation(request), by=request.actor, now=timezone.now()
        )
    except BadInput as refusal:
        shared = asked.words(request.POST, "organisation", 20)
        form = _form(request, action, (), name, shared, refusal)
        return _page(request, one.name, about, form, back, refusal)
    messages.success(request, _("The view is changed."))
    return redirect("desk_views")


@require_POST
def delete(request: Request, number: int) -> HttpResponse:
    """The view is gone, for everybody who saw it."""
    saved_views.delete(view_id=number, by=request.actor, now=timezone.now())
    messages.success(request, _("The view is deleted."))
    return redirect("desk_views")


def _organisation(request: Request) -> int | None:
    """With whom it is shared. Raises BadInput."""
    return None if request.POST.get("organisation", OWN) == OWN else asked.whole(request.POST, "organisation")


def _page(
    request: Request, title: str, about: str, form: Form, back: Link, refusal: Refusal | None = None
) -> HttpResponse:
    screen = FormScreen(title=title, about=about, form=form, back=back)
    return render(request, "generic/form.html", {"screen": screen}, status=refusal.status if refusal else 200)


def _form(
    request: Request,
    action: str,
    carried: tuple[Field, ...],
    name: str,
    organisation: str,
    refusal: Refusal | None,
) -> Form:
    told = dict(getattr(refusal, "problems", ())) if refusal else {}
    mine = sorted(request.actor.organisations())
    seen = (
        Choice(OWN, _("Only me")),
        *(Choice(str(o), _("Everybody of %(unit)s") % {"unit": labels.unit(o)}) for o in mine),
    )
    fields = [
        *carried,
        Field("name", _("Name of the view"), "text", name, True, maximum=40, problem=told.get("name", "")),
    ]
    if mine:
        fields.append(Field("organisation", _("Seen by"), "choice", organisation or OWN, True, choices=seen))
    return Form("view", action, _("Save"), tuple(fields), refusal.sentence if refusal else "")


def _row(request: Request, one: ViewOnList) -> TableRow:
    seen = Badge(labels.unit(one.organisation), "info") if one.organisation is not None else Badge(_("Only me"))
    cells = (
        Cell(one.name, view_address(one)),
        Cell(_queue_title(request, one.queue)),
        Cell("、".join(list_filters.shown(name, value) for name, value in one.filters.items()) or _("None")),
        Cell(badge=seen),
        Cell(_("You") if one.mine else one.owner),
    )
    if not one.mine:
        return TableRow(cells)
    change = Form(
        f"change-{one.id}", reverse("desk_view", args=[one.id]), _("Rename or share"), method="get", tone="plain"
    )
    gone = Form(f"delete-{one.id}", reverse("desk_view_delete", args=[one.id]), _("Delete"), tone="bad")
    return TableRow(cells, (change, gone))


def _queue_title(request: Request, queue: str) -> str:
    if not queue:
        return _("All cases")
    mine = cases.queues(request.actor, now=timezone.now())
    return next((said(one.title) for one in mine if one.key == queue), _("A queue of somebody else"))


def _words(request: Request, queue: str, given: dict[str, str]) -> str:
    """List and filters in words."""
    filters = "、".join(list_filters.shown(name, value) for name, value in given.items())
    return f"{_queue_title(request, queue)}：{filters or _('no filters')}"
