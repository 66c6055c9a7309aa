"""The peers of the districting bench, in an environment of their own (var/bench-venv), made when it is missing.

Run by that environment's Python, this file divides the graph on standard input by one method and prints the labels. It
imports nothing of the product. Imported, it offers `divide`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HOME = ROOT / "var" / "bench-venv"
TOLERANCE = 0.05


def ensure() -> Path:
    """The Python that has the peers."""
    python = HOME / "bin" / "python"
    if not python.exists():
        print("Installing the peers …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        words = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        subprocess.run([python, *words, "-r", ROOT / "requirements-bench.txt"], check=True)
    return python


def divide(method: str, graph: dict[str, Any], seconds: float, seed: int = 0) -> tuple[list[int] | None, float, str]:
    """Labels or None, seconds the method took, and what went wrong. `graph`: n, one, other, weight, households, places,
    k, tolerance."""
    words = [str(ensure()), __file__, method, str(seconds), str(seed)]
    try:
        ran = subprocess.run(
            words, input=json.dumps(graph), capture_output=True, text=True, timeout=8 * seconds + 60, check=False
        )
    except subprocess.TimeoutExpired:
        return None, 8 * seconds + 60, "did not end"
    if ran.returncode:
        lines = ran.stderr.strip().splitlines() or [f"ended with {ran.returncode}"]
        return None, 0.0, lines[-1][:60]
    told = json.loads(ran.stdout.strip().splitlines()[-1])
    return told["labels"], told["seconds"], ""


def _rows(graph: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Compressed rows; weights as whole numbers, as these libraries want them."""
    import numpy as np
    import scipy.sparse as sp

    one, other, n = graph["one"], graph["other"], graph["n"]
    weight = np.asarray(graph["weight"], float)
    whole = np.maximum(1, np.round(weight * (1000.0 / weight.mean()))).astype(int)
    made = sp.coo_matrix((np.r_[whole, whole], (np.r_[one, other], np.r_[other, one])), (n, n)).tocsr()
    return made.indptr, made.indices, made.data


def pymetis(graph: dict[str, Any], seconds: float, seed: int) -> Any:
    """k-way with contiguous parts."""
    import pymetis as metis

    start, to, weight = _rows(graph)
    options = metis.Options(ufactor=max(1, round(1000 * graph["tolerance"])), seed=seed, contig=1)
    households = [int(one) for one in graph["households"]]
    return metis.part_graph(
        graph["k"], xadj=start, adjncy=to, eweights=weight, vweights=households, recursive=False, options=options
    )[1]


def kahip(graph: dict[str, Any], seconds: float, seed: int) -> Any:
    """Its strongest mode, the quick one for what is large."""
    import kahip as kaffpa

    start, to, weight = _rows(graph)
    mode = kaffpa.STRONG if graph["n"] <= 1000 else kaffpa.ECO if graph["n"] <= 5000 else kaffpa.FAST
    households = [int(one) for one in graph["households"]]
    return kaffpa.kaffpa(
        households, start.tolist(), weight.tolist(), to.tolist(), graph["k"], graph["tolerance"], True, seed, int(mode)
    )[1]


def _gerry(graph: dict[str, Any], seed: int) -> tuple[Any, dict[int, int], float]:
    import networkx as nx
    from gerrychain import Graph
    from gerrychain.tree import recursive_tree_part

    random.seed(seed)
    made = nx.Graph()
    made.add_nodes_from((i, {"households": households}) for i, households in enumerate(graph["households"]))
    made.add_edges_from(zip(graph["one"], graph["other"], strict=True))
    target = sum(graph["households"]) / graph["k"]
    whole = Graph.from_networkx(made)
    return whole, recursive_tree_part(whole, range(graph["k"]), target, "households", graph["tolerance"], 1), target


def tree(graph: dict[str, Any], seconds: float, seed: int) -> Any:
    """GerryChain: spanning trees cut recursively."""
    _, plan, _ = _gerry(graph, seed)
    return [plan[i] for i in range(graph["n"])]


def bursts(graph: dict[str, Any], seconds: float, seed: int) -> Any:
    """GerryChain: short bursts of recombination, for few cut edges, until time is up."""
    from functools import partial

    from gerrychain import Partition, constraints, updaters
    from gerrychain.optimization import SingleMetricOptimizer
    from gerrychain.proposals import recom

    until = time.monotonic() + seconds
    whole, plan, target = _gerry(graph, seed)
    first = Partition(whole, plan, {"households": updaters.Tally("households"), "cut_edges": updaters.cut_edges})
    step = partial(recom, pop_col="households", pop_target=target, epsilon=graph["tolerance"], node_repeats=1)

    def cut(partition: Any) -> int:
        return len(partition["cut_edges"])

    best = first
    chain = SingleMetricOptimizer(step, [constraints.contiguous], first, cut, maximize=False)
    for partition in chain.short_bursts(10, 10**9):
        best = min(best, partition, key=cut)
        if time.monotonic() > until:
            break
    return [best.assignment[i] for i in range(graph["n"])]


def spopt(graph: dict[str, Any], seconds: float, seed: int) -> Any:
    """spopt: AZP on places; it knows no limits of households."""
    import geopandas
    import numpy as np
    from libpysal.weights import W
    from shapely import Point
    from spopt.region import AZP

    np.random.seed(seed)
    near: dict[int, list[int]] = {i: [] for i in range(graph["n"])}
    for one, other in zip(graph["one"], graph["other"], strict=True):
        near[one].append(other)
        near[other].append(one)
    east, north = zip(*graph["places"], strict=True)
    frame = geopandas.GeoDataFrame({"x": east, "y": north}, geometry=[Point(place) for place in graph["places"]])
    model = AZP(frame, W(near, silence_warnings=True), ["x", "y"], n_clusters=graph["k"])
    model.solve()
    return [int(label) for label in model.labels_]


METHODS = {"pymetis": pymetis, "KaHIP": kahip, "GerryChain tree": tree, "GerryChain bursts": bursts, "spopt AZP": spopt}


def _main() -> None:
    warnings.filterwarnings("ignore")
    graph = json.load(sys.stdin)
    began = time.monotonic()
    labels = METHODS[sys.argv[1]](graph, float(sys.argv[2]), int(sys.argv[3]))
    took = time.monotonic() - began
    print()
    print(json.dumps({"labels": [int(label) for label in labels], "seconds": took}))


if __name__ == "__main__":
    _main()
