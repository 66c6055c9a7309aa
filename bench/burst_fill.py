"""The storm of `bench/burst.py`, in the database of the environment: `bring COUNT`, `feed SECONDS`, `look`.

Each prints one JSON line.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

MATTERS = ("树倒了压住车辆", "路面积水严重过不去", "小区停电了", "广告牌要掉下来", "窗户玻璃被吹碎")
PER_SECOND = 100_000 / 3600
BATCH = 2_000


def reports(chance: random.Random, count: int, source: str) -> Iterator[Any]:
    """Reports of a storm all over the district, within the last hour, without a class."""
    from dataclasses import replace

    from django.utils import timezone

    from bench.desk_fill import reports as usual

    now = timezone.now()
    for n, one in enumerate(usual(chance, count, source)):
        words = f"{chance.choice(MATTERS)}，请尽快处理"
        ago = timedelta(seconds=chance.uniform(0, 3600))
        yield replace(one, words=words, klass=None, channel=("hotline", "resident")[n % 2], reported_at=now - ago)


def bring(count: int) -> dict[str, Any]:
    """So many reports by the real intake, in batches."""
    from django.utils import timezone

    from gezhi.lib.actor import Actor
    from gezhi.modules.cases import operations

    chance, begun, taken = random.Random(11), time.perf_counter(), 0
    for start in range(0, count, BATCH):
        batch = list(reports(chance, min(BATCH, count - start), f"storm{start}"))
        got = operations.report_many(reports=batch, by=Actor("import"), now=timezone.now())
        taken += sum(isinstance(one, operations.Receipt) for one in got)
    return {"taken": taken, "seconds": round(time.perf_counter() - begun, 1)}


def feed(seconds: float) -> dict[str, Any]:
    """One report after the other at the rate of the storm; late ones are made up for."""
    from django.utils import timezone

    from gezhi.lib.actor import Actor
    from gezhi.modules.cases import operations

    wanted = int(seconds * PER_SECOND)
    every = list(reports(random.Random(12), wanted, "feed"))
    begun = time.perf_counter()
    for n, one in enumerate(every):
        operations.report(report=one, by=Actor.public(), now=timezone.now())
        time.sleep(max(0.0, n / PER_SECOND - (time.perf_counter() - begun)))
    taken = time.perf_counter() - begun
    return {"taken": len(every), "wanted": wanted, "rate": round(len(every) / taken, 1)}


def look() -> dict[str, Any]:
    """Look for hot spots, as the job does."""
    from django.utils import timezone

    from gezhi.modules.advice import operations as advice
    from gezhi.modules.advice.models import Sighting

    begun = time.perf_counter()
    clusters = advice.look(now=timezone.now())
    seconds = time.perf_counter() - begun
    newest = Sighting.objects.order_by("-at").first()
    first = max((one["count"] for one in newest.spots), default=0) if newest else 0
    return {"clusters": clusters, "seconds": round(seconds, 1), "first": first}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
    import django

    django.setup()
    what, *rest = sys.argv[1:]
    found = {"bring": lambda: bring(int(rest[0])), "feed": lambda: feed(float(rest[0])), "look": look}[what]()
    sys.stdout.write(json.dumps(found) + "\n")
