"""The ground the fuzz walks: the town with a case at every stage, and every address of the product by role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from gezhi.config import access
from gezhi.modules.cases.models import Case
from gezhi.modules.people import queries as people
from tests.architecture.test_access import GRID, every_address
from tests.interfaces.visitor import text_of
from tests.town import WEST, Town

ROLES = ("", "acceptor", "dispatcher", "water.handler", "water.leader", "grid.east1", "street.leader", "system")
ADMINISTRATORS = ("security", "audit")
STAGES = ("reported", "accepted", "verifying", "verified", "filed", "handling", "signed", "finished", "checking")
ENDS = ("checked", "closed")
# What a refused request may leave behind: counters and sessions, and photos kept for the next try of the same form.
APART = ("gezhi_cache", "django_session", "files_file", "ledger_")


@dataclass
class Ground:
    """The town, its cases by number, and what fills the gaps of addresses."""

    town: Town
    numbers: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    seen: set[tuple[Any, ...]] = field(default_factory=set)  # kinds of forms drawn already, of those everybody has

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(name, path) of every address, cases and administrators' things filled in."""
        area = Case.objects.filter(area_id__isnull=False).values_list("area_id", flat=True)[0]
        account = people.account_named("roads.handler")
        assert account is not None
        for name, pattern in every_address():
            if name not in access.TABLE or name in {"account_logout", "account_signup"}:
                continue
            number = str(account.id) if name.startswith("admin_") else str(area)
            given = {"level": "street", "sha256": "0" * 64, "subject": "territory", "move": "accept", "number": number}
            given |= {"code": GRID, "matter": "whistle", "item": "1", "form": "pdf", "deed": "nothing"}
            given["key"] = "tracks" if name in {"admin_switch_ask", "admin_switch_off"} else "event:reported"
            kwargs = {gap: given[gap] for gap in pattern.pattern.converters}
            if name == "portal_receipt":
                yield from ((name, f"{reverse(name, args=[n])}?code={c}") for n, c in self.codes)
            elif name == "portal_follow":
                yield from ((name, f"{reverse(name)}?number={n}&code={c}") for n, c in self.codes)
                yield name, reverse(name)
            elif name.startswith("desk_") and not name.startswith("desk_area") and "number" in kwargs:
                numbers = self.numbers if name == "desk_case" else self.numbers[:1]
                yield from ((name, reverse(name, kwargs=kwargs | {"number": n})) for n in numbers)
            else:
                yield name, reverse(name, kwargs=kwargs)


def lay(town: Town) -> Ground:
    """A case at every stage, one without a place, one of another community, one whose reporter left a name."""
    told = (("name", "试报人"), ("phone", "13800138000"))
    receipts = [town.until(stage, reporter=told if stage == "accepted" else ()) for stage in (*STAGES, *ENDS)]
    receipts += [town.report(at=None), town.report(at=WEST), town.report(channel="patrol", by=town.who("grid.east1"))]
    return Ground(town, [r.number for r in receipts], [(r.number, r.query_code) for r in receipts[-5:]])


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back at the end, so that every draw meets the same town."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def touched() -> dict[str, int]:
    """Rows inserted, changed or deleted since the transaction began, by table; what was rolled back counts too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: count for name, count in cursor.fetchall() if not name.startswith(APART)}


def fingerprints(tables: Iterator[str] | list[str]) -> dict[str, Any]:
    """Count and sum of hashes of the rows of some tables: equal when nothing changed."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM "{table}" t')
            found[table] = cursor.fetchone()
    return found


_SAID = re.compile(
    r'role="alert"[^>]*>(?:(?!<p>).)*<p>(.*?)</p>|class="lead">(.*?)</p>'
    r'|class="field-problem"[^>]*>.*?<span>(.*?)</span>|"sentence": "(.*?)"',
    re.DOTALL,
)


def sentences(response: Any) -> list[str]:
    """What an answer gives as reasons."""
    return [
        next(part for part in found if part).strip() for found in _SAID.findall(response.content.decode()) if any(found)
    ]


def problem(response: Any) -> str:
    """What is wrong with an answer itself: "" if nothing is."""
    if response.status_code >= 500:
        failed = getattr(response, "exc_info", None)
        return f"{response.status_code} {failed[1]!r}" if failed else f"{response.status_code}"
    if response.status_code < 400:
        return ""
    said = sentences(response)
    if not said or not all(5 < len(one) < 600 for one in said):
        return f"{response.status_code} without a sentence, but {said}: {text_of(response)[:200]}"
    return ""
