"""Codes that a model which has not seen their article doubts, the most doubtful first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tagger.article import Evidence
from tagger.errors import TaggerError
from tagger.learn import Examples, Known, decide, fit, splits
from tagger.model import Floats, Model
from tagger.recipe import Recipe

WORDS = 6  # shown of each doubt


@dataclass(frozen=True, slots=True)
class Doubt:
    """One decision, paragraph by measure, and the probability that the model gives the measure.

    `row` is the paragraph's number among the examples. `words` are what told, strongest first: what speaks for
    a measure not coded, or against one coded; none where nothing in the text says anything of it. `sentence`
    is the span of the sentence that speaks most for the measure.
    """

    row: int
    id: str
    article: str
    measure: str
    coded: bool
    probability: float
    words: tuple[str, ...]
    text: str
    sentence: tuple[int, int]

    @property
    def quote(self) -> str:
        """The sentence that speaks most for the measure."""
        return self.text[slice(*self.sentence)].strip()


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows of a fold, by number, and the model that has seen none of their articles."""

    rows: tuple[int, ...]
    model: Model


def audit(examples: Examples, ids: Sequence[str], recipe: Recipe, known: Known, most: int | None = None) -> list[Doubt]:
    """Return the `most` doubtful decisions, or all: by how improbable a code is to a model of other articles.

    The folds are the recipe's inner ones, the probabilities calibrated on all their logits at once. Raises
    TaggerError where there are not two articles, or a measure that a fold can't learn.
    """
    if len(set(examples.groups)) < 2:  # noqa: PLR2004 - one to learn from, one to judge
        raise TaggerError("labels to audit", "all of one article; code a second, or name more files")
    folds, logits = _folds(examples, recipe, known)
    calibrated = decide(folds[0].model, logits, examples.gold, recipe.decision)
    probabilities = calibrated.probabilities(logits)
    order = ranked(probabilities, examples.gold)[:most]
    fold = {row: held.model for held in folds for row in held.rows}
    found = (divmod(place, len(examples.measures)) for place in order.tolist())
    return [_doubt(examples, ids[row], (row, column), probabilities, fold[row]) for row, column in found]


def ranked(probabilities: Floats, gold: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the decisions' places (row × measures + column), those whose code is least probable first."""
    surprise = np.where(gold, 1 - probabilities, probabilities)
    return np.argsort(-surprise, axis=None, kind="stable").astype(np.int64)


def _folds(examples: Examples, recipe: Recipe, known: Known) -> tuple[list[_Held], Floats]:
    """Return each fold with its model, and all rows' logits by the model of their fold."""
    folds = []
    logits = np.zeros(examples.gold.shape)
    for held, kept in splits(examples.groups, recipe.folds.inner, recipe.seed):
        model = fit(examples.pick(kept), recipe, known)
        logits[held] = model.score_all([examples.texts[row] for row in held.tolist()]).logits
        folds.append(_Held(tuple(held.tolist()), model))
    return folds, logits


def _doubt(examples: Examples, name: str, place: tuple[int, int], probabilities: Floats, model: Model) -> Doubt:
    row, column = place
    text, coded = examples.texts[row], bool(examples.gold[place])
    told = model.explain(text)[column]
    return Doubt(
        row=row,
        id=name,
        article=examples.groups[row],
        measure=examples.measures[column],
        coded=coded,
        probability=float(probabilities[place]),
        words=telling(text, (term for term in told if (term.weight < 0) == coded)),
        text=text,
        sentence=model.score_all([text]).sentence(0, column),
    )


def telling(text: str, terms: Iterable[Evidence], most: int = WORDS) -> tuple[str, ...]:
    """Return the strongest terms as the text has them; a term within one already there says nothing new."""
    words: dict[str, None] = {}
    taken: set[int] = set()
    for term in terms:
        if len(words) == most:
            break
        places = {at for start, end in term.spans for at in range(start, end)}
        if not places & taken:
            words[text[slice(*term.spans[0])]] = None
            taken |= places
    return tuple(words)
