"""Answering with a generic page, small forms, going on with a word: what the views of several rooms share."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gezhi.interfaces.web.generic import FormScreen, ListScreen, SheetScreen
from gezhi.interfaces.web.parts import Field, Form, Tone
from gezhi.interfaces.web.screens import Move
from gezhi.lib.errors import Refusal


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
