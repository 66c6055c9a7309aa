"""kill -9 of the web server, one of its processes, the job worker and PostgreSQL, at random moments under load.

What was acknowledged is there exactly once; every chain holds; every notice was sent and marked once. Clients do what
clients must: without an answer they send the same report again.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from gezhi.lib.postgres import PostgresProblem
from tests.lib.deployment import Deployment, deployed
from tests.town import EAST, WEST

SENDERS = 4
PATIENCE = 240.0  # seconds for one report to be acknowledged, whatever dies meanwhile
CALM = (10, 140)  # reports acknowledged between two deaths
WATCH_MARKS = """
CREATE TABLE marked (notice bigint NOT NULL);
CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO marked VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER mark AFTER UPDATE OF sent_at ON notices_notice
    FOR EACH ROW WHEN (OLD.sent_at IS DISTINCT FROM NEW.sent_at) EXECUTE FUNCTION mark();
"""


@dataclass
class Sender:
    """A client that sends its reports one after the other, each until it is acknowledged."""

    port: int
    count: int
    dice: random.Random
    receipts: dict[str, str] = field(default_factory=dict)
    again: int = 0
    failure: str = ""

    def run(self) -> None:
        """Send them all."""
        for n in range(self.count):
            if not self._until_acknowledged(str(uuid.UUID(int=self.dice.getrandbits(128))), n):
                return

    def _until_acknowledged(self, source_id: str, n: int) -> bool:
        lon, lat = (EAST, WEST)[n % 2]
        report = {
            "words": f"第{n}件：井盖破损",
            "source_id": source_id,
            "class": "暴露垃圾",
            "place": {"lon": lon, "lat": lat, "crs": "CGCS2000"},
            "reporter": {"name": f"居民{n}"} if n % 5 == 0 else None,
        }
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status, body = self._post(json.dumps(report))
            if status in {200, 201}:
                self.receipts[source_id] = json.loads(body)["number"]
                return True
            if status and status != 503:
                self.failure = f"{status}: {body.decode('utf-8', 'replace')[:500]}"
                return False
            self.again += 1
            time.sleep(0.05)
        self.failure = "a report was never acknowledged"
        return False

    def _post(self, body: str) -> tuple[int, bytes]:
        """Status and body; status 0 where there was no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/api/v1/reports", body.encode(), {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


def kill(deployment: Deployment, what: str, dice: random.Random) -> None:
    """kill -9 one of the processes."""
    if what == "postgres":
        process = deployment.postgres.process
        pid = process.pid if process else 0
    elif what == "web process":
        pid = dice.choice([*children(deployment.services["web"].process.pid), 0])  # type: ignore[union-attr]
    else:
        running = deployment.services[what].process
        pid = running.pid if running else 0
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    with contextlib.suppress(OSError):
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def tend(deployment: Deployment) -> None:
    """Start again whatever is dead, as `gezhi demo` or a process manager does."""
    if not deployment.postgres.alive():
        with contextlib.suppress(PostgresProblem):
            deployment.postgres.restart()
    for service in deployment.services.values():
        service.tend(lambda _words: None)
        service.deaths = 0


def deaths(dice: random.Random) -> Iterator[str]:
    """What dies next: each kind in turn, in an order of chance."""
    while True:
        kinds = ["web", "web process", "worker", "postgres"]
        dice.shuffle(kinds)
        yield from kinds


def send_under_fire(deployment: Deployment, reports: int, dice: random.Random) -> tuple[list[Sender], int]:
    """Send so many reports while processes die; the senders, and how many died."""
    senders = [Sender(deployment.port, reports // SENDERS, random.Random(dice.random())) for _n in range(SENDERS)]
    threads = [threading.Thread(target=one.run) for one in senders]
    for thread in threads:
        thread.start()
    victims, killed = deaths(dice), 0
    next_death = dice.randint(*CALM)
    while any(thread.is_alive() for thread in threads):
        tend(deployment)
        acknowledged = sum(len(one.receipts) for one in senders)
        if acknowledged >= next_death:
            time.sleep(dice.uniform(0, 0.2))
            kill(deployment, next(victims), dice)
            killed += 1
            next_death = acknowledged + dice.randint(*CALM)
        time.sleep(0.02)
    return senders, killed


def until_quiet(deployment: Deployment) -> None:
    """Until all is up again and no notice waits. What no job was woken for is found by the job of every minute."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        tend(deployment)
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(deployment.url) as connection:
            row = connection.execute("SELECT count(*) FROM notices_notice WHERE sent_at IS NULL").fetchone()
            if row is not None and row[0] == 0:
                return
        time.sleep(0.2)
    pytest.fail("notices were still waiting")


def check(deployment: Deployment, senders: list[Sender]) -> None:
    """Nothing lost, nothing twice, nothing half."""
    acknowledged = {source: number for one in senders for source, number in one.receipts.items()}
    with psycopg.connect(deployment.url) as connection:
        stored = dict(connection.execute("SELECT source_id, number FROM cases_case").fetchall())
        many = connection.execute("SELECT count(*), count(DISTINCT source_id) FROM cases_case").fetchone()
        assert many is not None
        assert many[0] == many[1]
        assert {source: stored.get(source) for source in acknowledged} == acknowledged
        half = connection.execute(
            "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_clock k WHERE k.case_id = c.id)"
            " OR 1 <> (SELECT count(*) FROM ledger_entry e WHERE e.subject = 'case:' || c.id AND e.seq = 1)"
            " OR NOT EXISTS (SELECT 1 FROM notices_notice n WHERE n.subject = 'case:' || c.id)"
        ).fetchone()
        assert half == (0,)
        twice = connection.execute("SELECT notice FROM marked GROUP BY notice HAVING count(*) > 1").fetchall()
        assert twice == []
        unmarked = connection.execute(
            "SELECT count(*) FROM notices_notice WHERE id NOT IN (SELECT notice FROM marked) OR sent_at IS NULL"
        ).fetchone()
        assert unmarked == (0,)
    verdict = json.loads(deployment.run("gezhi.interfaces.cli.main", "ledger", "verify"))
    assert verdict["broken"] == []
    assert verdict["entries"] > len(acknowledged)


def under_fire(folder: Path, reports: int) -> None:
    """The whole test."""
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    with deployed(folder) as deployment:
        with psycopg.connect(deployment.url, autocommit=True) as connection:
            connection.execute(WATCH_MARKS)
        deployment.start_web(workers=2)
        deployment.start_worker()
        senders, killed = send_under_fire(deployment, reports, dice)
        told = f"seed {seed}, {killed} deaths, {sum(s.again for s in senders)} reports sent again"
        assert [one.failure for one in senders] == [""] * SENDERS, told
        until_quiet(deployment)
        check(deployment, senders)
        assert killed >= min(4, reports // 250), told


def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path: Path) -> None:
    under_fire(tmp_path, 300)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_ten_thousand_reports(tmp_path: Path) -> None:
    under_fire(tmp_path, 10_000)
