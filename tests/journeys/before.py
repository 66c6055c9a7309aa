"""What had happened before a journey begins, made by the product's own operations at an earlier moment.

A browser lives now; a case that is late, or a whistle blown hours ago, begins in the past. `happened(product, deeds)`
plays deeds in a process of its own, in front of the demo's database, as the simulation does: through operations, with
`by` and `now`. Nothing is written past them.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.lib.product import Product, own_environment

Deed = Mapping[str, Any]


def happened(product: Product, deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """Play the deeds in order; what each gave: number, query code, stage.

    A deed: `do` (report, start, act; tick: limits that have passed), `by` (user name, "" for the public), `ago`
    (minutes before now), and what the operation takes. "PHOTO" among the inputs is a stored photo, "unit:CODE" a unit;
    `case`: the number of a case, or the place of an earlier deed in the list; `task`: a task's key, or its kind for the
    newest one.
    """
    settings = json.loads((product.folder / "demo.json").read_text())["environment"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.journeys.before"],
        env=own_environment(**settings, DJANGO_SETTINGS_MODULE="gezhi.config.settings"),
        input=json.dumps(list(deeds)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(ran.stdout.splitlines()[-1])
    return found


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

    django.setup()
    sys.stdout.write(json.dumps(play(json.load(sys.stdin))) + "\n")
