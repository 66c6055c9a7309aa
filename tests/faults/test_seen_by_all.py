"""A plan adopted in one process is seen by every web process within a second."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path

import pytest

from tests.lib.deployment import Deployment, deployed

WARD = str(Path(__file__).parents[1] / "profiles" / "ward")
NEW_GRID = "999001001001003"
WITHIN, LONGER = 1.0, 2.0  # seconds


def status(deployment: Deployment) -> int:
    """What the public page of the grid answers, on a connection of its own: any of the web processes takes it."""
    wire = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=60)
    try:
        wire.request("GET", f"/grids/{NEW_GRID}")
        return wire.getresponse().status
    finally:
        wire.close()


@pytest.mark.slow
def test_a_plan_adopted_elsewhere_is_seen_within_a_second(tmp_path: Path) -> None:
    committed: list[float] = []
    with deployed(tmp_path, profile=WARD) as deployment:
        deployment.start_web(workers=2)
        assert {status(deployment) for _ in range(20)} == {404}

        def elsewhere() -> None:
            committed.append(json.loads(deployment.run("tests.faults.adopting"))["committed"])

        other = threading.Thread(target=elsewhere)
        other.start()
        answers: list[tuple[float, int]] = []
        while not committed or time.time() < committed[0] + WITHIN + LONGER:
            asked = time.time()
            answers.append((asked, status(deployment)))
            if not other.is_alive() and not committed:
                break
        other.join()
    assert committed, "the other process broke"
    late = [told for asked, told in answers if asked > committed[0] + WITHIN]
    assert len(late) >= 10
    assert set(late) == {200}
    assert {told for asked, told in answers if asked < committed[0] - LONGER} <= {404}
