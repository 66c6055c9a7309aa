"""Pieces the administrators' pages share: small forms in rows, reading ids, account links, going back with a word."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gezhi.interfaces.web import labels
from gezhi.interfaces.web.generic import Cell, FormScreen, ListScreen, SheetScreen
from gezhi.interfaces.web.parts import Badge, Field, Form, Link, Paging, Tone
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import Refusal

PAGE = 50


def list_page(request: HttpRequest, screen: ListScreen, status: int = 200) -> HttpResponse:
    """A list."""
    return render(request, "generic/list.html", {"screen": screen}, status=status)


def form_page(request: HttpRequest, screen: FormScreen, status: int = 200) -> HttpResponse:
    """A form alone on its page."""
    return render(request, "generic/form.html", {"screen": screen}, status=status)


def sheet_page(request: HttpRequest, screen: SheetScreen, status: int = 200) -> HttpResponse:
    """A sheet about one thing."""
    return render(request, "generic/sheet.html", {"screen": screen}, status=status)


def button(key: str, action: str, label: str, *, tone: Tone = "plain", **hidden: str) -> Form:
    """A form of one button."""
    return Form(key, action, label, tuple(Field(n, "", "hidden", v) for n, v in hidden.items()), tone=tone)


def act(form: Form, title: str = "", *, about: str = "", tone: Tone = "info", primary: bool = False) -> Move:
    """A form at the side of a sheet."""
    return Move(form.key, title or form.submit, form, about=about, tone=tone, primary=primary)


def done(request: HttpRequest, sentence: str, name: str, *args: object) -> HttpResponse:
    """Go to a page, saying what was done."""
    messages.success(request, sentence)
    return redirect(name, *args)


def problems(refusal: Refusal | None) -> Mapping[str, str]:
    """Sentences by field of a refusal."""
    if refusal is None:
        return {}
    listed = getattr(refusal, "problems", None) or ([(refusal.field, refusal.sentence)] if refusal.field else [])
    return {str(name): sentence for name, sentence in listed}


def paging(name: str, given: Mapping[str, str], cursor: str, value: object | None, *, first: bool) -> Paging:
    """Keyset paging of a list: `value` of `cursor` starts the next page, None where there is none."""
    here = reverse(name)
    query = {k: v for k, v in given.items() if v}
    onward = f"{here}?{urlencode({**query, cursor: value})}" if value is not None else ""
    start = f"{here}?{urlencode(query)}" if query else here
    return Paging(onward, "" if first else start)


def account_cell(ref: str, names: Mapping[str, str], *, link: bool = False) -> Cell:
    """Who: a name, with the reference where it says more than the name."""
    number = labels.number_of(ref)
    href = reverse("admin_account", args=[number]) if link and number is not None else ""
    return Cell(names.get(ref, ref), href)


def yes(value: bool, label: str, otherwise: str, tone: Tone = "good", other: Tone = "plain") -> Badge:
    """A state as a badge."""
    return Badge(label, tone) if value else Badge(otherwise, other)


def administration(key: str) -> str:
    """An administration in words; "" for none."""
    return {
        "system": _("System administrator"),
        "security": _("Security administrator"),
        "audit": _("Audit administrator"),
    }.get(key, "")


def back(name: str, label: str, *args: object) -> Link:
    """A way back."""
    return Link(label, reverse(name, args=args), icon="back")
