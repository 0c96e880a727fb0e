"""A model's answers measured against coded paragraphs, every figure with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.metrics import (
    Confusion,
    Figure,
    Integers,
    average_precision,
    average_precisions,
    by_group,
    calibration_error,
    calibration_sums,
    draws,
    interval,
)

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

PER_MEASURE = ("precision", "recall", "f1", "average_precision", "calibration_error")
OVERALL = ("micro_precision", "micro_recall", "micro_f1", "macro_f1", "exact_match", "calibration_error")


@dataclass(frozen=True, slots=True)
class Answers:
    """Coded and predicted measures of n paragraphs (n × measures), and the article each stands in."""

    gold: Booleans
    given: Booleans
    probabilities: Floats
    groups: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures with 95% intervals by resampling articles: of each measure, and over all."""

    articles: int
    paragraphs: int
    coded: Mapping[str, int]
    measures: Mapping[str, Mapping[str, Figure]]
    overall: Mapping[str, Figure]

    def as_json(self, digits: int = 4) -> dict[str, Any]:
        """Return plain values: [value, low, high] for each figure."""

        def plain(figures: Mapping[str, Figure]) -> dict[str, list[float]]:
            return {k: [round(v, digits) for v in (f.value, f.low, f.high)] for k, f in figures.items()}

        return {
            "articles": self.articles,
            "paragraphs": self.paragraphs,
            "overall": plain(self.overall),
            "measures": {m: {"coded": self.coded[m], **plain(f)} for m, f in self.measures.items()},
        }


def evaluate(answers: Answers, rounds: int = 1000, seed: int = 0) -> Evaluation:
    """Return every figure with its 95% interval by drawing articles anew (percentile bootstrap)."""
    groups = answers.groups
    times = draws(groups, rounds, seed)
    rows = Confusion.of(answers.gold, answers.given)
    whole, drawn = rows.summed(groups), rows.summed(groups, times)
    place = np.unique(np.array(groups), return_inverse=True)[1]
    figures: dict[str, dict[str, Figure]] = {}
    for number, measure in enumerate(answers.measures):
        gold, scores = answers.gold[:, number], answers.probabilities[:, number]
        figures[measure] = {
            "precision": _figure(whole.precision(), drawn.precision(), number),
            "recall": _figure(whole.recall(), drawn.recall(), number),
            "f1": _figure(whole.f1(), drawn.f1(), number),
            "average_precision": Figure(
                average_precision(gold, scores), *interval(average_precisions(gold, scores, times[:, place]))
            ),
            "calibration_error": _calibration(gold, scores, groups, times),
        }
    micro, spread = whole.pooled(), drawn.pooled()
    exact = (answers.gold == answers.given).all(axis=1)[:, None].astype(np.float64)
    hits, sizes = by_group(exact, groups), by_group(np.ones_like(exact), groups)
    overall = {
        "micro_precision": _figure(micro.precision(), spread.precision(), 0),
        "micro_recall": _figure(micro.recall(), spread.recall(), 0),
        "micro_f1": _figure(micro.f1(), spread.f1(), 0),
        "macro_f1": _figure(_mean(whole.f1()), _mean(drawn.f1()), 0),
        "exact_match": _figure(hits.sum(0, keepdims=True) / sizes.sum(), (times @ hits) / (times @ sizes), 0),
        "calibration_error": _calibration(answers.gold, answers.probabilities, groups, times),
    }
    coded = dict(zip(answers.measures, answers.gold.sum(axis=0).tolist(), strict=True))
    return Evaluation(len(set(groups)), len(groups), coded, figures, overall)


def difference(one: Answers, other: Answers, rounds: int = 1000, seed: int = 0) -> Figure:
    """Return by how much the first's micro-F1 is higher, on the same paragraphs, with its paired interval."""
    times = draws(one.groups, rounds, seed)
    both = [Confusion.of(answers.gold, answers.given) for answers in (one, other)]
    value = [counts.summed(one.groups).pooled().f1()[0, 0] for counts in both]
    drawn = [counts.summed(one.groups, times).pooled().f1()[:, 0] for counts in both]
    return Figure(float(value[0] - value[1]), *interval(drawn[0] - drawn[1]))


def _figure(whole: Floats, drawn: Floats, column: int) -> Figure:
    return Figure(float(whole[0, column]), *interval(drawn[:, column]))


def _mean(table: Floats) -> Floats:
    mean: Floats = table.mean(axis=1, keepdims=True)
    return mean


def _calibration(gold: Booleans, said: Floats, groups: Sequence[str], times: Integers) -> Figure:
    size, excess = (by_group(part, groups) for part in calibration_sums(gold, said))
    drawn = np.abs(times @ excess).sum(axis=1) / np.maximum(1, (times @ size).sum(axis=1))
    return Figure(calibration_error(gold, said), *interval(drawn))


def table(evaluation: Evaluation, names: Mapping[str, str] | None = None) -> tuple[Sequence[str], list[list[str]]]:
    """Return the measures' figures as a head and rows of text, the micro and macro averages last."""
    head = ["measure", "coded", "precision", "recall", "F1", "average precision", "calibration error"]
    rows = []
    for measure, figures in evaluation.measures.items():
        shown = (names or {}).get(measure, measure)
        rows.append([shown, f"{evaluation.coded[measure]:,}", *(str(figures[name]) for name in PER_MEASURE)])
    overall = evaluation.overall
    micro = [str(overall[name]) for name in ("micro_precision", "micro_recall", "micro_f1")]
    coded = f"{sum(evaluation.coded.values()):,}"
    rows.append(["all (micro)", coded, *micro, "", str(overall["calibration_error"])])
    rows.append(["all (macro)", "", "", "", str(overall["macro_f1"]), "", ""])
    rows.append(["exact match", "", "", "", str(overall["exact_match"]), "", ""])
    return head, rows
