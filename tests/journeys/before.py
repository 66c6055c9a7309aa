"""What had happened before a journey begins, made by the product's own operations at an earlier moment.

A browser lives now; a case that is late, or a whistle blown hours ago, begins in the past. `happened(product, deeds)`
plays deeds in front of the demo's database as the simulation does: through operations, with `by` and `now`. Nothing is
written past them. One process plays them all, a list of deeds a line: to start one takes longer than to play.
"""

from __future__ import annotations

import io
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.lib.product import Product, own_environment

Deed = Mapping[str, Any]
PATIENCE = 120.0  # seconds for one list of deeds


def happened(product: Product, deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """Play the deeds in order; what each gave: number, query code, stage.

    A deed: `do` (report, start, act; tick: limits that have passed), `by` (user name, "" for the public), `ago`
    (minutes before now), and what the operation takes. "PHOTO" among the inputs is a stored photo, "unit:CODE" a unit;
    `case`: the number of a case, or the place of an earlier deed in the list; `task`: a task's key, or its kind for the
    newest one.
    """
    said = product.folder / "player.txt"
    if product.folder not in _players:
        _players[product.folder] = _player(product, said)
    line = _answer(_players[product.folder], json.dumps(list(deeds)))
    if not line:  # it broke, or hangs: the next one asks somebody else, and gets no answer that is late
        failed = _players.pop(product.folder)
        failed.kill()
        failed.wait()
        raise AssertionError(said.read_text()[-3000:])
    found: list[dict[str, Any]] = json.loads(line)
    return found


def _answer(player: subprocess.Popen[str], asked: str) -> str:
    """The line a player answers with; "" where it has ended or takes too long."""
    assert player.stdin is not None
    assert player.stdout is not None
    try:
        player.stdin.write(asked + "\n")
        player.stdin.flush()
    except BrokenPipeError:
        return ""
    ready, _, _ = select.select([player.stdout], [], [], PATIENCE)
    return player.stdout.readline() if ready else ""


_players: dict[Path, subprocess.Popen[str]] = {}  # a product's folder → who plays in front of its database


def _player(product: Product, said: Path) -> subprocess.Popen[str]:
    """A process that plays; it ends with this one, when its input does."""
    settings = json.loads((product.folder / "demo.json").read_text())["environment"]
    with said.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.before"],
            env=own_environment(**settings, DJANGO_SETTINGS_MODULE="gezhi.config.settings"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )


def play(deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """The deeds, inside a process that has Django; all in one transaction, so that the clock, which runs beside it and
    knows nothing of what is still to come, does not fire on what lies in the past."""
    from django.db import transaction
    from django.utils import timezone

    now, done = timezone.now(), []
    with transaction.atomic():
        for deed in deeds:
            known = deed.get("case", "")
            number = done[known]["number"] if isinstance(known, int) else known
            done.append(_play({**deed, "case": number}, now - timedelta(minutes=float(deed.get("ago", 0)))))
    return done


def _play(deed: Deed, now: datetime) -> dict[str, Any]:
    from gezhi.modules.cases import operations
    from gezhi.modules.cases.models import Case
    from gezhi.modules.cases.operations import Beginning, Place, Report

    by, inputs = _actor(deed.get("by", ""), now), _inputs(deed.get("inputs", {}), now)
    place = Place(area_code=deed.get("area", ""), address=deed.get("address", ""))
    if deed["do"] == "tick":
        while operations.fire_due(now=now):
            pass
        return {}
    if deed["do"] == "report":
        report = Report(
            channel=deed["channel"], source="journey", source_id=os.urandom(8).hex(), words=deed["words"], place=place,
            reporter=tuple(deed.get("reporter", {}).items()),
        )  # fmt: skip
        number = operations.report(report=report, by=by, now=now).number
    elif deed["do"] == "start":
        beginning = Beginning(deed["matter"], deed["move"], inputs, deed["words"], place)
        number = operations.start(beginning=beginning, by=by, now=now).number
    else:
        number = deed["case"]
        case = Case.objects.get(number=number)
        task = case.assignments.filter(kind=deed.get("task", "")).order_by("-id").values_list("key", flat=True).first()
        task = task or deed.get("task")
        operations.act(case=case.id, move=deed["move"], inputs=inputs, by=by, now=now, assignment=task)
    row = Case.objects.get(number=number)
    return {"number": number, "code": row.query_code, "stage": row.stage}


def _actor(username: str, now: datetime) -> Any:
    from gezhi.lib.actor import Actor
    from gezhi.modules.people import queries as people
    from gezhi.modules.territory import queries as territory

    if not username:
        return Actor.public()
    account = people.account_named(username)
    assert account is not None, username
    return territory.actor_for(account.id, on=now.date())


def _inputs(given: Any, now: datetime) -> Any:
    if isinstance(given, dict):
        return {name: _inputs(value, now) for name, value in given.items()}
    if isinstance(given, list):
        return [_inputs(value, now) for value in given]
    if given == "PHOTO":
        return _photo(now)
    if isinstance(given, str) and given.startswith("unit:"):
        from gezhi.modules.people import queries as people

        found = people.organisation_coded(given.removeprefix("unit:"))
        assert found is not None, given
        return found.id
    return given


def _photo(now: datetime) -> int:
    from gezhi.lib.actor import Actor
    from gezhi.modules.files import operations as files
    from tests.journeys.loop import MENDED

    return files.store(stream=io.BytesIO(MENDED), by=Actor.system(), now=now).id


if __name__ == "__main__":
    import django
    from django.db import connection

    answers, sys.stdout = sys.stdout, sys.stderr  # whatever else is said goes the other way
    django.setup()
    for asked in sys.stdin:
        answers.write(json.dumps(play(json.loads(asked))) + "\n")
        answers.flush()
        connection.close()
