"""How short the boundaries of `gezhi districting solve` are, beside the libraries people use, and what is proven.

    .venv/bin/python -m bench.districting [--quick]

Invented quarters of 300, 3,000 and 30,000 units, a real city's neighbourhoods, and nine published graphs whose best
values are known. The product runs as somebody at a console runs it, start of the process included; every plan is judged
here, from the file it wrote. A peer's plan counts for the boundary at whatever deviation it reaches; pymetis, whose
results change by some per cent with its seed, counts with the mean of five. Needs the data folder beside the checkout;
the peers are installed by `bench/peers.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bench import peers
from bench.districting_instances import Instance, neighbourhoods, published, quarter

SHORTER = {300: 0.07, 3_000: 0.06, 30_000: 0.05}  # than pymetis
WITHIN = {300: 15.0, 3_000: 20.0, 30_000: 180.0}  # seconds
BUDGET = {300: 14.0, 3_000: 17.0, 30_000: 160.0}  # what the command is told
MEMORY = 600.0  # MB
HEAD = f"{'instance':<18}{'method':<19}{'k':>5}{'deviation':>11}{'apart':>7}{'boundary':>11}{'edges':>7}{'seconds':>9}"


@dataclass(frozen=True)
class Judged:
    """A plan as measured here."""

    feasible: bool
    deviation: float
    apart: int
    boundary: float
    edges: int
    seconds: float
    memory: float = 0.0
    says: str = ""


def judge(one: Instance, labels: Any, seconds: float, **more: Any) -> Judged:
    """Measure a plan, trusting nobody."""
    households, pairs, length = one.arrays
    number = np.unique(np.asarray(labels), return_inverse=True)[1]
    count = int(number.max()) + 1
    held = np.bincount(number, households)
    cut = number[pairs[:, 0]] != number[pairs[:, 1]]
    inside = pairs[~cut]
    graph = coo_matrix((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), (len(households),) * 2)
    pieces = connected_components(graph, directed=False)[0]
    hair = 1e-6 * one.high
    fits = bool((held >= one.low - hair).all() and (held <= one.high + hair).all())
    away = float(np.abs(held * one.k / households.sum() - 1).max())
    return Judged(
        fits and count == one.k and pieces == count, away, pieces - count, float(length[cut].sum()), int(cut.sum()),
        seconds, **more,
    )  # fmt: skip


def ours(one: Instance, folder: Path, seconds: float) -> Judged:
    """Run the command on the instance."""
    source, out = folder / "in.json", folder / "out.json"
    source.write_text(json.dumps(one.graph), "utf-8")
    out.unlink(missing_ok=True)
    words = ["districting", "solve", str(source), "--out", str(out), "--seconds", str(seconds)]
    words += ["--objective", "edges"] if one.best else ["--k", str(one.k)]
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "gezhi.interfaces.cli.main", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        told = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{one.name}: the command ended with {process.returncode}")
    line = json.loads(told)
    labels = [node["grid"] for node in json.loads(out.read_text("utf-8"))["nodes"]]
    gap = f" {line['gap']:.1f} %" if line["certificate"] == "gap" else ""
    return judge(one, labels, took, memory=used.ru_maxrss / 1024, says=line["certificate"] + gap)


def theirs(one: Instance, method: str, seconds: float, seed: int = 0) -> Judged | str:
    """Run a peer on the instance; what went wrong if something did."""
    households, pairs, length = one.arrays
    nodes = one.graph["nodes"]
    east, north = ("x", "y") if "x" in nodes[0] else ("lon", "lat")
    graph = {
        "n": len(households), "one": pairs[:, 0].tolist(), "other": pairs[:, 1].tolist(),
        "households": households.tolist(),
        "weight": [1.0] * len(length) if one.best else length.tolist(), "k": one.k,
        "tolerance": (one.high - one.low) / (one.high + one.low),
        "places": [[node[east], node[north]] for node in nodes],
    }  # fmt: skip
    labels, took, wrong = peers.divide(method, graph, seconds, seed)
    return wrong if labels is None else judge(one, labels, took)


def show(one: Instance, method: str, found: Judged | str) -> None:
    """One row of the table."""
    if isinstance(found, str):
        print(f"{one.name:<18}{method:<19}  {found}", flush=True)
        return
    limits = "" if found.feasible else " outside"
    print(
        f"{one.name:<18}{method:<19}{one.k:>5}{found.deviation:>10.2%} {found.apart:>7}{found.boundary:>11,.1f}"
        f"{found.edges:>7}{found.seconds:>9.1f}  {found.says}{limits}",
        flush=True,
    )


def quarters(n: int, seeds: range, quick: bool, folder: Path, figures: dict[str, Any], bars: dict[str, bool]) -> None:
    """Invented quarters of one size."""
    shares, plans = [], []
    for seed in seeds:
        one = quarter(n, seed)
        plan = ours(one, folder, BUDGET[n])
        show(one, "gezhi", plan)
        plans.append(plan)
        metis = [theirs(one, "pymetis", 30.0, metis_seed) for metis_seed in range(5)]
        show(one, "pymetis", metis[0])
        shares.append(1 - plan.boundary / statistics.mean(each.boundary for each in metis if isinstance(each, Judged)))
        for method in _others(n, seed, quick):
            show(one, method, theirs(one, method, 30.0))
    figures[f"shorter_{n}"] = round(statistics.mean(shares), 4)
    figures[f"shorter_{n}_worst"] = round(min(shares), 4)
    figures[f"seconds_{n}"] = round(max(plan.seconds for plan in plans), 1)
    figures[f"memory_mb_{n}"] = round(max(plan.memory for plan in plans))
    bars[f"n = {n:,}: every plan within ±5 % and connected"] = all(plan.feasible for plan in plans)
    bars[f"n = {n:,}: boundary {SHORTER[n]:.0%} below pymetis"] = figures[f"shorter_{n}"] >= SHORTER[n]
    bars[f"n = {n:,}: within {WITHIN[n]:.0f} s"] = figures[f"seconds_{n}"] <= WITHIN[n]
    bars[f"n = {n:,}: below {MEMORY:.0f} MB"] = figures[f"memory_mb_{n}"] < MEMORY


def _others(n: int, seed: int, quick: bool) -> list[str]:
    """The peers beside pymetis; the slow ones on the first quarter only, and where they end."""
    if quick or seed:
        return []
    if n == 300:
        return ["KaHIP", "GerryChain tree", "GerryChain bursts", "spopt AZP"]
    return ["KaHIP", "GerryChain tree"] if n == 3_000 else ["KaHIP"]


def graphs(quick: bool, folder: Path, figures: dict[str, Any], bars: dict[str, bool]) -> None:
    """The published graphs."""
    for one in published():
        plan = ours(one, folder, 60.0)
        show(one, f"gezhi (best {one.best})", plan)
        for method in () if quick else ("pymetis", "KaHIP", "GerryChain bursts"):
            show(one, method, theirs(one, method, 10.0))
        figures[one.name] = plan.edges
        bars[f"{one.name}: {one.best} edges, within limits"] = plan.feasible and plan.edges <= one.best
        if one.name.endswith("county"):
            bars[f"{one.name}: proven best"] = plan.says == "optimal"


def city(folder: Path, figures: dict[str, Any], bars: dict[str, bool]) -> None:
    """The neighbourhoods of a real city."""
    one = neighbourhoods()
    plan = ours(one, folder, 60.0)
    show(one, "gezhi", plan)
    for method in peers.METHODS:
        show(one, method, theirs(one, method, 30.0))
    figures["neighbourhoods"] = round(plan.boundary)
    bars["neighbourhoods: within ±5 % and connected"] = plan.feasible


def main() -> int:
    """Run, print the table and the JSON line; 1 where a bar is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three small quarters and the published graphs")
    quick = parser.parse_args().quick
    figures: dict[str, Any] = {}
    bars: dict[str, bool] = {}
    peers.ensure()
    with tempfile.TemporaryDirectory(prefix="gezhi-bench-") as name:
        folder = Path(name)
        ours(quarter(100, 0), folder, 2.0)  # the code is compiled once, on the first run of an installation
        print(HEAD)
        quarters(300, range(3 if quick else 10), quick, folder, figures, bars)
        graphs(quick, folder, figures, bars)
        if not quick:
            city(folder, figures, bars)
            quarters(3_000, range(1), quick, folder, figures, bars)
            quarters(30_000, range(1), quick, folder, figures, bars)
    print(json.dumps({"name": "districting", "figures": figures, "bars": bars}, ensure_ascii=False))
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
