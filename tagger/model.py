"""A model as arrays: it scores and explains, and needs numpy alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.article import Evidence
from tagger.words import Cut, Segmenter, batches, cut, gram_text, segmenter

MANY = 20_000  # pairs of characters from which a table pays for itself
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of n texts: `logits` and `probabilities` are n × measures, `best` each one's sentence.

    `spans` maps a sentence's number, as `best` gives it, to its text and its [start, end) offsets there.
    """

    logits: Floats
    probabilities: Floats
    best: Integers
    spans: Integers

    def sentence(self, text: int, measure: int) -> tuple[int, int]:
        """Return the offsets of a text's best sentence for a measure."""
        _, start, end = self.spans[self.best[text, measure]].tolist()
        return start, end


@dataclass(frozen=True, slots=True)
class _Rows:
    """Terms counted by row (a sentence or a paragraph): equal-length arrays, sorted by row, then by term."""

    row: Integers
    term: Integers
    value: Floats  # sublinear tf × idf over the row's Euclidean length


@dataclass(frozen=True)
class Model:
    """A linear model over words and character n-grams, one set of weights per measure.

    A paragraph's logit is `1 - sentence_share` times its own and `sentence_share` times its best sentence's;
    its probability is the logistic function of `slopes × logit + offsets` (Platt, 1999); it carries the
    measure where that reaches `thresholds`. `terms` are the words, then the n-grams by code; `weights` are
    terms × measures.
    """

    measures: tuple[str, ...]
    words: tuple[str, ...]
    grams: Integers
    idf: Floats
    weights: Floats
    intercepts: Floats
    slopes: Floats
    offsets: Floats
    thresholds: Floats
    sentence_share: float
    gram_sizes: tuple[int, ...]
    lexicon: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def segment(self) -> Segmenter:
        """The segmenter, with the lexicon that the model was trained with."""
        return segmenter(self.lexicon)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def score(self, texts: Iterable[str]) -> Iterator[Scores]:
        """Yield the scores of texts (as printed), a batch at a time, in order."""
        for batch in batches(texts):
            yield self.score_cut(self._cut(batch))

    def score_all(self, texts: Sequence[str]) -> Scores:
        """Return the scores of all texts at once: for evaluation, not for a corpus."""
        return self.score_cut(self._cut(texts))

    def score_cut(self, parts: Cut) -> Scores:
        """Return the scores of texts already cut."""
        if not parts.texts:
            nothing = np.zeros((0, len(self.measures)))
            return Scores(nothing, nothing, nothing.astype(np.int64), np.zeros((0, 3), np.int64))
        sentence, term = self._terms(parts)
        text = parts.sentence_text[sentence]
        own = self._logits(self._weigh(text, term), parts.texts)
        rows = self._weigh(sentence, term)
        each = self._logits(rows, len(parts.sentence_text))
        silent = np.ones(len(each), dtype=bool)
        silent[rows.row] = False
        each[silent] = -np.inf  # a sentence without a known term is nobody's best
        first = np.searchsorted(parts.sentence_text, np.arange(parts.texts))
        best = _best(each, parts.sentence_text, first)
        top = np.take_along_axis(each, best, axis=0)
        top = np.where(np.isneginf(top), self.intercepts, top)
        logits = (1 - self.sentence_share) * own + self.sentence_share * top
        spans = np.stack([parts.sentence_text, parts.sentence_start, parts.sentence_end], axis=1)
        return Scores(logits, self.probabilities(logits), best, spans)

    def paragraph_terms(self, parts: Cut) -> tuple[Integers, Integers, Floats]:
        """Return text, term and tf-idf value of every entry of the texts' feature matrix."""
        sentence, term = self._terms(parts)
        rows = self._weigh(parts.sentence_text[sentence], term)
        return rows.row, rows.term, rows.value

    def probabilities(self, logits: Floats) -> Floats:
        """Return calibrated probabilities, 0 to 1."""
        return 1 / (1 + np.exp(-np.clip(self.slopes * logits + self.offsets, -60, 60)))

    def carried(self, probabilities: Floats) -> npt.NDArray[np.bool_]:
        """Return which measures the paragraphs carry, paragraphs × measures."""
        return probabilities >= self.thresholds

    def explain(self, text: str) -> list[list[Evidence]]:
        """Return, for each measure, the terms of a text with their contributions, strongest first.

        A measure's contributions and its intercept add up to its logit.
        """
        parts = self._cut([text])
        sentence, term = self._terms(parts)
        start = np.concatenate([parts.word_start, parts.gram_start])[self._known(parts)]
        best = self.score_cut(parts).best[0]
        whole = self._weigh(np.zeros_like(term), term)
        shares = self._weigh(sentence, term)
        spans: dict[int, list[tuple[int, int]]] = {}
        for number, at in sorted(zip(term.tolist(), start.tolist(), strict=True)):
            spans.setdefault(number, []).append((at, at + self._length(number)))
        told = []
        for measure in range(len(self.measures)):
            sums = dict.fromkeys(spans, 0.0)
            mine = shares.row == best[measure]
            for rows, share, kept in (
                (whole, 1 - self.sentence_share, np.ones_like(whole.row, dtype=bool)),
                (shares, self.sentence_share, mine),
            ):
                gains = share * rows.value[kept] * self.weights[rows.term[kept], measure]
                for number, gain in zip(rows.term[kept].tolist(), gains.tolist(), strict=True):
                    sums[number] += gain
            terms = [Evidence(self.term(n), gain, tuple(spans[n])) for n, gain in sums.items() if gain]
            told.append(sorted(terms, key=lambda evidence: (-abs(evidence.weight), evidence.spans)))
        return told

    def term(self, number: int) -> str:
        """Return a term as text: a word, or the characters of an n-gram parted by a middle dot."""
        if number < len(self.words):
            return self.words[number]
        return "·".join(gram_text(int(self.grams[number - len(self.words)])))

    def _length(self, number: int) -> int:
        words = len(self.words)
        return len(self.words[number] if number < words else gram_text(int(self.grams[number - words])))

    def _cut(self, texts: Sequence[str]) -> Cut:
        return cut(texts, self.segment, self.gram_sizes)

    def _numbers(self, parts: Cut) -> Integers:
        """Return each word's and n-gram's number, or -1 where the model doesn't know it."""
        words = np.fromiter(map(self._number.get, parts.word, repeat(-1)), dtype=np.int64, count=len(parts.word))
        return np.concatenate([words, self._gram_numbers(parts.gram)])

    def _gram_numbers(self, gram: Integers) -> Integers:
        if not len(self.grams):
            return np.full(len(gram), -1)
        if self.gram_sizes == (2,) and len(gram) > MANY:
            first, second, table = self._pairs
            numbers: Integers = table[first[gram >> 21], second[gram & 0x1FFFFF]]
            return numbers
        at = np.minimum(np.searchsorted(self.grams, gram), len(self.grams) - 1)
        return np.where(self.grams[at] == gram, at + len(self.words), -1)

    @cached_property
    def _pairs(self) -> tuple[Integers, Integers, Integers]:
        """Each character's row and column (0: unknown) in a table of the pairs' numbers: one look-up a pair."""
        axes = []
        for side in (self.grams >> 21, self.grams & 0x1FFFFF):
            axis = np.zeros(0x10000, dtype=np.int64)
            known = np.unique(side)
            axis[known] = np.arange(1, len(known) + 1)
            axes.append(axis)
        table = np.full((axes[0].max() + 1, axes[1].max() + 1), -1, dtype=np.int32)
        table[axes[0][self.grams >> 21], axes[1][self.grams & 0x1FFFFF]] = np.arange(len(self.grams)) + len(self.words)
        return axes[0], axes[1], table

    def _known(self, parts: Cut) -> npt.NDArray[np.bool_]:
        return self._numbers(parts) >= 0

    def _terms(self, parts: Cut) -> tuple[Integers, Integers]:
        """Return the sentence and the number of each known term's every occurrence."""
        numbers = self._numbers(parts)
        known = numbers >= 0
        return np.concatenate([parts.word_sentence, parts.gram_sentence])[known], numbers[known]

    def _weigh(self, row: Integers, term: Integers) -> _Rows:
        """Return sublinear tf-idf of unit length per row (scikit-learn's, with `sublinear_tf=True`)."""
        size = max(1, len(self.idf))
        key, count = np.unique(row * size + term, return_counts=True)
        rows, terms = key // size, key % size
        value = (1 + np.log(count)) * self.idf[terms]
        length = np.sqrt(np.bincount(rows, weights=value * value))
        return _Rows(rows, terms, value / length[rows] if len(rows) else value)

    def _logits(self, rows: _Rows, count: int) -> Floats:
        logits = np.tile(self.intercepts, (count, 1))
        if len(rows.row):
            first = np.flatnonzero(np.diff(rows.row, prepend=-1))
            gains = rows.value[:, None] * self.weights[rows.term]
            logits[rows.row[first]] += np.add.reduceat(gains, first, axis=0)
        return logits


def _best(each: Floats, text: Integers, first: Integers) -> Integers:
    """Return the number of each text's best sentence for each measure: the first of equals."""
    top = np.maximum.reduceat(each, first, axis=0)
    sentences = np.arange(len(each))
    best = np.empty(top.shape, dtype=np.int64)
    for measure in range(each.shape[1]):
        hits = np.where(each[:, measure] == top[text, measure], sentences, len(each))
        best[:, measure] = np.minimum.reduceat(hits, first)
    return best
