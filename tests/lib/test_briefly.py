"""What is kept for a second, and what is kept longer because making it takes long."""

from __future__ import annotations

from unittest.mock import patch

from gezhi.lib.briefly import Briefly


class Clock:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _made(clock: Clock, takes: float, made: list[float]) -> float:
    clock.now += takes
    made.append(clock.now)
    return clock.now


def test_a_value_is_made_anew_after_a_second_and_after_it_was_forgotten() -> None:
    clock, made = Clock(), list[float]()
    kept: Briefly[str, float] = Briefly(share=0.1)
    with patch("gezhi.lib.briefly.time.monotonic", clock):
        for wait, forget, times in ((0.0, False, 1), (0.9, False, 1), (0.2, False, 2), (0.0, True, 3)):
            clock.now += wait
            if forget:
                kept.forget()
            kept.get("a", lambda: _made(clock, 0.01, made))
            assert len(made) == times


def test_what_takes_long_is_kept_longer_and_not_forgotten_at_once() -> None:
    clock, made = Clock(), list[float]()
    kept: Briefly[str, float] = Briefly(share=0.1)
    with patch("gezhi.lib.briefly.time.monotonic", clock):
        for wait, times in ((0.0, 1), (2.0, 1), (1.0, 1), (0.3, 2)):  # 0.35 s to make: once in 3.5 s
            clock.now += wait
            kept.forget()
            kept.get("a", lambda: _made(clock, 0.35, made))
            assert len(made) == times


def test_without_a_share_everything_is_forgotten_however_long_it_took() -> None:
    clock, made = Clock(), list[float]()
    kept: Briefly[str, float] = Briefly()
    with patch("gezhi.lib.briefly.time.monotonic", clock):
        kept.get("a", lambda: _made(clock, 5.0, made))
        kept.forget()
        kept.get("a", lambda: _made(clock, 5.0, made))
    assert len(made) == 2
