"""The model card: what a model is, what it was measured at, and where it fails."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tagger.cells import one_line
from tagger.contracts import Promise
from tagger.evaluate import Answers, Evaluation, table
from tagger.metrics import Figure
from tagger.model import Model

FAILURES = 2  # shown of each kind and measure
QUOTE = 60  # characters of a paragraph
PICTURES = {  # files beside the card, and what they show
    "pr.svg": "Precision against recall: what a higher or lower threshold would give.",
    "reliability.svg": "What was found against what was said: on the dotted line a probability means what it says.",
    "learning.svg": "F1 by how many articles were learnt from, of all measures with its 95% interval.",
}


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
    promises: Sequence[Promise] = ()


def pictures_beside(folder: str | Path) -> tuple[str, ...]:
    """Return which of `PICTURES` lie in a model's folder."""
    return tuple(name for name in PICTURES if (Path(folder) / name).is_file())


def with_pictures(card: str, pictures: Collection[str]) -> str:
    """Return a card that shows these of `PICTURES`, by relative links, and no others."""
    parts = [part for part in re.split(r"^(?=## )", card, flags=re.MULTILINE) if not part.startswith("## Pictures\n")]
    shown = [f"![{said}]({name})\n\n*{said}*\n" for name, said in PICTURES.items() if name in pictures]
    if shown:
        lead = "From the outer folds; `tagger evaluate --cv` measures them, `docs/write_pictures.py` draws them.\n"
        place = next((at for at, part in enumerate(parts) if part.startswith("## Data\n")), len(parts))
        parts.insert(place, "\n".join(["## Pictures\n", lead, *shown, ""]))
    return "".join(parts)


def write_card(name: str, model: Model, findings: Findings, statement: str, pictures: Collection[str] = ()) -> str:
    """Return the card as Markdown; `statement` says what the labelled paragraphs are, `pictures` lie beside it."""
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
        *_promised(findings.promises),
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
    return with_pictures("\n\n".join(parts) + "\n", pictures)


def _promised(promises: Sequence[Promise]) -> list[str]:
    """Return what other thresholds would hold, and what they give up."""
    if not promises:
        return []
    lead = (
        "Other thresholds, asked for by `tagger tag --threshold` (or in the recipe), chosen on inner folds to hold a "
        "precision or a recall for every measure; what the outer folds then gave, micro-averaged, and the worst "
        "measure's precision or recall. Paragraphs between two thresholds go to a person with `tagger tag --review`."
    )
    rows = [
        [f"`{p.objective}`", *(f"{value:.3f}" for value in (p.precision, p.recall, p.f1, p.reached))] for p in promises
    ]
    return [lead, _table(["objective", "precision", "recall", "F1", "worst measure"], rows)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(one_line(cell).replace('|', '/') for cell in line)} |" for line in lines)
