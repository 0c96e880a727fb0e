"""A recipe measured every way that counts: by article, by genre, on less text, and beside plain baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from tagger.baselines import BASELINES, DEFAULT, HALF, cues_alone, features, held_out
from tagger.curves import drawn_precisions, gains, mean_precision, precision_recall, reliability
from tagger.errors import TaggerError
from tagger.evaluate import Answers, Evaluation, difference, evaluate
from tagger.learn import Booleans, Examples, Floats, Integers, Known, cross_validate, splits
from tagger.metrics import Figure
from tagger.recipe import Recipe

SHARES = (0.25, 0.5, 0.75)  # of the training articles; the outer folds themselves are the whole
LEAST_ARTICLES = 2  # to train on: an inner fold holds one out
BY_ARTICLE = "outer folds by article"
GENRE_LEFT_OUT = "one genre left out"
ARTICLES_IGNORED = "folds that ignore articles"

Work = tuple[Integers, Integers]  # rows held out, rows kept to train on
Found = tuple[Floats, Booleans] | str  # of the rows held out: probabilities and measures, or why there are none


@dataclass(frozen=True, slots=True)
class Scored:
    """Figures, the mean average precision, and by how much the outer folds by article are ahead of both.

    `behind` is of micro-F1, `precision_behind` of the mean average precision, which no threshold touches; both
    are paired, on the same paragraphs.
    """

    evaluation: Evaluation
    behind: Figure
    precision: Figure
    precision_behind: Figure

    def as_json(self) -> dict[str, Any]:
        """Return plain values: [value, low, high] for each figure."""
        whole = self.evaluation.as_json()
        whole["overall"]["average_precision"] = plain(self.precision)
        return whole | {"behind": plain(self.behind), "behind_average_precision": plain(self.precision_behind)}


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the learning curve: the size of what was trained on, a mean over the folds, and what it gave.

    `missing` is what the rest of the articles adds to each measure's F1.
    """

    share: float
    articles: float
    paragraphs: float
    scored: Scored
    missing: Mapping[str, Figure]

    def as_json(self) -> dict[str, Any]:
        """Return plain values: each measure's F1, and [value, low, high] of the other figures."""
        one = self.scored.evaluation
        return {
            "share": self.share,
            "articles": round(self.articles, 1),
            "paragraphs": round(self.paragraphs, 1),
            "micro_f1": plain(one.overall["micro_f1"]),
            "macro_f1": plain(one.overall["macro_f1"]),
            "average_precision": plain(self.scored.precision),
            "measures": {measure: round(figures["f1"].value, 4) for measure, figures in one.measures.items()},
            "behind": plain(self.scored.behind),
            "missing": {measure: plain(figure) for measure, figure in self.missing.items()},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a recipe gives, each way it was measured.

    `others` are other ways to cut the folds, and the baselines on the outer folds; `curves` and `reliability`
    are points to draw; `notes` say what is left out.
    """

    by_article: Scored
    others: Mapping[str, Scored]
    genres: Mapping[str, Evaluation]
    learning_curve: Sequence[Point]
    curves: Mapping[str, Any]
    reliability: Sequence[Mapping[str, float]]
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values: [value, low, high] for each figure."""
        whole = self.by_article.as_json()
        return {
            "by_article": {name: value for name, value in whole.items() if not name.startswith("behind")},
            "others": {name: scored.as_json() for name, scored in self.others.items()},
            "genres": {name: evaluation.as_json() for name, evaluation in self.genres.items()},
            "learning_curve": [point.as_json() for point in self.learning_curve],
            "curves": dict(self.curves),
            "reliability": list(self.reliability),
            "notes": list(self.notes),
        }


def plain(figure: Figure) -> list[float]:
    """Return [value, low, high], to four decimals."""
    return [round(value, 4) for value in (figure.value, figure.low, figure.high)]


def compare(  # noqa: PLR0913, PLR0917 - what to train, how to cut it, and beside what
    examples: Examples,
    recipe: Recipe,
    known: Known,
    genres: Sequence[str],
    jobs: int = 1,
    baselines: Sequence[str] = DEFAULT,
) -> Comparison:
    """Return a recipe's figures by outer folds, by genre, on less text, and beside the baselines.

    `genres` are the paragraphs' own, `baselines` names in `BASELINES`; `jobs` is how many models are trained at
    once, and changes no figure.
    """
    parts = genre_parts(examples.groups, genres)
    cuts, notes = ways(examples, recipe, parts)
    told, failed = answers(examples, recipe, known, cuts, jobs, [name for name in baselines if name != "cues"])
    if BY_ARTICLE in failed:
        raise TaggerError("folds", failed[BY_ARTICLE])
    notes += [f"Left out: {name} ({reason})." for name, reason in failed.items()]
    if "cues" in baselines:
        told[BASELINES["cues"]] = cues_alone(examples, known)
    pieces = {}
    if GENRE_LEFT_OUT in told:
        pieces = {name: _some(told[GENRE_LEFT_OUT], rows) for name, rows in parts.items()}
    scored, of_genre = _scored(told, pieces, recipe.seed, jobs)
    whole = told[BY_ARTICLE]
    curve = {share: share_name(share) for share in SHARES if share_name(share) in told} | {1.0: BY_ARTICLE}
    others = (GENRE_LEFT_OUT, ARTICLES_IGNORED, *BASELINES.values())
    return Comparison(
        scored[BY_ARTICLE],
        {name: scored[name] for name in others if name in scored},
        of_genre,
        [
            Point(share, *sizes(examples, recipe, share), scored[name], gains(whole, told[name], recipe.seed))
            for share, name in curve.items()
        ],
        precision_recall(whole),
        reliability(whole, recipe.seed),
        notes,
    )


def ways(examples: Examples, recipe: Recipe, parts: Mapping[str, Integers]) -> tuple[dict[str, list[Work]], list[str]]:
    """Return the folds of each way to measure, by name, and notes on the ways that so few labels don't allow.

    Folds that ignore articles may split one: they flatter, as half of it was learnt from. `parts` are the genres.
    """
    outer = list(splits(examples.groups, recipe.folds.outer, recipe.seed))
    alone = tuple(str(number) for number in range(len(examples.texts)))
    cuts, notes = {BY_ARTICLE: outer, ARTICLES_IGNORED: list(splits(alone, recipe.folds.outer, recipe.seed))}, []
    if len(parts) > 1:
        rows = np.arange(len(examples.texts))
        cuts[GENRE_LEFT_OUT] = [(held, np.setdiff1d(rows, held)) for held in parts.values()]
    else:
        notes.append("No genre was left out: all paragraphs are of one genre.")
    for share in SHARES:
        work = [(held, share_of(examples.groups, kept, share, recipe.seed)) for held, kept in outer]
        if all(len({examples.groups[row] for row in rows.tolist()}) >= LEAST_ARTICLES for _, rows in work):
            cuts[share_name(share)] = work
        else:
            reason = f"fewer than {LEAST_ARTICLES} articles are left to train on"
            notes.append(f"The learning curve lacks {share_name(share)}: {reason}.")
    return cuts, notes


def share_name(share: float) -> str:
    """Return the name of a point of the learning curve."""
    return f"{share:.0%} of the articles"


def answers(  # noqa: PLR0913, PLR0917 - what to train, how to cut it, and beside what
    examples: Examples,
    recipe: Recipe,
    known: Known,
    cuts: Mapping[str, Sequence[Work]],
    jobs: int = 1,
    baselines: Sequence[str] = (),
) -> tuple[dict[str, Answers], dict[str, str]]:
    """Return the answers of each way by name, and of the ways that failed the reason.

    A model for each piece of work, those of all ways in one queue, so that no worker waits for another way's last
    one. The baselines learn on the folds by article.
    """
    from joblib import Parallel, delayed

    queue = [
        (way, rows, delayed(_held_out)(examples, recipe, known, *rows)) for way, work in cuts.items() for rows in work
    ]
    for name in baselines:
        given = features(name, examples.texts, jobs)
        queue += [
            (BASELINES[name], rows, delayed(_baseline)(name, given, examples.gold, *rows)) for rows in cuts[BY_ARTICLE]
        ]
    queue.sort(key=lambda task: -len(task[1][1]))  # the longest first: the last ones then end together
    done = Parallel(n_jobs=jobs)(task for *_, task in queue)
    told: dict[str, Answers] = {}
    failed: dict[str, str] = {}
    for (way, (held, _), _), found in zip(queue, done, strict=True):
        if isinstance(found, str):
            failed.setdefault(way, found)
            continue
        if way not in told:
            told[way] = _of(examples, np.zeros(examples.gold.shape), np.zeros(examples.gold.shape, dtype=bool))
        told[way].probabilities[held], told[way].given[held] = found
    return {way: told[way] for way in told if way not in failed}, failed


def _held_out(examples: Examples, recipe: Recipe, known: Known, held: Integers, kept: Integers) -> Found:
    """Return the answers on the rows held out, or why there are none: our errors don't pass between processes."""
    rows = np.union1d(held, kept)
    places = np.searchsorted(rows, held)
    try:
        probabilities, given = cross_validate(examples.pick(rows), recipe, known, [places])
    except TaggerError as error:
        return str(error)
    return probabilities[places], given[places]


def _baseline(name: str, given: Any, gold: Booleans, held: Integers, kept: Integers) -> Found:  # noqa: ANN401
    probabilities = held_out(name, given, gold, held, kept)
    return probabilities, probabilities >= HALF


def genre_parts(groups: Sequence[str], genres: Sequence[str]) -> dict[str, Integers]:
    """Return the rows of each genre by name; an article is all of its first paragraph's genre."""
    first: dict[str, str] = {}
    for group, genre in zip(groups, genres, strict=True):
        first.setdefault(group, genre or "(none)")
    of_row = np.array([first[group] for group in groups])
    return {str(name): np.flatnonzero(of_row == name) for name in np.unique(of_row)}


def share_of(groups: Sequence[str], rows: Integers, share: float, seed: int = 0) -> Integers:
    """Return the rows of a share of the articles among `rows`; a larger share holds all of a smaller one."""
    names = np.unique(np.array(groups)[rows])
    order = np.random.default_rng(seed).permutation(len(names))
    chosen = names[order[: round(share * len(names))]]
    return rows[np.isin(np.array(groups)[rows], chosen)]


def sizes(examples: Examples, recipe: Recipe, share: float) -> tuple[float, float]:
    """Return how many articles and paragraphs a share of the outer folds' training sets holds, on average."""
    outer = splits(examples.groups, recipe.folds.outer, recipe.seed)
    parts = [share_of(examples.groups, kept, share, recipe.seed).tolist() for _, kept in outer]
    articles = [len({examples.groups[row] for row in rows}) for rows in parts]
    return float(np.mean(articles)), float(np.mean([len(rows) for rows in parts]))


def _of(examples: Examples, probabilities: Floats, given: Booleans) -> Answers:
    return Answers(examples.gold, given, probabilities, examples.groups, examples.measures)


def _some(told: Answers, rows: Integers) -> Answers:
    groups = tuple(compress(told.groups, np.isin(np.arange(len(told.groups)), rows).tolist()))
    return Answers(told.gold[rows], told.given[rows], told.probabilities[rows], groups, told.measures)


def _scored(
    told: Mapping[str, Answers], pieces: Mapping[str, Answers], seed: int, jobs: int
) -> tuple[dict[str, Scored], dict[str, Evaluation]]:
    """Return the figures of each way, beside those of the outer folds by article, and of each genre."""
    from joblib import Parallel, delayed

    every = [*told.values(), *pieces.values()]
    found = Parallel(n_jobs=jobs)(delayed(evaluate)(one, seed=seed) for one in every)
    drawn = dict(
        zip(told, Parallel(n_jobs=jobs)(delayed(drawn_precisions)(one, seed) for one in told.values()), strict=True)
    )
    whole = told[BY_ARTICLE]
    scored = {
        name: Scored(
            evaluation,
            difference(whole, told[name], seed=seed),
            mean_precision(drawn[name]),
            mean_precision(drawn[BY_ARTICLE] - drawn[name]),
        )
        for name, evaluation in zip(told, found, strict=False)
    }
    return scored, dict(zip(pieces, found[len(told) :], strict=True))
