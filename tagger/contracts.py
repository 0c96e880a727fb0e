"""Thresholds that hold a stated precision or recall, from what folds gave on paragraphs they had not seen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

OBJECTIVE = re.compile(r"f1|(precision|recall)=(0?\.\d+|1(?:\.0*)?)")
POINTS = 80  # kept of each measure's curve
BETWEEN = ("recall=0.95", "precision=0.95")

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Curve = Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Promise:
    """An objective kept by thresholds that inner folds chose, as the outer folds found it.

    `reached` is the least precision or recall of any measure; `precision`, `recall`, `f1` are micro-averages.
    """

    objective: str
    precision: float
    recall: float
    f1: float
    reached: float


def objective_of(text: str) -> tuple[str, float]:
    """Return an objective's name and value: ("precision", 0.9); "f1" has the value 0. Raises ValueError."""
    found = OBJECTIVE.fullmatch(text.strip())
    if not found:
        message = f"{text!r} is no objective; say f1, precision=0.9 or recall=0.9 (or the like)"
        raise ValueError(message)
    return (found[1], float(found[2])) if found[1] else ("f1", 0.0)


def curve(probabilities: Floats, gold: Booleans) -> list[tuple[float, float, float]]:
    """Return threshold, precision and recall of one measure, from the highest threshold down.

    Each threshold lies midway between two neighbours; of many, `POINTS` are kept, evenly by their recall.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    hits = np.cumsum(gold[order])
    last = np.flatnonzero(np.append(ranked[:-1] > ranked[1:], True))  # ties fall on one side
    middle = np.clip((ranked[last] + np.append(ranked, 0.0)[last + 1]) / 2, 1e-4, 1 - 1e-4)
    precision, recall = hits[last] / (last + 1), hits[last] / max(1, int(gold.sum()))
    steps = np.unique(np.searchsorted(recall, np.linspace(recall[0], recall[-1], POINTS)))
    return [(round(float(middle[at]), 4), round(float(precision[at]), 4), round(float(recall[at]), 4)) for at in steps]


def pick(points: Curve, objective: str) -> float:
    """Return the threshold that keeps an objective at the least cost.

    For "precision=P" the lowest that holds P, for "recall=R" the highest that holds R, for "f1" the best; where
    nothing holds, the nearest to it.
    """
    name, wanted = objective_of(objective)
    thresholds, precision, recall = (np.array(column) for column in zip(*points, strict=True))
    if name == "precision":
        good = np.flatnonzero(precision >= min(wanted, precision.max()))[-1]
    elif name == "recall":
        good = np.flatnonzero(recall >= min(wanted, recall.max()))[0]
    else:
        good = np.argmax(2 * precision * recall / np.maximum(precision + recall, 1e-9))
    return float(thresholds[good])


def thresholds(about: Mapping[str, Any], measures: Sequence[str], objective: str) -> Floats:
    """Return a trained model's threshold of each measure for an objective; `about` is what the model says of itself.

    Raises ValueError where the model keeps no curves: it was trained before they were.
    """
    objective_of(objective)
    curves = about.get("curves", {})
    try:
        found = np.array([pick([(a, b, c) for a, b, c in curves[measure]], objective) for measure in measures])
    except (KeyError, TypeError, ValueError, IndexError):
        found = np.array([np.nan])
    if not np.isfinite(found).all():
        message = "this model keeps no curves to choose a threshold by; train it again: tagger train"
        raise ValueError(message)
    return found


def between(probabilities: Floats, low: Floats, high: Floats) -> Booleans:
    """Return which measures of which paragraphs are in doubt, paragraphs × measures: at `low` or over, below `high`."""
    found: Booleans = (probabilities >= np.minimum(low, high)) & (probabilities < np.maximum(low, high))
    return found


def promise(objective: str, gold: Booleans, given: Booleans) -> Promise:
    """Return what an objective's answers gave (paragraphs × measures): micro-averages, and the worst measure's."""
    name, _ = objective_of(objective)
    hits, given_all, gold_all = (gold & given).sum(axis=0), given.sum(axis=0), gold.sum(axis=0)
    by_measure = hits / np.maximum(1, given_all if name == "precision" else gold_all)
    precision = float(hits.sum() / max(1, given_all.sum()))
    recall = float(hits.sum() / max(1, gold_all.sum()))
    f1 = float(2 * hits.sum() / max(1, given_all.sum() + gold_all.sum()))
    return Promise(objective, precision, recall, f1, float(by_measure.min()))
