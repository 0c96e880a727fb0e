"""Articles added up: which measures a body of articles covers, and how much of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import PurePosixPath
from re import compile as pattern
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tagger.article import Kind, TaggedArticle, Unread
from tagger.tally import Tally, tally

By = Literal["source", "date", "month", "place", "folder"]
BYS: tuple[By, ...] = get_args(By)
NONE, SEVERAL = "", "+"  # stand beside the measures' ids
UNITS = ("articles", "paragraphs", "characters")
BINS = 2048  # more articles than this are resampled in as many groups: the memory stays the same
RESAMPLES = 1000
DATE = pattern(r"([0-9〇○零一二三四五六七八九]{4})\s*[年./-]?\s*(\d{1,2}|十[一二]?|[一二三四五六七八九])?")
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with a 95% interval of the share where one can be given."""

    count: int
    total: int
    interval: tuple[float, float] | None

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of nothing is 0."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Covered:
    """A measure's shares of the articles, of the body paragraphs and of the body's characters."""

    measure: str
    articles: Share
    paragraphs: Share
    characters: Share


@dataclass(frozen=True, slots=True)
class Group:
    """What a set of articles covers; `name` is "" where the field is not stated."""

    name: str
    articles: int
    paragraphs: int
    characters: int
    measures: tuple[Covered, ...]
    none: Covered
    several: Covered


@dataclass(frozen=True, slots=True)
class Listed:
    """One article's line in the matrix of articles by measures: paragraphs of each."""

    file: str
    number: int
    title: str
    date: str
    place: str
    paragraphs: int
    characters: int
    none: int
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything added up. `inputs` = `read` + unread; the blocks' kinds sum to the blocks.

    `together` has, for each pair of measures, the paragraphs that carry both. `articles` lists the first
    ones, `unlisted` says how many more were counted.
    """

    measures: tuple[str, ...]
    whole: Group
    read: int
    unread: tuple[Unread, ...]
    blocks: Mapping[Kind, int]
    together: Mapping[tuple[str, str], int]
    articles: tuple[Listed, ...]
    unlisted: int
    by: By | None
    groups: tuple[Group, ...]

    @property
    def inputs(self) -> int:
        """How many inputs there were: files, or rows of a table."""
        return self.read + len(self.unread)


@dataclass(slots=True)
class _Sums:
    """Running sums of one set of articles; `bins` has a vector per article, or per group of articles."""

    articles: Counter[str] = field(default_factory=Counter)
    number: int = 0
    bins: list[list[int]] = field(default_factory=list)


def add_up(
    items: Iterable[TaggedArticle | Tally | Unread],
    measures: Sequence[str],
    *,
    by: By | None = None,
    seed: int = 0,
    listed: int = 1000,
) -> Coverage:
    """Return the coverage of tagged articles (or counts of them) in one pass.

    `measures` gives their order. Memory grows with the groups and the `listed` articles, not with the text.
    """
    keys = (*measures, NONE, SEVERAL)
    whole, groups = _Sums(), dict[str, _Sums]()
    blocks: Counter[Kind] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    unread: list[Unread] = []
    rows: list[Listed] = []
    read = 0
    last: tuple[str, int | None, int] = ("", None, 0)  # file, row and number of the article before
    for item in items:
        if isinstance(item, Unread):
            unread.append(item)
            continue
        counts = tally(item) if isinstance(item, TaggedArticle) else item
        here = (counts.file, counts.row, counts.number)
        read += here[:2] != last[:2] or here[2] <= last[2]
        last = here
        blocks.update(counts.blocks)
        together.update(counts.together)
        vector = _vector(counts, keys)
        _add(whole, counts, vector, keys)
        if by:
            _add(groups.setdefault(_group(counts, by), _Sums()), counts, vector, keys)
        if len(rows) < listed:
            rows.append(_listed(counts, measures))
    return Coverage(
        tuple(measures),
        _covered("", whole, keys, seed),
        read,
        tuple(unread),
        blocks,
        {(a, b): together[a, b] for i, a in enumerate(measures) for b in measures[i + 1 :]},
        tuple(rows),
        whole.number - len(rows),
        by,
        tuple(_covered(name, groups[name], keys, seed) for name in sorted(groups, key=lambda n: (not n, n))),
    )


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share; `total` is at least 1."""
    z = 1.959963984540054
    share, weight = count / total, z * z / total
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _vector(counts: Tally, keys: Sequence[str]) -> list[int]:
    """Sizes first, then paragraphs of each key, then characters of each key."""
    paragraphs = [counts.paragraphs.get(key, 0) for key in keys]
    return [*counts.size, *paragraphs, *(counts.characters.get(key, 0) for key in keys)]


def _add(sums: _Sums, counts: Tally, vector: list[int], keys: Sequence[str]) -> None:
    found = [key for key in keys[:-2] if counts.paragraphs.get(key)]
    sums.articles.update(found or [NONE])
    if len(found) > 1:
        sums.articles[SEVERAL] += 1
    if len(sums.bins) < BINS:
        sums.bins.append(vector)
    else:
        place = sums.number % BINS
        sums.bins[place] = [a + b for a, b in zip(sums.bins[place], vector, strict=True)]
    sums.number += 1


def _group(counts: Tally, by: By) -> str:
    if by == "source":
        return counts.file
    if by == "folder":
        return str(PurePosixPath(counts.file.replace("\\", "/")).parent)
    if by == "place":
        return counts.place
    found = DATE.search(counts.date)
    if not found:
        return ""
    year, month = found[1].translate(DIGITS), found[2] or ""
    if by == "date" or not month:
        return year
    tens = "1" + month[1:].translate(DIGITS).zfill(1) if month[0] == "十" else month.translate(DIGITS)
    return f"{year}-{int(tens):02d}"


def _listed(counts: Tally, measures: Sequence[str]) -> Listed:
    row = {measure: counts.paragraphs.get(measure, 0) for measure in measures}
    about = (counts.title, counts.date, counts.place)
    return Listed(counts.file, counts.number, *about, *counts.size, counts.paragraphs.get(NONE, 0), row)


def _covered(name: str, sums: _Sums, keys: Sequence[str], seed: int) -> Group:
    table = np.array(sums.bins, dtype=np.float64).reshape(len(sums.bins), 2 + 2 * len(keys))
    totals = [int(total) for total in table.sum(axis=0)]
    intervals = _intervals(table, seed)
    rows = []
    for place, key in enumerate(keys):
        articles = Share(
            sums.articles[key], sums.number, wilson(sums.articles[key], sums.number) if sums.number else None
        )
        paragraphs = Share(totals[2 + place], totals[0], intervals[place])
        length = Share(totals[2 + len(keys) + place], totals[1], intervals[len(keys) + place])
        if sums.number == 1 and totals[0]:
            paragraphs = Share(paragraphs.count, totals[0], wilson(paragraphs.count, totals[0]))
        rows.append(Covered(key, articles, paragraphs, length))
    return Group(name, sums.number, totals[0], totals[1], tuple(rows[:-2]), rows[-2], rows[-1])


def _intervals(table: NDArray[np.float64], seed: int) -> list[tuple[float, float] | None]:
    """One 95% interval per count column, by drawing articles anew; None where draws can't differ."""
    number, width = table.shape
    keys = (width - 2) // 2
    nothing: list[tuple[float, float] | None] = [None] * (2 * keys)
    if number < 2:  # noqa: PLR2004
        return nothing
    draws = np.random.default_rng(seed).integers(number, size=(RESAMPLES, number))
    draws += np.arange(RESAMPLES)[:, None] * number
    weights = np.bincount(draws.ravel(), minlength=RESAMPLES * number).reshape(RESAMPLES, number)
    sums = weights @ table
    full = (sums[:, :2] > 0).all(axis=1)
    if not full.any():
        return nothing
    parts = np.repeat(sums[full, :2], keys, axis=1)
    low, high = np.quantile(sums[full, 2:] / parts, (0.025, 0.975), axis=0)
    whole = np.repeat(table[:, :2].sum(axis=0), keys)
    share = table[:, 2:].sum(axis=0) / whole
    ends = zip(np.minimum(low, share), np.maximum(high, share), share, strict=True)
    return [(float(a), float(b)) if 0 < middle < 1 else None for a, b, middle in ends]
