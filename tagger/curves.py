"""Answers as curves: average precision, precision against recall, said against found, each by drawing articles."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tagger.evaluate import Answers, Booleans, Floats
from tagger.metrics import BINS, Confusion, Figure, average_precisions, by_group, draws, interval

POINTS = 60  # of a curve, as many as a picture shows
ROUNDS = 1000


def drawn_precisions(answers: Answers, seed: int = 0) -> Floats:
    """Return the average precision of each measure: on all paragraphs first, then in each round's draw of articles."""
    _, place = np.unique(np.array(answers.groups), return_inverse=True)
    whole = np.ones((1, len(answers.groups)), dtype=np.int64)
    weights = np.concatenate([whole, draws(answers.groups, ROUNDS, seed)[:, place]])
    columns = zip(answers.gold.T, answers.probabilities.T, strict=True)
    return np.stack([average_precisions(gold, scores, weights) for gold, scores in columns], axis=1)


def mean_precision(drawn: Floats) -> Figure:
    """Return the mean over the measures with its 95% interval, or of a difference of two such arrays."""
    mean = drawn.mean(axis=1)
    return Figure(float(mean[0]), *interval(mean[1:]))


def gains(one: Answers, other: Answers, seed: int = 0) -> dict[str, Figure]:
    """Return by how much the first's F1 is higher for each measure, on the same paragraphs: paired intervals."""
    times = draws(one.groups, ROUNDS, seed)
    both = [Confusion.of(answers.gold, answers.given) for answers in (one, other)]
    value = np.subtract(*(counts.summed(one.groups).f1()[0] for counts in both))
    drawn = np.subtract(*(counts.summed(one.groups, times).f1() for counts in both))
    return {
        measure: Figure(float(value[column]), *interval(drawn[:, column]))
        for column, measure in enumerate(one.measures)
    }


def precision_recall(answers: Answers) -> dict[str, dict[str, list[float]]]:
    """Return precision against recall, from few given to all, of each measure and of all decisions ("overall").

    Up to `POINTS` points each, evenly spread over recall.
    """
    columns = {
        measure: (answers.gold[:, column], answers.probabilities[:, column])
        for column, measure in enumerate(answers.measures)
    }
    columns["overall"] = answers.gold.ravel(), answers.probabilities.ravel()
    return {name: _points(gold, scores) for name, (gold, scores) in columns.items()}


def _points(gold: Booleans, scores: Floats) -> dict[str, list[float]]:
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(gold[order])[last]
    recall = hits / max(1, int(gold.sum()))
    wanted = np.linspace(0, 1, POINTS - 1)
    at = np.unique(np.append(np.minimum(np.searchsorted(recall, wanted), len(recall) - 1), len(recall) - 1))
    return {"recall": _rounded(recall[at]), "precision": _rounded((hits / (last + 1))[at])}


def reliability(answers: Answers, seed: int = 0) -> list[dict[str, float | int]]:
    """Return what was said and what was found, by bins of probability over all decisions; empty bins are left out.

    `paragraphs` counts decisions (a paragraph and a measure); `low` and `high` are `observed`'s 95% interval.
    """
    bins = np.minimum((answers.probabilities * BINS).astype(np.int64), BINS - 1)
    member = bins[:, :, None] == np.arange(BINS)
    sums = [
        by_group((member * part[:, :, None]).sum(axis=1), answers.groups)
        for part in (np.ones_like(answers.probabilities), answers.probabilities, answers.gold)
    ]
    size, said, true = (part.sum(axis=0) for part in sums)
    times = draws(answers.groups, ROUNDS, seed)
    taken = times @ sums[0]
    shares = np.where(taken > 0, (times @ sums[2]) / np.maximum(1, taken), np.nan)
    return [_bin(number, size, said, true, shares[:, number]) for number in np.flatnonzero(size).tolist()]


def _bin(number: int, size: Floats, said: Floats, true: Floats, shares: Floats) -> dict[str, float | int]:
    low, high = interval(shares)
    figures = {"predicted": said[number] / size[number], "observed": true[number] / size[number]}
    edges = {"from": number / BINS, "to": (number + 1) / BINS}
    plain: dict[str, Any] = {"paragraphs": int(size[number])}
    plain |= {name: round(float(value), 4) for name, value in (figures | {"low": low, "high": high}).items()}
    return edges | plain


def _rounded(values: Floats | Sequence[float]) -> list[float]:
    return [round(float(value), 4) for value in values]
