"""The model card: what a model is, what it was measured at, and where it fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tagger.cells import one_line
from tagger.evaluate import Answers, Evaluation, table
from tagger.metrics import Figure
from tagger.model import Model

FAILURES = 2  # shown of each kind and measure
QUOTE = 60  # characters of a paragraph


@dataclass(frozen=True, slots=True)
class Failure:
    """A paragraph that the outer folds got wrong, and how sure they were."""

    paragraph: str
    measure: str
    missed: bool
    probability: float
    quote: str


def failures(answers: Answers, ids: Sequence[str], texts: Sequence[str], each: int = FAILURES) -> list[Failure]:
    """Return the surest mistakes of each measure, missed ones and wrong ones."""
    found = []
    for column, measure in enumerate(answers.measures):
        gold, given = answers.gold[:, column], answers.given[:, column]
        for missed, rows in ((True, np.flatnonzero(gold & ~given)), (False, np.flatnonzero(given & ~gold))):
            said = answers.probabilities[rows, column]
            order = np.argsort(said if missed else -said, kind="stable")[:each]
            for row in rows[order].tolist():
                quote = one_line(texts[row])
                quote = quote if len(quote) <= QUOTE else quote[:QUOTE] + "…"
                chance = float(answers.probabilities[row, column])
                found.append(Failure(ids[row], measure, missed, chance, quote))
    return found


@dataclass(frozen=True, slots=True)
class Findings:
    """What outer folds gave.

    `gap` is by how much folds that ignore articles flatter the micro-F1; `wrong` the surest mistakes.
    """

    evaluation: Evaluation
    gap: Figure
    wrong: Sequence[Failure]


def write_card(name: str, model: Model, findings: Findings, statement: str) -> str:
    """Return the card as Markdown; `statement` says what the labelled paragraphs are."""
    evaluation, gap, wrong = findings.evaluation, findings.gap, findings.wrong
    about: Mapping[str, Any] = model.about
    micro, exact = evaluation.overall["micro_f1"], evaluation.overall["exact_match"]
    parts = [
        f"# Model `{name}`",
        (
            f"Tags a paragraph of a Chinese policy report with {', '.join(model.measures)}: several or none. "
            "One logistic regression per measure over jieba's words and character n-grams "
            f"({len(model.words):,} words, {len(model.grams):,} n-grams; sublinear TF-IDF); a paragraph's logit is the "
            "mean of its own and its best sentence's. No pickle: arrays and JSON."
        ),
        "## Figures",
        (
            f"From {about['folds']['outer']} outer folds by article on {evaluation.paragraphs:,} paragraphs of "
            f"{evaluation.articles:,} articles: thresholds and calibration come from inner folds of the rest. In "
            "brackets 95% intervals by resampling articles. Written by `tagger train`."
        ),
        _table(*table(evaluation)),
        (
            f"Micro-F1 **{micro}**, exact match **{exact}**. Folds that ignore articles, and so leave half of one to "
            f"learn from, would say {gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}] micro-F1 on top: that is the "
            "share of a figure that unseen articles don't keep."
        ),
        "## Thresholds",
        (
            "A paragraph carries a measure from this probability on; objective "
            f"`{about['recipe']['decision']['objective']}`."
        ),
        _table(
            ["measure", "threshold"],
            [[m, f"{t:.3f}"] for m, t in zip(model.measures, model.thresholds.tolist(), strict=True)],
        ),
        "## Data",
        statement,
        "## Known failures",
        "The surest mistakes of the outer folds:",
        _table(
            ["paragraph", "measure", "mistake", "probability", "begins"],
            [
                [
                    f.paragraph,
                    f.measure,
                    "missed" if f.missed else "wrongly given",
                    f"{f.probability:.2f}",
                    f.quote,
                ]
                for f in wrong
            ],
        ),
        (
            "It reads one paragraph at a time: what only a heading or a neighbour says is not seen. It knows reports "
            "on poverty alleviation and rural policy; on other text its probabilities mean little."
        ),
        "## Made from",
        _table(["what", "SHA-256"], [[what, digest] for what, digest in about["digests"].items()]),
        f"With {', '.join(f'{what} {version}' for what, version in about['versions'].items())}.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(one_line(cell).replace('|', '/') for cell in line)} |" for line in lines)
