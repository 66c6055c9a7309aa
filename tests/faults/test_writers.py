"""Fifty people write on the same twenty cases at once, over the wire: no move lost, none made twice, each refusal a
409 with its sentence, no 500.

What the server acknowledged is compared with the ledger: every move there is once, with the revision that was
acknowledged, and the chain holds.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.lib.deployment import Deployment, deployed
from tests.town import EAST, jpeg

WRITERS, CASES = 50, 20
PEOPLE = ("dispatcher", "water.handler", "water.leader", "roads.handler", "roads.leader", "acceptor")
# moves that go round and round, so that there is always something to do
LASTING = {"place", "accept", "ask_to_verify", "file", "dispatch", "recall", "sign", "finish", "redo", "return"}
EXTENDING = {"ask_extension", "grant_extension", "refuse_extension", "ask_suspension", "refuse_suspension"}


@dataclass
class Writer:
    """Somebody who looks at a case, decides, and writes: with what they saw, which may be old by then."""

    port: int
    key: str
    numbers: list[str]
    photo: str
    units: list[int]
    dice: random.Random
    until: float
    made: list[tuple[str, int, str]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Until time is up."""
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while time.monotonic() < self.until:
                self.once()
        except Exception as fault:
            self.strange.append(f"{type(fault).__name__}: {fault}")
        finally:
            self.wire.close()

    def once(self) -> None:
        """One case, one move."""
        number = self.dice.choice(self.numbers)
        status, seen = self.send("GET", f"/api/v1/cases/{number}")
        if status in {403, 404}:  # never theirs
            return
        assert status == 200, f"GET {status} {seen}"
        offered = [m for m in seen["moves"] if m["move"] in LASTING | EXTENDING]
        if not offered:
            return
        chosen = self.dice.choice(offered)
        if self.dice.random() < 0.2:
            time.sleep(self.dice.uniform(0, 0.05))
        self.write(number, chosen, seen["revision"])
        if self.dice.random() < 0.2:  # a second click, with the same page still open
            self.write(number, chosen, seen["revision"])

    def write(self, number: str, chosen: dict[str, Any], revision: int) -> None:
        """Make the move; note what came back."""
        needs = {n["key"]: self.value(n) for n in chosen["needs"] if not n["optional"]}
        body = {
            "move": chosen["move"],
            "assignment": chosen["assignment"],
            "inputs": needs,
            "revision": revision,
        }
        status, said = self.send("POST", f"/api/v1/cases/{number}/moves", body)
        if status == 200:
            self.made.append((number, said["revision"], chosen["move"]))
        elif status == 409 and said["error"]["sentence"]:
            self.refusals[said["error"]["sentence"]] += 1
        else:
            self.strange.append(f"{chosen['move']} {status} {said}")

    def value(self, need: dict[str, Any]) -> Any:
        """Something that the field takes."""
        choices = sorted(need["choices"])
        known = {
            "photo": [self.photo],
            "units": [self.dice.choice(self.units)],
            "catalogue": "C01001",
            "filing_condition": "缺失或破损",
            "place": {"lon": EAST[0], "lat": EAST[1]},
        }
        return known.get(need["kind"]) or (self.dice.choice(choices) if choices else "同时写")

    def send(self, method: str, path: str, given: Any = None) -> tuple[int, Any]:
        """One request on this writer's connection."""
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self.wire.request(method, path, json.dumps(given).encode() if given is not None else None, head)
        answer = self.wire.getresponse()
        return answer.status, json.loads(answer.read())


def prepared(deployment: Deployment) -> tuple[dict[str, str], list[str], str, list[int]]:
    """Keys of the people, numbers of the cases, a photo, the units."""
    keys = {}
    for who in PEOPLE:
        words = ("gezhi.interfaces.cli.main", "api", "key", who, "--label", "writers", "--source", f"w.{who}")
        keys[who] = json.loads(deployment.run(*words))["key"]
    first = Writer(deployment.port, keys["acceptor"], [], "", [], random.Random(1), 0.0)
    first.wire = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=60)
    numbers = []
    for n in range(CASES):
        report = {"words": f"同时写 {n}", "source_id": f"{n}", "channel": "video", "class": "C01001"}
        status, said = first.send("POST", "/api/v1/reports", report | {"place": {"lon": EAST[0], "lat": EAST[1]}})
        assert status == 201, said
        numbers.append(said["number"])
    body = encode_multipart(BOUNDARY, {"photo": SimpleUploadedFile("p.jpg", jpeg(), "image/jpeg")})
    head = {"Authorization": f"Bearer {keys['acceptor']}", "Content-Type": MULTIPART_CONTENT}
    first.wire.request("POST", "/api/v1/photos", body, head)
    photo = json.loads(first.wire.getresponse().read())["id"]
    first.wire.close()
    with psycopg.connect(deployment.url) as here:
        units = here.execute("SELECT id FROM people_organisation WHERE code IN ('water', 'roads')").fetchall()
    return keys, numbers, photo, [u[0] for u in units]


def check(deployment: Deployment, made: list[tuple[str, int, str]]) -> None:
    """What was acknowledged stands in the ledger, each once and nothing else."""
    with psycopg.connect(deployment.url) as here:
        stored = here.execute(
            "SELECT c.number, e.body->>'move' FROM ledger_entry e JOIN cases_case c ON e.subject = 'case:' || c.id"
            " WHERE e.kind IN ('case.moved', 'assignment.moved') AND e.body->>'cause' IS NULL"
        ).fetchall()
        assert Counter((number, move) for number, _r, move in made) == Counter(stored)
        assert max(Counter((number, revision) for number, revision, _m in made).values()) == 1
        revisions: dict[str, int] = dict(here.execute("SELECT number, revision FROM cases_case").fetchall())
        assert all(revision <= revisions[number] for number, revision, _m in made)
    verdict = json.loads(deployment.run("gezhi.interfaces.cli.main", "ledger", "verify"))
    assert verdict["broken"] == []


def at_once(folder: Path, seconds: float) -> None:
    """The whole test."""
    seed = random.randrange(2**32)
    with deployed(folder) as deployment:
        deployment.start_web(workers=2)
        keys, numbers, photo, units = prepared(deployment)
        until = time.monotonic() + seconds
        writers = [
            Writer(
                deployment.port, keys[PEOPLE[n % len(PEOPLE)]], numbers, photo, units, random.Random(seed + n), until
            )
            for n in range(WRITERS)
        ]
        threads = [threading.Thread(target=one.run) for one in writers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        made = [one for writer in writers for one in writer.made]
        refusals = sum((writer.refusals for writer in writers), Counter[str]())
        told = f"seed {seed}: {len(made)} moves, refused {dict(refusals)}"
        print(told)
        assert [strange for writer in writers for strange in writer.strange] == [], told
        assert len(made) >= 2 * seconds, told
        assert refusals.total() >= seconds, told
        assert len({move for _n, _r, move in made}) >= 6, told
        check(deployment, made)


@pytest.mark.slow
def test_many_write_on_the_same_cases(tmp_path: Path) -> None:
    at_once(tmp_path, 8.0)


@pytest.mark.slow
def test_fifty_write_for_a_minute(tmp_path: Path) -> None:
    at_once(tmp_path, 60.0)
