"""Labelled paragraphs and a recipe to a model, by scikit-learn's logistic regression."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tagger.contracts import curve, thresholds
from tagger.errors import TaggerError
from tagger.files import optional
from tagger.model import Model
from tagger.recipe import Decision, Recipe
from tagger.segmenters import segmenter
from tagger.words import PAIRS, cut, gram_text

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Coded paragraphs as arrays: n texts, `gold` n × measures, and the group (article) each belongs to."""

    texts: tuple[str, ...]
    gold: Booleans
    groups: tuple[str, ...]
    measures: tuple[str, ...]

    def pick(self, rows: Integers) -> "Examples":
        """Return some of the paragraphs, by their numbers."""
        numbers = rows.tolist()
        return Examples(
            tuple(self.texts[n] for n in numbers),
            self.gold[rows],
            tuple(self.groups[n] for n in numbers),
            self.measures,
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the field before any paragraph is coded.

    `lexicon` are terms that the segmenter keeps whole; `cues` the codebook's terms for each measure, in the
    measures' order; `classes` lists of words of one kind (crops, trades, parts of a house). Cues and classes are
    terms of the model whether a paragraph holds them or not.
    """

    lexicon: tuple[str, ...] = ()
    cues: tuple[tuple[str, ...], ...] = ()
    classes: tuple[tuple[str, ...], ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """What the segmenter keeps whole: the lexicon, and all of the groups."""
        return tuple(dict.fromkeys([*self.lexicon, *(term for group in self.groups for term in group)]))

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The terms that share a weight: those of each measure's cues, those of each class."""
        return (*self.cues, *self.classes)


def folds(groups: Sequence[str], count: int, seed: int = 0) -> list[Integers]:
    """Return `count` lists of row numbers that share no group, of about equal size.

    Groups are shuffled, then each goes to the smallest fold so far, larger groups first.
    """
    names, sizes = np.unique(np.array(groups), return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    load = np.zeros(count, dtype=np.int64)
    fold = {}
    for group in order.tolist():
        smallest = int(np.argmin(load))
        fold[str(names[group])] = smallest
        load[smallest] += sizes[group]
    member = np.array([fold[group] for group in groups])
    return [np.flatnonzero(member == number) for number in range(count)]


def fit(examples: Examples, recipe: Recipe, known: Known = Known()) -> Model:
    """Return a model with its weights, not yet calibrated: its thresholds are at probability 0.5.

    Weights and idf are rounded to what a model file holds, so that loading a saved model changes nothing.
    """
    features = recipe.features
    parts = cut(examples.texts, segmenter(known.terms), features.character_ngrams, skip_asides=features.skip_asides)
    words: tuple[str, ...] = ()
    if features.words:
        words = _frequent(parts.word, parts.sentence_text[parts.word_sentence], features.min_paragraphs)
        words = tuple(sorted({*words, *(term for group in known.groups for term in group)}))
    grams, place = np.unique(parts.gram, return_inverse=True)
    found = _spread(place, parts.sentence_text[parts.gram_sentence])
    common = (grams < PAIRS) & (found > features.common_character * len(examples.texts))
    grams = grams[(found >= features.min_paragraphs) & ~common]
    count, terms = len(examples.measures), len(words) + len(grams)
    draft = Model(
        measures=examples.measures,
        words=words,
        grams=grams,
        idf=np.ones(terms),
        weights=np.zeros((terms, count)),
        intercepts=np.zeros(count),
        slopes=np.ones(count),
        offsets=np.zeros(count),
        thresholds=np.full(count, 0.5),
        sentence_share=recipe.model.sentence_share,
        gram_sizes=features.character_ngrams,
        lexicon=known.terms,
        skip_asides=features.skip_asides,
    )
    row, term, _ = draft.paragraph_terms(parts)
    spread = np.bincount(term, minlength=terms)
    idf = (np.log((1 + len(examples.texts)) / (1 + spread)) + 1).astype(np.float32).astype(np.float64)
    draft = replace(draft, idf=idf)
    row, term, value = draft.paragraph_terms(parts)
    sparse = optional("scipy.sparse", "train", "training")
    matrix = sparse.csr_matrix((value, (row, term)), shape=(len(examples.texts), terms))
    shared = _shared(draft, known.groups) * recipe.model.cue_share
    weights, intercepts = _linear(sparse.hstack([matrix, matrix @ shared]).tocsr(), examples, recipe)
    weights = weights[:terms] + shared @ weights[terms:]
    digits = recipe.rounding.weights
    kept = np.round(weights, digits).astype(np.float32).astype(np.float64)
    return replace(draft, weights=kept, intercepts=np.round(intercepts, digits))


def _frequent(words: list[str], text: Integers, least: int) -> tuple[str, ...]:
    """Return the words that stand in at least so many texts, sorted."""
    number: dict[str, int] = {}
    places = np.fromiter((number.setdefault(word, len(number)) for word in words), dtype=np.int64, count=len(words))
    return tuple(
        sorted(word for word, spread in zip(number, _spread(places, text).tolist(), strict=True) if spread >= least)
    )


def _spread(term: Integers, text: Integers) -> Integers:
    """Return in how many texts each term (0-based, none left out) stands."""
    size = int(text.max(initial=0)) + 1
    return np.bincount(np.unique(term * size + text) // size)


def _shared(model: Model, groups: Sequence[Sequence[str]]) -> Floats:
    """Return which terms are of which group, terms × groups.

    The sum of a group's terms is one more feature, so that they share a weight for each measure beside their
    own: a cue, a crop or a trade that no coded paragraph holds speaks, too. As all is linear, the shared weight
    folds into each term's own and costs nothing in tagging. A term is the n-gram of its characters where that is
    a feature, else the word. (Classes of words: Brown et al., 1992; ours are written down, not learnt.)
    """
    number = {word: place for place, word in enumerate(model.words)}
    number |= {gram_text(code): len(model.words) + place for place, code in enumerate(model.grams.tolist())}
    found = np.zeros((len(model.idf), len(groups)))
    for column, terms in enumerate(groups):
        found[[number[term] for term in terms if term in number], column] = 1
    return found


def _linear(matrix: object, examples: Examples, recipe: Recipe) -> tuple[Floats, Floats]:
    """Fit one L2-penalised logistic regression per measure (liblinear: Fan et al., 2008)."""
    linear_model = optional("sklearn.linear_model", "train", "training")
    weights, intercepts = [], []
    for number, measure in enumerate(examples.measures):
        gold = examples.gold[:, number]
        if gold.all() or not gold.any():
            side = "every" if gold.all() else "no"
            reason = f"{side} training paragraph carries it; code some of both"
            raise TaggerError(f"measure {measure!r}", reason)
        fitted = linear_model.LogisticRegression(
            C=recipe.model.C,
            class_weight="balanced" if recipe.model.balanced else None,
            solver="liblinear",
            tol=1e-9,  # far below the rounding of the weights
            max_iter=1000,
            random_state=recipe.seed,
        ).fit(matrix, gold)
        weights.append(fitted.coef_[0])
        intercepts.append(float(fitted.intercept_[0]))
    return np.stack(weights, axis=1), np.array(intercepts)


def out_of_fold(examples: Examples, recipe: Recipe, known: Known, count: int) -> Floats:
    """Return each paragraph's logits (n × measures) by a model that saw nothing of its article."""
    logits = np.zeros(examples.gold.shape)
    for held, kept in splits(examples.groups, count, recipe.seed):
        model = fit(examples.pick(kept), recipe, known)
        logits[held] = model.score_all([examples.texts[n] for n in held.tolist()]).logits
    return logits


def splits(groups: Sequence[str], count: int, seed: int) -> Iterator[tuple[Integers, Integers]]:
    """Yield the rows held out and the rows kept for each fold."""
    for held in folds(groups, min(count, len(set(groups))), seed):
        yield held, np.setdiff1d(np.arange(len(groups)), held)


def decide(model: Model, logits: Floats, gold: Booleans, decision: Decision) -> Model:
    """Return the model calibrated on out-of-fold logits (Platt, 1999), with a threshold per measure."""
    linear_model = optional("sklearn.linear_model", "train", "training")
    slopes, offsets = [], []
    for number in range(len(model.measures)):
        platt = linear_model.LogisticRegression(C=1e6, tol=1e-9, max_iter=1000)
        platt.fit(logits[:, [number]], gold[:, number])
        slopes.append(max(0.01, round(float(platt.coef_[0, 0]), 4)))
        offsets.append(round(float(platt.intercept_[0]), 4))
    model = replace(model, slopes=np.array(slopes), offsets=np.array(offsets))
    probabilities = model.probabilities(logits)
    columns = [(probabilities[:, number], gold[:, number]) for number in range(len(model.measures))]
    chosen = [
        threshold(*column, decision.of(measure), decision.tolerance)
        for measure, column in zip(model.measures, columns, strict=True)
    ]
    alike = [number for number, measure in enumerate(model.measures) if decision.of(measure) == "f1"]
    if decision.common and alike:
        one = threshold(probabilities[:, alike].ravel(), gold[:, alike].ravel(), "f1", decision.tolerance)
        chosen = [one if number in alike else own for number, own in enumerate(chosen)]
    curves = {
        measure: [list(point) for point in curve(*column)]  # lists, as JSON gives them back
        for measure, column in zip(model.measures, columns, strict=True)
    }
    return replace(model, thresholds=np.array(chosen), about={**model.about, "curves": curves})


def threshold(probabilities: Floats, gold: Booleans, objective: str, tolerance: float) -> float:
    """Return the probability from which a paragraph carries the measure, to four decimals.

    For "f1" it lies midway between two neighbours, at the best F1 (or the highest within the tolerance); for
    "precision=P" it is the lowest that holds P from there up, for "recall=R" the highest that holds R. Where
    nothing holds, the nearest to it.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    hits = np.cumsum(gold[order])
    taken = np.arange(1, len(ranked) + 1)
    last = np.append(ranked[:-1] > ranked[1:], True)  # ties fall on one side
    precision, recall = hits / taken, hits / max(1, int(gold.sum()))
    name, _, wanted = objective.partition("=")
    if name == "f1":
        f1 = np.where(last, 2 * hits / (taken + gold.sum()), -1.0)
        good = np.flatnonzero(f1 >= f1.max() - tolerance)
    elif name == "precision":
        reached = np.where(last, precision, -1.0)
        good = np.flatnonzero(reached >= min(float(wanted), reached.max()))[-1:]
    else:
        good = np.flatnonzero(last & (recall >= float(wanted)))[:1]
    at = int(good[np.argmax(f1[good])] if name == "f1" and not tolerance else good[0])
    below = ranked[at + 1] if at + 1 < len(ranked) else 0.0
    return round(float(np.clip((ranked[at] + below) / 2, 1e-4, 1 - 1e-4)), 4)


def train(examples: Examples, recipe: Recipe, known: Known = Known()) -> Model:
    """Return a model fitted on all examples, calibrated and cut off by its own inner folds."""
    threads = optional("threadpoolctl", "train", "training")
    with threads.threadpool_limits(1):  # on small steps BLAS threads wait for each other, the longer the busier it is
        logits = out_of_fold(examples, recipe, known, recipe.folds.inner)
        return decide(fit(examples, recipe, known), logits, examples.gold, recipe.decision)


def cross_validate(
    examples: Examples, recipe: Recipe, known: Known, parts: Sequence[Integers]
) -> tuple[Floats, Booleans]:
    """Return each paragraph's probabilities and measures (n × measures) by a model trained without its part.

    `parts` are row numbers held out together, such as outer folds or genres. Calibration and thresholds come
    from inner folds of what is kept, so nothing that reports a score has picked anything.
    """
    held_out = cross_validate_for(examples, recipe, known, parts)
    return held_out.probabilities, held_out.carried


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models said of paragraphs that they had not seen, n × measures; `kept` what they would for objectives."""

    probabilities: Floats
    carried: Booleans
    kept: Mapping[str, Booleans]


def cross_validate_for(
    examples: Examples, recipe: Recipe, known: Known, parts: Sequence[Integers], objectives: Sequence[str] = ()
) -> HeldOut:
    """Return what `cross_validate` does, and the measures by thresholds that inner folds chose for objectives."""
    probabilities = np.zeros(examples.gold.shape)
    carried = np.zeros(examples.gold.shape, dtype=bool)
    kept_for = {objective: carried.copy() for objective in objectives}
    for held in parts:
        kept = np.setdiff1d(np.arange(len(examples.texts)), held)
        model = train(examples.pick(kept), recipe, known)
        scores = model.score_all([examples.texts[number] for number in held.tolist()])
        probabilities[held] = scores.probabilities
        carried[held] = model.carried(scores.probabilities)
        for objective, given in kept_for.items():
            given[held] = scores.probabilities >= thresholds(model.about, model.measures, objective)
    return HeldOut(probabilities, carried, kept_for)
