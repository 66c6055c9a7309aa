"""The pieces decide two things: the tone of a clock and how a field is drawn. And the tags speak of time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from gezhi.interfaces.web.parts import Choice, Clock, Field, Form
from gezhi.interfaces.web.templatetags import ui

DUE = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "tone"),
    [
        (Clock("x", "running", DUE, 3600, 600), "good"),
        (Clock("x", "running", DUE, 600, 600), "warn"),
        (Clock("x", "running", DUE, 0, 600), "warn"),
        (Clock("x", "running", DUE, -1, 600), "bad"),
        (Clock("x", "paused"), "plain"),
        (Clock("x", "met", DUE), "good"),
        (Clock("x", "missed", DUE, -60), "bad"),
    ],
)
def test_tone_of_a_clock(clock: Clock, tone: str) -> None:
    assert clock.tone == tone


@pytest.mark.parametrize(
    ("seconds", "english"),
    [
        (30, "under 1 min left"),
        (60 * 59, "59 min left"),
        (3600 * 2, "2 h left"),
        (3600 * 2 + 300, "2 h 5 min left"),
        (-(86400 + 3600 * 3), "1 d 3 h late"),
        (86400 * 2, "2 d left"),
    ],
)
def test_remaining_time_in_words(seconds: int, english: str) -> None:
    with translation.override("en"):
        assert ui.remaining(seconds) == english


def test_a_short_choice_is_radios_and_a_long_one_a_select() -> None:
    few = tuple(Choice(str(n), str(n)) for n in range(6))
    assert Field("a", "A", "choice", choices=few).template == "parts/fields/choice.html"
    assert Field("a", "A", "choice", choices=(*few, Choice("7", "7"))).template == "parts/fields/select.html"


def test_groups_keep_their_order() -> None:
    field = Field("a", "A", "pick", choices=(Choice("1", "x", "B"), Choice("2", "y", "A"), Choice("3", "z", "B")))
    assert [(group, [c.value for c in members]) for group, members in field.grouped] == [
        ("B", ["1", "3"]),
        ("A", ["2"]),
    ]


def test_a_form_with_photos_is_multipart() -> None:
    assert Form("f", "/", "Send", (Field("p", "P", "photos"),)).has_files
    assert not Form("f", "/", "Send", (Field("p", "P"),)).has_files


def test_moments_are_shown_in_the_zone_in_force() -> None:
    assert "2026-03-05 14:00" in ui.stamp(DUE)
    assert ui.stamp(None) == ""


def test_numbers_for_machines_have_a_point() -> None:
    with translation.override("de"):
        assert ui.number(118.5) == "118.5"


def test_an_unknown_asset_is_silence_not_an_error() -> None:
    assert ui.asset("nothing.ts") == ""


def test_every_tone_has_an_icon() -> None:
    assert all(name in ui.ICONS for name in ui.TONES.values())
