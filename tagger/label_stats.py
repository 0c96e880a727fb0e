"""Labelled paragraphs counted: by measure, pair, genre and script, and the terms that they hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tagger.codebook import Codebook
from tagger.labels import LabelledParagraph
from tagger.words import normalise

NUMBERS = ("none", "one", "two or more")


@dataclass(frozen=True, slots=True)
class Stats:
    """How many articles and paragraphs there are, how long (in characters), and how they are coded."""

    articles: int
    paragraphs: int
    characters: int
    lengths: Mapping[str, int]
    measures: Mapping[str, int]
    by_number: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    genres: Mapping[str, tuple[int, int]]
    scripts: Mapping[str, tuple[int, int]]


def stats(labels: Sequence[LabelledParagraph], codebook: Codebook) -> Stats:
    """Return the counts; genres and scripts as (articles, paragraphs)."""
    lengths = sorted(len(label.text) for label in labels)
    measures = Counter(measure for label in labels for measure in label.measures)
    pairs = Counter(pair for label in labels for pair in combinations(label.measures, 2))
    number = Counter(NUMBERS[min(2, len(label.measures))] for label in labels)
    return Stats(
        articles=len({label.article for label in labels}),
        paragraphs=len(labels),
        characters=sum(lengths),
        lengths={"shortest": lengths[0], "median": lengths[len(lengths) // 2], "longest": lengths[-1]}
        if lengths
        else {},
        measures={measure: measures[measure] for measure in codebook.ids},
        by_number={name: number[name] for name in NUMBERS},
        pairs={pair: pairs[pair] for pair in combinations(codebook.ids, 2)},
        genres=_groups(labels, "genre"),
        scripts=_groups(labels, "script"),
    )


def _groups(labels: Sequence[LabelledParagraph], field: str) -> dict[str, tuple[int, int]]:
    articles: dict[str, set[str]] = defaultdict(set)
    paragraphs: Counter[str] = Counter()
    for label in labels:
        name = getattr(label, field) or "(none)"
        articles[name].add(label.article)
        paragraphs[name] += 1
    return {name: (len(articles[name]), paragraphs[name]) for name in sorted(articles)}


def cover(labels: Sequence[LabelledParagraph], terms: Iterable[str]) -> dict[str, int]:
    """Return in how many paragraphs each term stands, as printed or in Simplified script."""
    texts = [normalise(label.text) for label in labels]
    return {term: sum(term in text for text in texts) for term in dict.fromkeys(terms)}
