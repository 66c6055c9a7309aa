"""The life of a demo: whatever dies comes back, Ctrl-C ends all of it, and the next start continues with the data."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.lib.product import Product, demo, gezhi

SMALL = ("--profile", "town", "--days", "1")
PROFILES = {"GEZHI_PROFILE_PATHS": str(Path(__file__).resolve().parents[2] / "profiles")}


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def cases(product: Product) -> int:
    with psycopg.connect(product.database) as connection:
        row = connection.execute("select count(*) from cases_case").fetchone()
    assert row is not None
    return int(row[0])


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids)


def parts(product: Product) -> list[int]:
    return [product.pid(part) for part in ("granian", "worker", "postgres")]


def has(product: Product, part: str) -> bool:
    try:
        return product.pid(part) > 0
    except LookupError:
        return False


def test_the_life_of_a_demo(tmp_path: Path) -> None:
    folder = tmp_path / "演示 data"
    first_start_fills_it_and_ctrl_c_ends_it(folder)
    second_start_is_quick_and_what_is_killed_comes_back(folder)


def first_start_fills_it_and_ctrl_c_ends_it(folder: Path) -> None:
    with demo(folder, *SMALL, **PROFILES) as product:
        until(lambda: "Ctrl-C" in product.said.read_text())
        printed = product.said.read_text()
        assert f"{product.address}/" in printed
        for username, password in product.logins.values():
            assert username in printed
            assert password in printed
        assert oct((folder / "secrets.json").stat().st_mode)[-3:] == "600"
        assert gezhi("migrate", GEZHI_DATA=str(folder)).returncode == 0, "another command joins the running demo"
        before = cases(product)
        played = json.loads(gezhi("ledger", "replay", GEZHI_DATA=str(folder)).stdout)
        assert played["different"] == []
        assert played["cases"] >= before > 0
        running = parts(product)
        assert product.stop() == 0
    assert gone(running)
    assert not (folder / "demo.json").exists()
    assert "Traceback" not in printed


def second_start_is_quick_and_what_is_killed_comes_back(folder: Path) -> None:
    started = time.monotonic()
    with demo(folder, *SMALL, **PROFILES) as product:
        assert time.monotonic() - started < 30  # 15 on a quiet machine; here other tests run beside
        before = cases(product)
        for part, said in (("granian", "The web process ended"), ("worker", "The worker process ended")):
            product.kill(part)
            until(lambda said=said: said in product.said.read_text())
            product.until_well(30)
            until(lambda part=part: has(product, part))
        product.kill("postgres")
        until(lambda: "The database process ended" in product.said.read_text())
        product.until_well(30)
        assert cases(product) == before
        refused = gezhi("demo", "--data", folder, *SMALL, **PROFILES)
        assert (refused.returncode, "Another Gezhi runs" in refused.stderr) == (2, True)
        assert product.stop(signal.SIGTERM) == 0


@pytest.mark.slow
def test_a_demo_killed_leaves_nothing_running_and_starts_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demo(folder, *SMALL, **PROFILES) as product:
        before, running = cases(product), parts(product)
        product.process.kill()
        product.process.wait()
        until(lambda: gone(running))
    (folder / "pg18" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with demo(folder, *SMALL, **PROFILES) as product:
        assert cases(product) == before


@pytest.mark.slow
def test_a_first_start_broken_off_is_continued(tmp_path: Path) -> None:
    with demo(tmp_path, *SMALL, wait=False, **PROFILES) as product:
        until(lambda: "comes to life" in product.said.read_text())
        assert product.stop() == 0
        assert "The next start continues" in product.said.read_text()
    assert not (tmp_path / "world.json").exists()
    with demo(tmp_path, *SMALL, **PROFILES) as product:
        assert cases(product) > 0
        assert json.loads((tmp_path / "world.json").read_text())["profile"] == "town"
