"""Which paragraphs of new articles to code next: those the model is unsure of, and unlike each other."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from tagger.exchange import export_labels
from tagger.files import write_text
from tagger.labels import LabelledParagraph, save_labels
from tagger.model import Floats, Integers, Model
from tagger.words import cut, normalise

Form = Literal["labelstudio", "doccano", "csv", "xlsx", "jsonl"]
SHORTLIST = 50  # times as many as asked for, by doubt alone, are compared with each other: bounds time and memory
ORIGIN = "suggested"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph that may be coded; `article` tells which belong together."""

    id: str
    article: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate picked, how doubtful it is (0 to 1), and the model's proposal for it in words."""

    candidate: Candidate
    doubt: float
    proposal: str


@dataclass(frozen=True, slots=True)
class _Terms:
    """The TF-IDF of rows, each of unit length, as equal-length arrays, `row` in order."""

    row: Integers
    term: Integers
    value: Floats
    rows: int
    terms: int

    def like(self, row: int) -> Floats:
        """Return every row's cosine with one of them."""
        start, end = np.searchsorted(self.row, [row, row + 1])
        one = np.zeros(self.terms)
        one[self.term[start:end]] = self.value[start:end]
        same: Floats = np.bincount(self.row, weights=self.value * one[self.term], minlength=self.rows).astype(float)
        return same


def suggest(
    candidates: Sequence[Candidate],
    model: Model,
    number: int = 100,
    per_article: int = 3,
    coded: Collection[str] = (),
) -> list[Suggestion]:
    """Return the paragraphs most worth coding, best first; texts already coded are passed over.

    Each pick has the greatest doubt times unlikeness (one less the greatest TF-IDF cosine) to what is picked
    already; of one article come `per_article` at most.
    """
    seen = {normalise(text).strip() for text in coded}
    fresh = [one for one in candidates if normalise(one.text).strip() not in seen]
    if not fresh:
        return []
    probabilities = np.concatenate([scores.probabilities for scores in model.score(one.text for one in fresh)])
    doubts = doubt(model, probabilities)
    short = np.argsort(-doubts, kind="stable")[: SHORTLIST * number]
    shortlist = [fresh[row] for row in short.tolist()]
    picks = _picks(doubts[short], _terms(shortlist, model), [one.article for one in shortlist], number, per_article)
    return [
        Suggestion(shortlist[pick], float(doubts[short[pick]]), proposal(model, probabilities[short[pick]]))
        for pick in picks
    ]


def doubt(model: Model, probabilities: Floats) -> Floats:
    """Return each paragraph's doubt: the chance that a decision is wrong, one at its threshold being a coin's toss."""
    distance = np.abs(_logit(probabilities) - _logit(model.thresholds))
    right: Floats = 1 / (1 + np.exp(-distance))
    return np.asarray(1 - right.prod(axis=1))


def _logit(probabilities: Floats) -> Floats:
    inner = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inner / (1 - inner)))


def proposal(model: Model, probabilities: Floats) -> str:
    """Return what the model proposes for a paragraph and its nearest decision, such as "health 0.91; unsure: party"."""
    carried = model.carried(probabilities).tolist()
    shares = probabilities.tolist()
    rows = zip(model.measures, shares, carried, strict=True)
    proposed = ", ".join(f"{measure} {share:.2f}" for measure, share, yes in rows if yes) or "none"
    nearest = int(np.argmin(np.abs(_logit(probabilities) - _logit(model.thresholds))))
    return f"{proposed}; least sure of: {model.measures[nearest]} {shares[nearest]:.2f}"


def _terms(candidates: Sequence[Candidate], model: Model) -> _Terms:
    parts = cut([one.text for one in candidates], model.segment, model.gram_sizes, skip_asides=model.skip_asides)
    row, term, value = model.paragraph_terms(parts)
    return _Terms(row, term, value, len(candidates), len(model.idf))


def _picks(doubts: Floats, terms: _Terms, articles: Sequence[str], number: int, per_article: int) -> list[int]:
    alike = np.zeros(len(doubts))
    free = np.ones(len(doubts), dtype=bool)
    taken: dict[str, int] = {}
    places = np.array(articles)
    picks: list[int] = []
    while len(picks) < number and free.any():
        pick = int(np.argmax(np.where(free, doubts * (1 - alike), -1.0)))
        picks.append(pick)
        free[pick] = False
        taken[articles[pick]] = taken.get(articles[pick], 0) + 1
        if taken[articles[pick]] >= per_article:
            free &= places != articles[pick]
        alike = np.clip(np.maximum(alike, terms.like(pick)), 0, 1)
    return picks


def to_code(suggestions: Sequence[Suggestion]) -> list[LabelledParagraph]:
    """Return the picks as paragraphs without codes, in order; the proposal stands in `note` alone."""
    return [
        LabelledParagraph(
            id=pick.candidate.id,
            article=pick.candidate.article,
            text=pick.candidate.text,
            measures=(),
            script=_script(pick.candidate.text),
            origin=ORIGIN,
            title=pick.candidate.title,
            note=f"model: {pick.proposal}",
        )
        for pick in suggestions
    ]


def _script(text: str) -> str:
    changed = any("\u3400" <= a <= "\u9fff" and a != b for a, b in zip(text, normalise(text), strict=True))
    return "hant" if changed else "hans"


def save_to_code(path: str | Path, paragraphs: Sequence[LabelledParagraph], form: Form | None = None) -> None:
    """Write paragraphs to be coded; a form left out is told by the ending, .jsonl being labelled paragraphs.

    Label Studio gets tasks without an annotation: an empty one would count as coded.
    """
    ending = Path(path).suffix.lower()
    chosen = form or {".json": "labelstudio", ".jsonl": "jsonl"}.get(ending)
    if chosen == "jsonl":
        save_labels(path, paragraphs)
    elif chosen == "labelstudio":
        rows = (paragraph.as_row() for paragraph in paragraphs)
        tasks = [{"data": {key: value for key, value in row.items() if key != "measures"}} for row in rows]
        write_text(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    else:
        export_labels(paragraphs, path, chosen)
