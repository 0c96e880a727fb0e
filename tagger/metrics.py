"""How well predicted measures agree with coded ones: point values, and 95% intervals by resampling articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ROUNDS = 1000
BINS = 10  # of the calibration error
_CHUNK = 100  # rounds at a time: an array of rounds × paragraphs that stays in the cache


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return "0.912 [0.880, 0.941]"."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def f1(gold: Booleans, given: Booleans) -> float:
    """Return F1 over all decisions of two arrays (micro-F1 for paragraphs × measures); 0 where none is right."""
    return _f1(float((gold & given).sum()), float((given & ~gold).sum()), float((gold & ~given).sum()))


def _f1(hits: float, wrong: float, missed: float) -> float:
    return 2 * hits / (2 * hits + wrong + missed) if hits else 0.0


def exact_match(gold: Booleans, given: Booleans) -> float:
    """Return the share of paragraphs whose measures are all right."""
    return float((gold == given).all(axis=1).mean()) if len(gold) else 0.0


def average_precision(gold: Booleans, scores: Floats) -> float:
    """Return the mean of precision over the steps in recall (scikit-learn's `average_precision_score`)."""
    if not gold.any():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(gold[order])
    last = np.append(np.diff(scores[order]) != 0, True)  # ties fall together
    precision = (hits / np.arange(1, len(hits) + 1))[last]
    recall = hits[last] / hits[-1]
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def average_precisions(gold: Booleans, scores: Floats, weights: Integers) -> Floats:
    """Return the average precision for each row of weights (rounds × paragraphs), which say how often each is drawn."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # ties fall together
    coded = gold[order]
    found = [np.empty(0)]
    for start in range(0, len(weights), _CHUNK):
        drawn = weights[start : start + _CHUNK, order].astype(np.float64)
        hits = np.cumsum(drawn * coded, axis=1)[:, last]
        taken = np.cumsum(drawn, axis=1)[:, last]
        steps = np.diff(hits, axis=1, prepend=0.0) / np.maximum(1, hits[:, -1:])
        found.append((steps * hits / np.maximum(1, taken)).sum(axis=1))
    return np.concatenate(found)


def calibration_sums(gold: Booleans, probabilities: Floats, bins: int = BINS) -> tuple[Floats, Floats]:
    """Return, of each paragraph, its decisions and their probabilities less codes, by bins (n × bins)."""
    gold, said = gold.reshape(len(gold), -1), probabilities.reshape(len(gold), -1)
    place = np.minimum((said * bins).astype(np.int64), bins - 1)
    member = place[:, :, None] == np.arange(bins)
    return member.sum(axis=1).astype(np.float64), (member * (said - gold)[:, :, None]).sum(axis=1)


def calibration_error(gold: Booleans, probabilities: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: |mean probability - share coded| by bins of equal width.

    Weighted by the bins' sizes (Naeini et al., 2015).
    """
    if not gold.size:
        return 0.0
    place = np.minimum((probabilities * bins).astype(np.int64), bins - 1).ravel()
    size = np.bincount(place, minlength=bins)
    said = np.bincount(place, weights=probabilities.ravel(), minlength=bins)
    true = np.bincount(place, weights=gold.ravel().astype(np.float64), minlength=bins)
    return float(np.abs(said - true).sum() / size.sum())


def brier(gold: Booleans, probabilities: Floats) -> float:
    """Return the mean squared error of the probabilities."""
    return float(np.square(probabilities - gold).mean()) if gold.size else 0.0


def draws(groups: Sequence[str], rounds: int = ROUNDS, seed: int = 0) -> Integers:
    """Return how often each group is drawn in each round (rounds × groups, in sorted order of the names)."""
    number = len(set(groups))
    picked = np.random.default_rng(seed).integers(number, size=(rounds, number))
    picked += np.arange(rounds)[:, None] * number
    return np.bincount(picked.ravel(), minlength=rounds * number).reshape(rounds, number)


def by_group(values: npt.NDArray[np.generic], groups: Sequence[str]) -> Floats:
    """Return the sums of rows by group (groups × columns, in sorted order of the names)."""
    _, place = np.unique(np.array(groups), return_inverse=True)
    sums = np.zeros((int(place.max(initial=-1)) + 1, *values.shape[1:]))
    np.add.at(sums, place, values)
    return sums


def interval(values: Floats) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of what the rounds gave; rounds that gave nan say nothing."""
    given = values[~np.isnan(values)]
    if not given.size:
        return float("nan"), float("nan")
    low, high = np.percentile(given, [2.5, 97.5])
    return float(low), float(high)


def resampled(
    statistic: Callable[[Integers], float], groups: Sequence[str], rounds: int = ROUNDS, seed: int = 0
) -> Figure:
    """Return any statistic of row numbers, with its interval by drawing groups anew (cluster bootstrap).

    For what has no sums by group; `Confusion` is far faster for precision, recall and F1.
    """
    names, place = np.unique(np.array(groups), return_inverse=True)
    rows = [np.flatnonzero(place == number) for number in range(len(names))]
    drawn = []
    for times in draws(groups, rounds, seed):
        parts = [rows[number] for number in np.repeat(np.arange(len(names)), times).tolist()]
        drawn.append(statistic(np.concatenate(parts)))
    return Figure(statistic(np.arange(len(groups))), *interval(np.array(drawn)))


@dataclass(frozen=True, slots=True)
class Confusion:
    """True positives, false positives and false negatives, by round (or one) and measure."""

    hits: Floats
    wrong: Floats
    missed: Floats

    @classmethod
    def of(cls, gold: Booleans, given: Booleans) -> "Confusion":
        """Return the counts of each row: boolean arrays, paragraphs × measures, to be added up."""
        parts = (gold & given, given & ~gold, gold & ~given)
        return cls(*(part.astype(np.float64) for part in parts))

    def summed(self, groups: Sequence[str], times: Integers | None = None) -> "Confusion":
        """Return the counts over all rows (1 × measures), or over each round's draw (rounds × measures)."""
        sums = [by_group(part, groups) for part in (self.hits, self.wrong, self.missed)]
        weights = np.ones((1, len(sums[0]))) if times is None else times
        return Confusion(*(weights @ part for part in sums))

    def pooled(self) -> "Confusion":
        """Return the counts with all measures put together, for micro averages."""
        return Confusion(*(part.sum(axis=1, keepdims=True) for part in (self.hits, self.wrong, self.missed)))

    def precision(self) -> Floats:
        """Return hits among those given; 0 where nothing is given."""
        return self.hits / np.maximum(1, self.hits + self.wrong)

    def recall(self) -> Floats:
        """Return hits among those coded; 0 where nothing is coded."""
        return self.hits / np.maximum(1, self.hits + self.missed)

    def f1(self) -> Floats:
        """Return the harmonic mean of precision and recall; 0 where nothing is right."""
        return 2 * self.hits / np.maximum(1, 2 * self.hits + self.wrong + self.missed)
