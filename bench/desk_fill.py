"""Fills the database of the environment for `bench/desk.py`: so many open cases, the rest a past.

Open cases and the first five thousand closed ones come in by the real intake, and some are moved on by the real
operations; the rest of the past is those multiplied in the database (cases and what they are found by), spread over
three years. Prints, as JSON, sessions of people at their desks and what the clients shall ask for.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from datetime import datetime, timedelta
from typing import Any

WORDS = (
    "路边井盖破损", "小区门口垃圾堆积", "路灯不亮影响出行", "雨水箅子堵塞积水", "占道经营摆摊", "共享单车乱停放",
    "广告牌松动", "绿化带内有垃圾", "墙面小广告", "人行道砖块缺失", "夜间施工噪声扰民", "化粪池满溢", "护栏损坏",
    "树枝遮挡交通标志",
)  # fmt: skip
PLACES = (
    "菜场门口",
    "学校旁",
    "公交站台",
    "小区东门",
    "桥下",
    "河边步道",
    "医院对面",
    "地铁口",
    "停车场入口",
    "老街巷口",
)
REAL_PAST = 5_000
MULTIPLY = """
    INSERT INTO cases_case ({columns})
    SELECT {values} FROM cases_case c, generate_series(1, {times}) AS n
    WHERE c.history AND c.id <= {last} ORDER BY n, c.id LIMIT {count}
"""


def fill(open_cases: int, total: int) -> dict[str, Any]:
    """Everything; the figures the clients need."""
    from django.utils import timezone

    from gezhi.lib.actor import Actor
    from gezhi.modules.ledger import operations as ledger

    now = timezone.now()
    ledger.prepare_months(first=(now - timedelta(days=1200)).date(), last=now.date())
    chance = random.Random(7)
    bring(chance, open_cases, now, Actor("import"))
    past(chance, min(REAL_PAST, max(total - open_cases, 0)), now, Actor("import"))
    multiply(total)
    return desks(chance, now)


def reports(chance: random.Random, count: int, source: str) -> Any:
    """Reports at places all over the district."""
    from shapely.geometry import shape

    from gezhi.modules.cases.operations import Place, Report
    from gezhi.modules.catalogue import queries as catalogue
    from gezhi.modules.switches import queries as switches
    from gezhi.modules.territory import queries as territory

    features = territory.features(level=switches.profile().grid_level or "grid")["features"]
    points = [shape(f["geometry"]).representative_point() for f in features]
    keys = [one.key for one in catalogue.in_force().reportable][:120]
    for n in range(count):
        point = chance.choice(points)
        words = f"{chance.choice(PLACES)}{chance.choice(WORDS)}，第{chance.randrange(10**6)}号，请尽快处理"
        yield Report(
            channel=chance.choice(("hotline", "resident", "video", "counter")),
            source=source,
            source_id=f"{n}",
            words=words,
            place=Place(lon=point.x + chance.uniform(-2e-4, 2e-4), lat=point.y, address=chance.choice(PLACES)),
            klass=chance.choice(keys),
        )


def bring(chance: random.Random, count: int, now: datetime, by: Any) -> None:
    """Open cases; one in eight is brought to the units."""
    from dataclasses import replace

    from gezhi.lib.errors import WrongState
    from gezhi.modules.cases import operations
    from gezhi.modules.people import queries as people
    from gezhi.modules.territory import queries as territory

    taken = []
    for start in range(0, count, 1000):
        batch = [
            replace(one, reported_at=now - timedelta(hours=chance.uniform(0.1, 40)))
            for one in reports(chance, min(1000, count - start), f"open{start}")
        ]
        taken += operations.report_many(reports=batch, by=by, now=now)

    def who(username: str) -> Any:
        account = people.account_named(username)
        assert account is not None
        return territory.actor_for(account.id, on=now.date())

    acceptor, dispatcher, unit = who("acceptor"), who("dispatcher"), people.organisation_coded("water")
    assert unit is not None
    steps = (
        (acceptor, "accept", {}),
        (acceptor, "file", {"class": "E06010", "condition": "堆积"}),
        (dispatcher, "dispatch", {"units": [unit.id]}),
    )
    for receipt in (one for one in taken if isinstance(one, operations.Receipt)):
        if receipt.case % 8 == 0:
            with contextlib.suppress(WrongState):  # what the public reports would have to be verified first
                for person, move, inputs in steps:
                    operations.act(case=receipt.case, move=move, inputs=inputs, by=person, now=now)


def past(chance: random.Random, count: int, now: datetime, by: Any) -> None:
    """A past that came in by the real intake."""
    from dataclasses import replace

    from gezhi.modules.cases import operations
    from gezhi.modules.cases.operations import History

    for start in range(0, count, 1000):
        batch = []
        for one in reports(chance, min(1000, count - start), f"past{start}"):
            at = now - timedelta(days=chance.uniform(3, 1000))
            closed = at + timedelta(hours=chance.uniform(1, 60))
            told = History(closed_at=closed, due_at=at + timedelta(hours=40), level="district")
            batch.append(replace(one, reported_at=at, history=told))
        operations.report_many(reports=batch, by=by, now=now)


def multiply(total: int) -> None:
    """The past again and again, each time at another time and with other words, until there are so many cases."""
    from django.db import connection

    from gezhi.modules.cases.models import Case

    have = Case.objects.count()
    real = Case.objects.filter(history=True).count()
    if have >= total or not real:
        _analyse()
        return
    shift = "(n * interval '7 hours 13 minutes')"
    new = {
        "id": "nextval('cases_case_id_seq')",
        "number": "'9' || lpad((n * 10000000 + c.id)::text, 15, '0')",
        "query_code": "upper(substr(md5(c.id || '-' || n), 1, 10))",
        "source_id": "c.source_id || '-' || n",
        "words": "replace(c.words, '第', '第' || n)",
        "reported_at": f"c.reported_at - {shift}",
        "handled_at": f"c.handled_at - {shift}",
        "closed_at": f"c.closed_at - {shift}",
        "due_at": f"c.due_at - {shift}",
    }
    columns = [str(f.column) for f in Case._meta.concrete_fields]
    values = [new.get(name, f'c."{name}"') for name in columns]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_case WHERE history")
        last = cursor.fetchone()[0]
        cursor.execute(
            MULTIPLY.format(
                columns=", ".join(f'"{c}"' for c in columns),
                values=", ".join(values),
                times=(total - have) // real + 1,
                last=last,
                count=total - have,
            )
        )
        cursor.execute(
            "INSERT INTO cases_searchtext (case_id, body) SELECT id, words || E'\\n' || address FROM cases_case c"
            " WHERE NOT EXISTS (SELECT 1 FROM cases_searchtext s WHERE s.case_id = c.id)"
        )
    _analyse()


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) cases_case, cases_searchtext, cases_assignment, cases_clock, ledger_entry")


def desks(chance: random.Random, now: datetime) -> dict[str, Any]:
    """Sessions of people at their desks, and numbers of cases for pages and moves."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from gezhi.interfaces.web.sessions import SessionStore
    from gezhi.modules.cases.models import Case
    from gezhi.modules.people.models import Account

    sessions = {}
    for username in ("acceptor", "acceptor2", "dispatcher", "dispatcher2"):
        account = Account.objects.get(username=username)
        Account.objects.filter(id=account.id).update(must_change_password=False)
        store = SessionStore()
        store[SESSION_KEY] = str(account.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = account.get_session_auth_hash()
        store.create()
        sessions[username] = store.session_key
    reported = list(Case.objects.filter(stage="reported").order_by("?").values_list("number", flat=True))
    handling = list(Case.objects.filter(stage="handling").values_list("number", flat=True)[:200])
    areas = list(Case.objects.filter(ended=False).values_list("areas", flat=True)[:400])
    classes = list(Case.objects.filter(ended=False).values_list("klass__key", flat=True)[:400])
    return {
        "sessions": sessions,
        "reported": reported,
        "handling": handling,
        "streets": sorted({found[1] for found in areas if len(found) > 1}),
        "classes": sorted(set(classes)),
        "total": Case.objects.count(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
