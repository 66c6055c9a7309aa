"""How well the triage engine suggests, beside plain ways of doing the same, on real data.

    .venv/bin/python -m bench.triage [--quick]

Titles of citizens' messages: five folds, no text in two of them; beside the majority, the nearest centroid, TF-IDF
with a linear SVM, and NB-SVM. Units: a district's events of a year in the order of time, each day learned after it
was suggested for, the last fifth judged; beside a look-up and a frozen logistic regression. Duplicates: pairs that
staff marked in one city; beside the same class within 100 m, the latest first. Hot spots: a made-up burst of 100,000
reports in an hour over a quiet city. Seconds are of the processor, so a busy machine changes little. Needs the data
folder beside the checkout.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from gezhi.engines.triage import ClassModel, Report, figures, hotspots, similar_within, trial
from gezhi.engines.triage.figures import macro_f1

DATA = Path(__file__).parents[2] / "shared" / "data"
SEED = 2026
Row = dict[str, str]
FIGURES: dict[str, float] = {}
BARS: dict[str, bool] = {}


def bar(name: str, value: float, *, least: float | None = None, most: float | None = None) -> None:
    """Note a figure and whether it is where it should be."""
    words = f"{name} at least {least:g}" if least is not None else f"{name} at most {most:g}"
    BARS[words] = bool(value >= least if least is not None else value <= most)
    FIGURES[name] = round(float(value), 4)


def rows_of(name: str) -> list[Row]:
    """A CSV file of the data folder, packed or not."""
    path = DATA / name
    packed = path.suffix == ".gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") if packed else path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def titles(quick: bool) -> None:
    """Classes of messages from their titles."""
    rows = rows_of("messages/teddy_titles_train.csv")
    texts, labels = [row["text"] for row in rows], [row["label"] for row in rows]
    distinct = sorted(set(texts))
    fold = dict(zip(distinct, np.random.default_rng(SEED).permutation(len(distinct)) % 5, strict=True))
    of = np.array([fold[text] for text in texts])
    said: dict[str, list[str]] = defaultdict(list)
    truth: list[str] = []
    ranked: list[list[str]] = []
    sure: list[float] = []
    seconds, rates = [], []
    for turn in range(5):
        train, test = np.flatnonzero(of != turn).tolist(), np.flatnonzero(of == turn).tolist()
        a, b = [texts[n] for n in train], [texts[n] for n in test]
        known = [labels[n] for n in train]
        truth += [labels[n] for n in test]
        began = time.process_time()
        model = ClassModel.fit(a, known, on=date(2026, 1, 1))
        fitted = time.process_time()
        found = model.suggest_many(b * 4, top=3)[: len(b)]
        seconds.append(fitted - began)
        rates.append(4 * len(b) / (time.process_time() - fitted))
        ranked += [[one.label for one in some] for some in found]
        sure += [some[0].probability for some in found]
        for name in PLAIN if not quick else QUICK:
            said[name] += PLAIN[name](a, known, b)
    print(f"\n{'titles, 5 folds':<32}{'macro-F1':>10}{'accuracy':>10}{'top 3':>8}{'ECE':>8}")
    for name, some in said.items():
        right = np.mean([x == y for x, y in zip(truth, some, strict=True)])
        print(f"{name:<32}{macro_f1(truth, some):>10.4f}{right:>10.4f}")
        FIGURES[f"titles {name} macro-F1"] = round(macro_f1(truth, some), 4)
    ours = figures(truth, ranked, sure)
    print(f"{'gezhi':<32}{ours.macro_f1:>10.4f}{ours.accuracy:>10.4f}{ours.top3:>8.4f}{ours.ece:>8.4f}")
    print(f"fitted in {max(seconds):.1f} s at most, {min(rates):,.0f} messages/s at least")
    bar("titles macro-F1", ours.macro_f1, least=0.885)
    bar("titles ECE", ours.ece, most=0.03)
    bar("titles messages/s", min(rates), least=5_000)
    bar("titles train seconds", max(seconds), most=60)


def _majority(a: list[str], known: list[str], b: list[str]) -> list[str]:
    return [Counter(known).most_common(1)[0][0]] * len(b)


def _centroid(a: list[str], known: list[str], b: list[str]) -> list[str]:
    words = _tfidf().fit(a)
    one, of = words.transform(a), np.array(known)
    kinds = sorted(set(known))
    middle = normalize(sparse.vstack([sparse.csr_matrix(one[of == kind].mean(axis=0)) for kind in kinds]))
    return [kinds[n] for n in np.asarray((words.transform(b) @ middle.T).argmax(axis=1)).ravel()]


def _svm(a: list[str], known: list[str], b: list[str]) -> list[str]:
    return list(make_pipeline(_tfidf(), LinearSVC()).fit(a, known).predict(b))


def _nb_svm(a: list[str], known: list[str], b: list[str]) -> list[str]:
    words = _tfidf().fit(a)
    one, other, of = words.transform(a), words.transform(b), np.array(known)
    kinds, scores = sorted(set(known)), []
    for kind in kinds:
        mine = of == kind
        p, q = (0.1 + np.asarray(one[some].sum(axis=0)).ravel() for some in (mine, ~mine))
        scale = sparse.diags(np.log(p / p.sum()) - np.log(q / q.sum()))
        scores.append(LinearSVC().fit(one @ scale, mine).decision_function(other @ scale))
    return [kinds[n] for n in np.argmax(scores, axis=0)]


def _tfidf() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)


PLAIN: dict[str, Callable[[list[str], list[str], list[str]], list[str]]] = {
    "majority": _majority,
    "nearest centroid": _centroid,
    "TF-IDF + linear SVM": _svm,
    "NB-SVM": _nb_svm,
}
QUICK = ("majority", "nearest centroid", "TF-IDF + linear SVM")
UNIT, KIND, PLACE = "DISPOSE_UNIT_NAME", "SUB_TYPE_NAME", "STREET_NAME"


def units(quick: bool) -> None:
    """Handling units of a year's events, a live desk."""
    rows = rows_of("pingshan/events_2018.csv.gz")
    timed = sorted(((datetime.fromisoformat(row["CREATE_TIME"]).replace(tzinfo=UTC), row) for row in rows), key=_moment)
    cut = len(timed) * 4 // 5
    first, last = timed[:cut], timed[cut:]
    train, test = [row for _, row in first], [row for _, row in last]
    truth = [row[UNIT] for row in test]
    which = trial.columns(train, text=KIND, label=UNIT, time="CREATE_TIME")
    ours = trial.try_daily(first, last, which, on=date(2026, 1, 1), clock=time.process_time)
    print(f"\n{'units, last fifth':<40}{'top 1':>8}{'top 3':>8}{'ECE':>8}")
    plain = {
        "majority": [[unit for unit, _ in Counter(row[UNIT] for row in train).most_common(3)]] * len(test),
        "look-up by sub-type and street": _looked_up(train, test),
        "look-up, learning daily": _looked_up_daily(first, last),
    }
    if not quick:
        plain["logistic regression, frozen"] = _logistic(train, test)
    for name, ranked in plain.items():
        found = figures(truth, ranked, [0.0] * len(truth))
        print(f"{name:<40}{found.accuracy:>8.4f}{found.top3:>8.4f}")
        FIGURES[f"units {name} top-1"] = round(found.accuracy, 4)
    told = ours.figures
    print(f"{'gezhi, learning daily':<40}{told.accuracy:>8.4f}{told.top3:>8.4f}{told.ece:>8.4f}")
    rate = len(test) / ours.test_seconds
    print(f"fitted in {ours.train_seconds:.1f} s, {rate:,.0f} a second with what is learned daily")
    bar("units top-1", told.accuracy, least=0.55)
    bar("units top-3", told.top3, least=0.80)


def _moment(one: tuple[datetime, Row]) -> tuple[datetime, int]:
    return one[0], int(one[1]["REC_ID"])


def _best(counts: Iterable[Counter[str]]) -> list[str]:
    return list(dict.fromkeys(unit for some in counts for unit, _ in some.most_common(3)))[:3]


def _looked_up(train: Sequence[Row], test: Sequence[Row]) -> list[list[str]]:
    near: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wide: dict[str, Counter[str]] = defaultdict(Counter)
    for row in train:
        near[row[KIND], row[PLACE]][row[UNIT]] += 1
        wide[row[KIND]][row[UNIT]] += 1
    return [_best([near[row[KIND], row[PLACE]], wide[row[KIND]]]) for row in test]


def _looked_up_daily(first: Sequence[tuple[datetime, Row]], last: Sequence[tuple[datetime, Row]]) -> list[list[str]]:
    known, found = [row for _, row in first], []
    for day in sorted({moment.date() for moment, _ in last}):
        today = [row for moment, row in last if moment.date() == day]
        found += _looked_up(known, today)
        known += today
    return found


def _logistic(train: Sequence[Row], test: Sequence[Row]) -> list[list[str]]:
    names = (KIND, PLACE, "COMMUNITY_NAME", "MAIN_TYPE_NAME", "EVENT_SRC_NAME", "EVENT_PROPERTY_NAME")
    model = make_pipeline(DictVectorizer(), LogisticRegression(C=3, max_iter=300))
    model.fit([{name: row[name] for name in names} for row in train], [row[UNIT] for row in train])
    shares = model.predict_proba([{name: row[name] for name in names} for row in test])
    return [[str(model.classes_[n]) for n in best] for best in np.argsort(-shares, axis=1)[:, :3]]


def duplicates(_: bool) -> None:
    """Pairs that staff closed as duplicates."""
    reports = [
        Report(
            row["case_enquiry_id"],
            datetime.fromisoformat(row["open_dt"]).replace(tzinfo=UTC),
            float(row["longitude"]),
            float(row["latitude"]),
            row["type"],
        )
        for row in rows_of("events/boston_311_2011q3.csv.gz")
    ]
    at = {one.id: (one.at, n) for n, one in enumerate(reports)}
    pairs = set()
    for row in rows_of("events/boston_311_2011q3_duplicates.csv"):
        one, other = row["dup_id"], row["orig_id"]
        pairs.add((one, other) if at[one] > at[other] else (other, one))
    began = time.process_time()
    found = similar_within(reports)
    rate = len(reports) / (time.process_time() - began)
    ours = {one.id: [other.id for other in some] for one, some in zip(reports, found, strict=True)}
    print(f"\n{'duplicates':<36}{'recall@3':>10}{'precision@1 (marked)':>22}{'reports told':>14}{'reports/s':>11}")
    _told("same class within 100 m, 30 days", _near(reports), pairs, None)
    recall, precision = _told("gezhi", ours, pairs, rate)
    print("precision@1 (marked): of the reports staff marked, how often the first suggestion is the marked one")
    bar("duplicates recall at 3", recall, least=0.75)
    bar("duplicates reports/s", rate, least=2_000)
    FIGURES["duplicates precision at 1, marked"] = round(precision, 4)


def _told(
    name: str, found: dict[str, list[str]], pairs: set[tuple[str, str]], rate: float | None
) -> tuple[float, float]:
    recall = float(np.mean([other in found[one] for one, other in pairs]))
    marked = {one for one, _ in pairs}
    first = float(np.mean([bool(found[one]) and (one, found[one][0]) in pairs for one in marked]))
    told = sum(map(bool, found.values()))
    print(f"{name:<36}{recall:>10.4f}{first:>22.4f}{told:>14,}{'' if rate is None else f'{rate:,.0f}':>11}")
    FIGURES[f"duplicates {name} recall"] = round(recall, 4)
    FIGURES[f"duplicates {name} reports told"] = told
    return recall, first


def _near(reports: Sequence[Report]) -> dict[str, list[str]]:
    """The plain way: the latest three of the same class within 100 m."""
    cells: dict[tuple[str, int, int], list[tuple[float, float, datetime, str]]] = defaultdict(list)
    found: dict[str, list[str]] = {}
    for one in sorted(reports, key=lambda one: one.at or datetime.min.replace(tzinfo=UTC)):
        x, y, at = (one.lon or 0) * 82_300, (one.lat or 0) * 111_320, one.at or datetime.min.replace(tzinfo=UTC)
        near = [
            other
            for a in (-1, 0, 1)
            for b in (-1, 0, 1)
            for other in cells[one.label, int(x // 100) + a, int(y // 100) + b]
            if np.hypot(other[0] - x, other[1] - y) <= 100 and at - other[2] <= timedelta(days=30)
        ]
        found[one.id] = [other[3] for other in sorted(near, key=lambda other: other[2], reverse=True)[:3]]
        cells[one.label, int(x // 100), int(y // 100)].append((x, y, at, one.id))
    return found


def burst(_: bool) -> None:
    """A typhoon: 100,000 reports within an hour, after two quiet months."""
    rng = np.random.default_rng(SEED)
    start = datetime(2026, 7, 1, tzinfo=UTC)
    words = ["树倒了压住车辆", "路面积水严重过不去", "小区停电了", "广告牌要掉下来", "窗户玻璃被吹碎"]
    quiet = [
        Report(f"n{n}", start + timedelta(hours=float(rng.uniform(0, 1_440))), *_at(rng, 0.05), f"类{rng.integers(20)}")
        for n in range(10_000)
    ]
    storm = [
        Report(
            f"b{n}",
            start + timedelta(hours=1_440, seconds=float(rng.uniform(0, 3_600))),
            *_at(rng, 0.05),
            "",
            words[n % 5] + "，请尽快处理",
        )
        for n in range(100_000)
    ]
    began = time.process_time()
    still = hotspots(quiet)
    found = hotspots([*quiet, *storm])
    seconds = time.process_time() - began
    right = len({word for word in words for one in found[:5] if word in one.object})
    print(f"\nburst: {len(found)} clusters in {seconds:.1f} s, {right} of 5 matters named; quiet months: {len(still)}")
    bar("burst seconds", seconds, most=60)
    bar("burst matters named", right, least=5)
    bar("burst clusters told", len(found), most=20)
    bar("clusters in a quiet city", len(still), most=0)


def _at(rng: np.random.Generator, spread: float) -> tuple[float, float]:
    return 114 + float(rng.normal(0, spread)), 22.6 + float(rng.normal(0, spread))


def main() -> int:
    """Run, print the tables and the JSON line; 1 where a bar is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the plain ways that take long")
    quick = parser.parse_args().quick
    if not DATA.is_dir():
        print("the data folder is not beside the checkout", file=sys.stderr)
        return 1
    for part in (titles, units, duplicates, burst):
        part(quick)
    print(json.dumps({"name": "triage", "figures": FIGURES, "bars": BARS}, ensure_ascii=False))
    return 0 if all(BARS.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
