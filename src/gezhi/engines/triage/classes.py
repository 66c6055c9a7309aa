"""Which class a report is of, from its words and, where given, from where, when and how it came.

A `ClassModel` adds up the parts of `linear` and what the context says (naive Bayes over its values), each with a
weight, and an offset per class; weights and offsets are fitted on cases that the parts had not seen, so the
probabilities are calibrated and the card's figures are held-out ones. It keeps features and weights, never a text.
`learn` moves the weights by what people decided today; `fit`, at night, makes a new model, and `better` says whether
it may serve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gezhi.engines.triage import storing
from gezhi.engines.triage.context import ContextCounts
from gezhi.engines.triage.figures import Figures, ModelCard, class_errors, figures
from gezhi.engines.triage.linear import KINDS, Matrix, Part, fit_part, name_part
from gezhi.engines.triage.mixing import Mixture, fit_mixture

Context = Mapping[str, str]
FOLDS = 5
MANY = 20_000  # texts from which one fold is kept aside instead of five in turn
MANY_CLASSES = 40  # the same for classes
STEP = 0.5  # how far one decided case moves the weights
COLD_SURENESS = 12.0  # how steeply names' similarity becomes probability before any case is known


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class with its probability."""

    label: str
    probability: float


def moment_context(at: datetime) -> dict[str, str]:
    """What a local moment says as context: part of the day, kind of day, season."""
    return {
        "hour": f"{at.hour // 4 * 4:02}",
        "day": "weekend" if at.weekday() >= 5 else "weekday",
        "season": str((at.month % 12) // 3),
    }


@dataclass(slots=True)
class ClassModel:
    """A fitted model. Made by `fit`, `cold_start` or `load`."""

    labels: list[str]
    parts: list[Part]
    context: ContextCounts
    mixture: Mixture
    card: ModelCard
    _number: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._number = {label: n for n, label in enumerate(self.labels)}

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        on: date,
        contexts: Sequence[Context] | None = None,
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> ClassModel:
        """Fit on closed cases; `names` (class → names and synonyms) adds classes no case is of yet.

        `contexts` gives each case its values by name (place, channel, `moment_context`). ValueError without any case.
        """
        if not texts:
            raise ValueError("A model needs at least one case to be fitted on.")
        if len(texts) != len(labels) or (contexts is not None and len(contexts) != len(texts)):
            raise ValueError("Every text needs one label, and one context where contexts are given.")
        known = sorted({*labels, *(names or {})})
        number = {label: n for n, label in enumerate(known)}
        numbers = np.array([number[label] for label in labels])
        told = contexts or [{}] * len(texts)
        extra = [(text, number[label]) for label, some in (names or {}).items() for text in some]
        seen, scores = _unseen_scores(texts, numbers, told, len(known), extra)
        mixture = fit_mixture(scores, numbers[seen])
        parts, counts = _fit_all(texts, numbers, told, len(known), extra)
        held = _held_out(known, numbers[seen], mixture.probabilities(scores)) if len(seen) else None
        said = [known[n] for n in mixture.probabilities(scores).argmax(axis=1)] if len(seen) else []
        errors = class_errors([known[n] for n in numbers[seen]], said) if len(seen) else ()
        return cls(known, parts, counts, mixture, ModelCard(on, len(texts), len(known), held, errors))

    def probabilities(self, texts: Sequence[str], contexts: Sequence[Context] | None = None) -> Matrix:
        """Texts × classes in the order of `labels`; rows sum to one. Thousands of texts a second."""
        told = contexts or [{}] * len(texts)
        return self.mixture.probabilities(_scores(self.parts, self.context, texts, told))

    def suggest(self, text: str, context: Context | None = None, *, top: int = 5) -> list[Suggestion]:
        """The most probable classes, best first."""
        return self.suggest_many([text], [context or {}], top=top)[0]

    def suggest_many(
        self, texts: Sequence[str], contexts: Sequence[Context] | None = None, *, top: int = 5
    ) -> list[list[Suggestion]]:
        """The same for many, much faster than one by one."""
        found: list[list[Suggestion]] = []
        for start in range(0, len(texts), 5_000):
            stop = start + 5_000
            rows = self.probabilities(texts[start:stop], contexts[start:stop] if contexts else None)
            best = np.argsort(-rows, axis=1, kind="stable")[:, :top]
            found += [
                [Suggestion(self.labels[n], float(row[n])) for n in order]
                for row, order in zip(rows, best, strict=True)
            ]
        return found

    def learn(self, texts: Sequence[str], labels: Sequence[str], contexts: Sequence[Context] | None = None) -> None:
        """Move the weights by decided cases (logistic steps); a label never seen becomes a class."""
        told = contexts or [{}] * len(texts)
        for label in dict.fromkeys(labels):
            if label not in self._number:
                self._add(label)
        numbers = np.array([self._number[label] for label in labels], int)
        rows = [part.features(texts) for part in self.parts]
        for n, number in enumerate(numbers):
            self._step([some[n] for some in rows], int(number), texts[n], told[n])
        self.context.add(told, numbers)

    def _step(self, rows: Sequence[sparse.csr_matrix], number: int, text: str, context: Context) -> None:
        wrong = self.probabilities([text], [context])[0]
        wrong[number] -= 1
        for part, row, weight in zip(self.parts, rows, self.mixture.weights, strict=False):
            move = STEP * wrong / max(float(weight), 0.1)
            part.weights[:, row.indices] -= np.outer(move, row.data).astype(np.float32)
        self.mixture.offset -= (0.1 * STEP * wrong).astype(np.float32)

    def _add(self, label: str) -> None:
        self._number[label] = len(self.labels)
        self.labels.append(label)
        for part in self.parts:
            low = part.offset.min() if len(part.offset) else np.float32(-1)
            part.weights = np.vstack([part.weights, np.zeros((1, part.weights.shape[1]), np.float32)])
            part.offset = np.append(part.offset, low)
        self.mixture.offset = np.append(self.mixture.offset, self.mixture.offset.min(initial=0))
        self.context.add_class()

    def save(self) -> bytes:
        """The model as one NPZ file: arrays and JSON, nothing that runs when it is loaded."""
        arrays: dict[str, NDArray[np.generic]] = {
            "weights": self.mixture.weights,
            "offset": self.mixture.offset,
            "steep": self.mixture.steep,
        }
        for part in self.parts:
            for name in ("keys", "idf", "weights", "offset"):
                arrays[f"{part.kind}.{name}"] = getattr(part, name)
        said = {
            "labels": self.labels,
            "kinds": [part.kind for part in self.parts],
            "card": self.card.as_plain(),
            "context": self.context.as_plain(),
        }
        return storing.packed("class-model", said, arrays)

    @classmethod
    def load(cls, data: bytes) -> ClassModel:
        """The inverse of `save`. ValueError where the bytes are not such a model."""
        said, arrays = storing.unpacked("class-model", data)
        parts = [
            Part(kind, *(arrays[f"{kind}.{name}"] for name in ("keys", "idf", "weights", "offset")))
            for kind in said["kinds"]
        ]
        context = ContextCounts.from_plain(said["context"])
        mixture = Mixture(arrays["weights"], arrays["offset"], arrays["steep"])
        return cls(said["labels"], parts, context, mixture, ModelCard.from_plain(said["card"]))


def cold_start(names: Mapping[str, Sequence[str]], *, on: date) -> ClassModel:
    """A model before any case: class → its catalogue names and synonyms. ValueError without a class."""
    if not names:
        raise ValueError("A cold start needs at least one class.")
    labels = sorted(names)
    texts = [(text, n) for n, label in enumerate(labels) for text in (names[label] or [label])]
    numbers = np.array([n for _, n in texts])
    parts = [name_part("short", [text for text, _ in texts], numbers, len(labels))]
    mixture = Mixture.even(2, len(labels))
    mixture.weights = np.array([COLD_SURENESS, 0], np.float32)
    card = ModelCard(on, 0, len(labels), None)
    return ClassModel(labels, parts, ContextCounts.empty(len(labels)), mixture, card)


def _fit_all(
    texts: Sequence[str],
    numbers: NDArray[np.int64],
    contexts: Sequence[Context],
    classes: int,
    extra: Sequence[tuple[str, int]],
) -> tuple[list[Part], ContextCounts]:
    more = [*texts, *(text for text, _ in extra)]
    labels = np.r_[numbers, np.array([n for _, n in extra], int)]
    counts = ContextCounts.empty(classes)
    counts.add(contexts, numbers)
    return [fit_part(kind, more, labels, classes) for kind in KINDS], counts


def _scores(
    parts: Sequence[Part], counts: ContextCounts, texts: Sequence[str], contexts: Sequence[Context]
) -> NDArray[np.float32]:
    """Parts and context × texts × classes."""
    return np.stack([*(part.scores(texts) for part in parts), counts.scores(contexts)])


def _unseen_scores(
    texts: Sequence[str],
    numbers: NDArray[np.int64],
    contexts: Sequence[Context],
    classes: int,
    extra: Sequence[tuple[str, int]],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which cases were scored by parts that had not seen their text, and their scores. Equal texts stay together."""
    distinct = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    of_text = np.random.default_rng(0).permutation(len(distinct)) % FOLDS
    fold = of_text[[distinct[text] for text in texts]]
    turns = 1 if len(texts) > MANY or classes > MANY_CLASSES else FOLDS
    seen: list[NDArray[np.int64]] = []
    found: list[NDArray[np.float32]] = []
    for turn in range(turns):
        inside, outside = np.flatnonzero(fold != turn), np.flatnonzero(fold == turn)
        if not len(inside) or not len(outside):
            continue
        known, unknown = inside.tolist(), outside.tolist()
        parts, counts = _fit_all(
            [texts[n] for n in known], numbers[inside], [contexts[n] for n in known], classes, extra
        )
        seen.append(outside)
        found.append(_scores(parts, counts, [texts[n] for n in unknown], [contexts[n] for n in unknown]))
    if not seen:
        return np.empty(0, int), np.empty((len(KINDS) + 1, 0, classes), np.float32)
    return np.concatenate(seen), np.concatenate(found, axis=1)


def _held_out(labels: Sequence[str], numbers: NDArray[np.int64], rows: Matrix) -> Figures:
    best = np.argsort(-rows, axis=1, kind="stable")[:, :3]
    ranked = [[labels[n] for n in order] for order in best]
    return figures([labels[n] for n in numbers], ranked, [float(one) for one in rows.max(axis=1)])
