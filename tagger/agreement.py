"""How well coders agree: Krippendorff's alpha and F1 of each pair, with intervals by resampling articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.errors import UsageError
from tagger.files import optional
from tagger.labels import LabelledParagraph
from tagger.metrics import Figure, f1, resampled

Floats = npt.NDArray[np.float64]
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha of each measure and over all decisions, micro-F1 of each pair of coders.

    `shared` paragraphs were coded by at least two; `single` by one only and say nothing of agreement.
    """

    coders: tuple[str, ...]
    shared: int
    single: int
    articles: int
    alpha: Mapping[str, Figure]
    pooled: Figure
    pairs: Mapping[tuple[str, str], Figure]
    disagreements: tuple[tuple[str, str, Mapping[str, bool]], ...]


def agreement(
    codings: Mapping[str, Sequence[LabelledParagraph]],
    measures: Sequence[str],
    rounds: int = ROUNDS,
    seed: int = 0,
) -> Agreement:
    """Return how well coders (name → their paragraphs) agree; paragraphs are matched by id.

    Alpha is nominal (Krippendorff, 2019), by the `krippendorff` package. Raises UsageError where fewer than
    two coders share a paragraph, or where one id has different texts.
    """
    names = tuple(codings)
    if len(names) < 2:  # noqa: PLR2004 - agreement takes two
        raise UsageError("labels agreement", "give the files of two coders or more")
    by_id = [{label.id: label for label in labels} for labels in codings.values()]
    ids = sorted({name for coder in by_id for name in coder})
    _same_texts(names, by_id)
    shared = [name for name in ids if sum(name in coder for coder in by_id) > 1]
    if not shared:
        raise UsageError(" ".join(names), "no paragraph is coded by two; paragraphs are matched by their id")
    codes = np.full((len(names), len(shared), len(measures)), np.nan)
    articles = []
    for column, name in enumerate(shared):
        articles.append(next(coder[name].article for coder in by_id if name in coder))
        for row, coder in enumerate(by_id):
            if name in coder:
                codes[row, column] = [measure in coder[name].measures for measure in measures]
    return Agreement(
        coders=names,
        shared=len(shared),
        single=len(ids) - len(shared),
        articles=len(set(articles)),
        alpha={m: _alpha(codes[:, :, [n]], articles, rounds, seed) for n, m in enumerate(measures)},
        pooled=_alpha(codes, articles, rounds, seed),
        pairs={
            (names[a], names[b]): _pair(codes[a], codes[b], articles, rounds, seed)
            for a, b in combinations(range(len(names)), 2)
        },
        disagreements=tuple(_disagreements(codes, shared, measures, names)),
    )


def _same_texts(names: Sequence[str], by_id: Sequence[Mapping[str, LabelledParagraph]]) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for coder, labels in zip(names, by_id, strict=True):
        for key, label in labels.items():
            first, text = seen.setdefault(key, (coder, label.text))
            if text != label.text:
                raise UsageError(coder, f"paragraph {key!r} has another text than in {first}; code the same texts")


def _alpha(codes: Floats, articles: Sequence[str], rounds: int, seed: int) -> Figure:
    """Alpha with its interval; where nobody ever chose one of two codes it is not defined and is given as nan."""
    krippendorff = optional("krippendorff", "train", "labels agreement")

    def alpha(rows: npt.NDArray[np.int64]) -> float:
        values = codes[:, rows].reshape(len(codes), -1)
        if len(np.unique(values[~np.isnan(values)])) < 2:  # noqa: PLR2004
            return float("nan")
        return float(krippendorff.alpha(reliability_data=values, level_of_measurement="nominal"))

    return resampled(alpha, articles, rounds, seed)


def _pair(one: Floats, other: Floats, articles: Sequence[str], rounds: int, seed: int) -> Figure:
    both = ~np.isnan(np.concatenate([one, other], axis=1)).any(axis=1)
    if not both.any():
        return Figure(float("nan"), float("nan"), float("nan"))
    gold, given = one[both] == 1, other[both] == 1
    groups = [article for article, kept in zip(articles, both.tolist(), strict=True) if kept]
    return resampled(lambda rows: f1(gold[rows], given[rows]), groups, rounds, seed)


def _disagreements(
    codes: Floats, ids: Sequence[str], measures: Sequence[str], names: Sequence[str]
) -> list[tuple[str, str, Mapping[str, bool]]]:
    found: list[tuple[str, str, Mapping[str, bool]]] = []
    for column, key in enumerate(ids):
        for number, measure in enumerate(measures):
            values: list[float] = [float(value) for value in codes[:, column, number]]
            said = {name: value == 1 for name, value in zip(names, values, strict=True) if not isnan(value)}
            if len(set(said.values())) > 1:
                found.append((key, measure, said))
    return found


def as_json(found: Agreement) -> dict[str, Any]:
    """Return plain values, [value, low, high] for each figure."""

    def plain(figure: Figure) -> list[float | None]:
        return [None if isnan(v) else round(v, 4) for v in (figure.value, figure.low, figure.high)]

    return {
        "coders": list(found.coders),
        "shared": found.shared,
        "single": found.single,
        "articles": found.articles,
        "alpha": {measure: plain(figure) for measure, figure in found.alpha.items()},
        "pooled": plain(found.pooled),
        "pairs": [[*pair, plain(figure)] for pair, figure in found.pairs.items()],
        "disagreements": [[key, measure, dict(said)] for key, measure, said in found.disagreements],
    }


def render(found: Agreement) -> str:
    """Return the figures as lines of text."""
    lines = [
        f"{len(found.coders)} coders; {found.shared:,} paragraphs coded by two or more, {found.single:,} by one only",
        f"95% intervals by resampling {found.articles:,} articles",
        "",
        "Krippendorff's alpha",
        *(f"  {measure:<16}{figure}" for measure, figure in found.alpha.items()),
        f"  {'all decisions':<16}{found.pooled}",
        "",
        "micro-F1 of each pair",
        *(f"  {one} / {other}  {figure}" for (one, other), figure in found.pairs.items()),
        "",
        f"{len(found.disagreements):,} decisions differ" + (":" if found.disagreements else ""),
    ]
    for key, measure, said in found.disagreements:
        yes = ", ".join(name for name, value in said.items() if value)
        lines.append(f"  {key}  {measure}  only by {yes}")
    return "\n".join(lines) + "\n"
