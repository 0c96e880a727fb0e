"""A recipe measured every way that counts: by article, by genre, on less text, and beside plain baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from tagger.errors import TaggerError
from tagger.evaluate import Answers, Evaluation, difference, evaluate, table
from tagger.files import optional
from tagger.learn import Booleans, Examples, Floats, Integers, Known, cross_validate, splits
from tagger.metrics import Figure
from tagger.recipe import Recipe
from tagger.words import normalise, segmenter

SHARES = (0.25, 0.5, 0.75)  # of the training articles; the outer folds themselves are the whole
LEAST_ARTICLES = 2  # to train on: an inner fold holds one out
GENRE_LEFT_OUT = "one genre left out"
ARTICLES_IGNORED = "folds that ignore articles"
CUES = "codebook cues alone"
PLAIN = "plain script"

Work = tuple[Integers, Integers]  # rows held out, rows kept to train on
Table = tuple[str, Sequence[str], list[list[str]]]  # title, head, rows


@dataclass(frozen=True, slots=True)
class Scored:
    """Figures, and by how much the micro-F1 of the outer folds by article is higher on the same paragraphs."""

    evaluation: Evaluation
    behind: Figure


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the learning curve: the size of what was trained on, a mean over the folds, and what it gave."""

    share: float
    articles: float
    paragraphs: float
    scored: Scored


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a recipe gives, each way it was measured.

    `others` are other ways to cut the folds, and the baselines on the outer folds; `notes` say what is left out.
    """

    by_article: Evaluation
    others: Mapping[str, Scored]
    genres: Mapping[str, Evaluation]
    curve: Sequence[Point]
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values: [value, low, high] for each figure."""
        sizes = [(point.share, round(point.articles, 1), round(point.paragraphs, 1)) for point in self.curve]
        return {
            "by_article": self.by_article.as_json(),
            "others": {name: _plain(scored) for name, scored in self.others.items()},
            "genres": {name: evaluation.as_json() for name, evaluation in self.genres.items()},
            "curve": [
                dict(zip(("share", "articles", "paragraphs"), size, strict=True)) | {"scored": _plain(point.scored)}
                for size, point in zip(sizes, self.curve, strict=True)
            ],
            "notes": list(self.notes),
        }


def compare(examples: Examples, recipe: Recipe, known: Known, genres: Sequence[str], jobs: int = 1) -> Comparison:
    """Return a recipe's figures by outer folds, by genre, on less text, and beside the baselines.

    `genres` are the paragraphs' own; `jobs` is how many models are trained at once, and changes no figure.
    """
    outer = by_article(examples, recipe, known, jobs)
    told = {ARTICLES_IGNORED: ignoring_articles(examples, recipe, known, jobs)}
    parts, notes = genre_parts(examples.groups, genres), []
    try:
        told = {GENRE_LEFT_OUT: by_genre(examples, recipe, known, parts, jobs)} | told
    except TaggerError as error:
        parts = {}
        notes.append(f"No genre was left out: {error.reason}.")
    told |= {CUES: cues_alone(examples, known), PLAIN: plain_script(examples, recipe)}
    curve = []
    for share in SHARES:
        try:
            less = on_less(examples, recipe, known, share, jobs)
        except TaggerError as error:
            notes.append(f"The learning curve lacks {share:.0%} of the articles: {error.reason}.")
            continue
        curve.append(Point(share, *sizes(examples, recipe, share), _scored(outer, less, recipe.seed)))
    curve.append(Point(1.0, *sizes(examples, recipe, 1.0), _scored(outer, outer, recipe.seed)))
    return Comparison(
        evaluate(outer, seed=recipe.seed),
        {name: _scored(outer, answers, recipe.seed) for name, answers in told.items()},
        {name: evaluate(_some(told[GENRE_LEFT_OUT], rows), seed=recipe.seed) for name, rows in parts.items()},
        curve,
        notes,
    )


def by_article(examples: Examples, recipe: Recipe, known: Known, jobs: int = 1) -> Answers:
    """Return the answers of outer folds that share no article."""
    return _answers(examples, recipe, known, _outer(examples, recipe), jobs)


def ignoring_articles(examples: Examples, recipe: Recipe, known: Known, jobs: int = 1) -> Answers:
    """Return the answers of folds that may split an article: they flatter, as half of it was learnt from."""
    alone = tuple(str(number) for number in range(len(examples.texts)))
    return _answers(examples, recipe, known, list(splits(alone, recipe.folds.outer, recipe.seed)), jobs)


def by_genre(examples: Examples, recipe: Recipe, known: Known, parts: Mapping[str, Integers], jobs: int = 1) -> Answers:
    """Return each paragraph's answers by a model that saw nothing of its genre; TaggerError where none can be made."""
    if len(parts) < 2:  # noqa: PLR2004 - one to train on, one to leave out
        raise TaggerError("genres", "all paragraphs are of one genre")
    rows = np.arange(len(examples.texts))
    return _answers(examples, recipe, known, [(held, np.setdiff1d(rows, held)) for held in parts.values()], jobs)


def genre_parts(groups: Sequence[str], genres: Sequence[str]) -> dict[str, Integers]:
    """Return the rows of each genre by name; an article is all of its first paragraph's genre."""
    first: dict[str, str] = {}
    for group, genre in zip(groups, genres, strict=True):
        first.setdefault(group, genre or "(none)")
    of_row = np.array([first[group] for group in groups])
    return {str(name): np.flatnonzero(of_row == name) for name in np.unique(of_row)}


def on_less(examples: Examples, recipe: Recipe, known: Known, share: float, jobs: int = 1) -> Answers:
    """Return the outer folds' answers by models trained on a share of the articles.

    Raises TaggerError where so few articles train no model.
    """
    work = []
    for held, kept in _outer(examples, recipe):
        rows = share_of(examples.groups, kept, share, recipe.seed)
        if len({examples.groups[row] for row in rows.tolist()}) < LEAST_ARTICLES:
            raise TaggerError("learning curve", f"fewer than {LEAST_ARTICLES} articles are left to train on")
        work.append((held, rows))
    return _answers(examples, recipe, known, work, jobs)


def share_of(groups: Sequence[str], rows: Integers, share: float, seed: int = 0) -> Integers:
    """Return the rows of a share of the articles among `rows`; a larger share holds all of a smaller one."""
    names = np.unique(np.array(groups)[rows])
    order = np.random.default_rng(seed).permutation(len(names))
    chosen = names[order[: round(share * len(names))]]
    return rows[np.isin(np.array(groups)[rows], chosen)]


def sizes(examples: Examples, recipe: Recipe, share: float) -> tuple[float, float]:
    """Return how many articles and paragraphs a share of the outer folds' training sets holds, on average."""
    parts = [share_of(examples.groups, kept, share, recipe.seed).tolist() for _, kept in _outer(examples, recipe)]
    articles = [len({examples.groups[row] for row in rows}) for rows in parts]
    return float(np.mean(articles)), float(np.mean([len(rows) for rows in parts]))


def cues_alone(examples: Examples, known: Known) -> Answers:
    """Return the answers of no model: a paragraph carries a measure if a cue of the codebook's stands in it."""
    texts = [normalise(text) for text in examples.texts]
    cues = [[normalise(cue) for cue in terms] for terms in known.cues]
    given = np.array([[any(cue in text for cue in terms) for terms in cues] for text in texts], dtype=bool)
    return _of(examples, given.astype(np.float64), given)


def plain_script(examples: Examples, recipe: Recipe) -> Answers:
    """Return the outer folds' answers of what a short script does.

    jieba's words of the text as it stands, scikit-learn's TF-IDF and one logistic regression per measure with
    their defaults, and probability 0.5.
    """
    linear_model = optional("sklearn.linear_model", "train", "training")
    texts = optional("sklearn.feature_extraction.text", "train", "training")
    segment = segmenter()
    words = [[word for word in segment.cut(text) if not word.isspace()] for text in examples.texts]
    threads = optional("threadpoolctl", "train", "training")
    probabilities = np.zeros(examples.gold.shape)
    for held, kept in _outer(examples, recipe):
        vectors = texts.TfidfVectorizer(analyzer=list)
        matrix = vectors.fit_transform([words[row] for row in kept.tolist()])
        unseen = vectors.transform([words[row] for row in held.tolist()])
        for column in range(len(examples.measures)):
            with threads.threadpool_limits(1):  # on small steps threads wait for each other: twenty times as slow
                fitted = linear_model.LogisticRegression(max_iter=1000).fit(matrix, examples.gold[kept, column])
            probabilities[held, column] = fitted.predict_proba(unseen)[:, 1]
    return _of(examples, probabilities, probabilities >= 0.5)  # noqa: PLR2004 - the default that it is


def _outer(examples: Examples, recipe: Recipe) -> list[Work]:
    return list(splits(examples.groups, recipe.folds.outer, recipe.seed))


def _answers(examples: Examples, recipe: Recipe, known: Known, work: Sequence[Work], jobs: int) -> Answers:
    """Return the answers on all rows held out, one model for each piece of work."""
    from joblib import Parallel, delayed

    probabilities = np.zeros(examples.gold.shape)
    given = np.zeros(examples.gold.shape, dtype=bool)
    done = Parallel(n_jobs=jobs)(delayed(_held_out)(examples, recipe, known, *rows) for rows in work)
    for (held, _), found in zip(work, done, strict=True):
        if isinstance(found, str):
            raise TaggerError("folds", found)
        probabilities[held], given[held] = found
    return _of(examples, probabilities, given)


def _held_out(
    examples: Examples, recipe: Recipe, known: Known, held: Integers, kept: Integers
) -> tuple[Floats, Booleans] | str:
    """Return the answers on the rows held out, or why there are none: our errors don't pass between processes."""
    rows = np.union1d(held, kept)
    places = np.searchsorted(rows, held)
    try:
        probabilities, given = cross_validate(examples.pick(rows), recipe, known, [places])
    except TaggerError as error:
        return str(error)
    return probabilities[places], given[places]


def _of(examples: Examples, probabilities: Floats, given: Booleans) -> Answers:
    return Answers(examples.gold, given, probabilities, examples.groups, examples.measures)


def _some(answers: Answers, rows: Integers) -> Answers:
    groups = tuple(compress(answers.groups, np.isin(np.arange(len(answers.groups)), rows).tolist()))
    return Answers(answers.gold[rows], answers.given[rows], answers.probabilities[rows], groups, answers.measures)


def _scored(outer: Answers, other: Answers, seed: int) -> Scored:
    return Scored(evaluate(other, seed=seed), difference(outer, other, seed=seed))


def _plain(scored: Scored) -> dict[str, Any]:
    behind = [round(value, 4) for value in (scored.behind.value, scored.behind.low, scored.behind.high)]
    return scored.evaluation.as_json() | {"behind": behind}


def tables(comparison: Comparison) -> list[Table]:
    """Return what was found as tables, each with a title."""
    found: list[Table] = [("Outer folds by article", *table(comparison.by_article))]
    head = ["on the same paragraphs", "micro-F1", "macro-F1", "exact match", "by article is ahead by"]
    names = ("micro_f1", "macro_f1", "exact_match")
    ways = {"outer folds by article": comparison.by_article} | {
        name: scored.evaluation for name, scored in comparison.others.items()
    }
    ahead = ["", *(_signed(scored.behind) for scored in comparison.others.values())]
    rows = [
        [name, *(str(way.overall[key]) for key in names), more]
        for (name, way), more in zip(ways.items(), ahead, strict=True)
    ]
    found.append(("Other folds, and baselines on the outer folds", head, rows))
    if comparison.genres:
        left_out = comparison.others[GENRE_LEFT_OUT].evaluation
        found += [("One genre left out", *table(left_out)), ("Each genre, left out", *_genres(comparison.genres))]
    return [*found, ("Learning curve: F1 by the share of the articles trained on", *_curve(comparison))]


def _genres(genres: Mapping[str, Evaluation]) -> tuple[Sequence[str], list[list[str]]]:
    names = ("micro_precision", "micro_recall", "micro_f1", "exact_match")
    rows = [
        [name, f"{one.articles:,}", f"{one.paragraphs:,}", *(str(one.overall[key]) for key in names)]
        for name, one in genres.items()
    ]
    return ["genre", "articles", "paragraphs", "micro-precision", "micro-recall", "micro-F1", "exact match"], rows


def _curve(comparison: Comparison) -> tuple[Sequence[str], list[list[str]]]:
    measures = list(comparison.by_article.measures)
    rows = []
    for point in comparison.curve:
        one = point.scored.evaluation
        f1 = [f"{one.measures[measure]['f1'].value:.3f}" for measure in measures]
        size = [f"{point.share:.0%}", f"{point.articles:,.0f}", f"{point.paragraphs:,.0f}"]
        rows.append([*size, str(one.overall["micro_f1"]), _signed(point.scored.behind) if point.share < 1 else "", *f1])
    return ["share", "articles", "paragraphs", "all (micro)", "the rest brings", *measures], rows


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"


def markdown(comparison: Comparison, recipe_name: str) -> str:
    """Return the tables as a Markdown page."""
    overall = comparison.by_article
    parts = [
        "# Evaluation",
        (
            f"Recipe `{recipe_name}` on {overall.paragraphs:,} paragraphs of {overall.articles:,} articles. Whatever "
            "picks a threshold or calibrates is an inner fold of what is trained on. In brackets 95% intervals by "
            "resampling articles; differences are paired. Written by `tagger evaluate --cv`."
        ),
    ]
    for title, head, rows in tables(comparison):
        lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
        parts += [f"## {title}", "\n".join(f"| {' | '.join(c.replace('|', '/') for c in line)} |" for line in lines)]
    return "\n\n".join([*parts, *comparison.notes]) + "\n"
