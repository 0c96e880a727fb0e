"""A model as arrays: it scores and explains, and needs numpy alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.article import Evidence
from tagger.repeats import Occurrences
from tagger.segmenters import Segmenter, segmenter
from tagger.vocabulary import Vocabulary
from tagger.words import PAIRS, Cut, batches, cut, gram_text

AT_ONCE = 8  # batches segmented one after the other, then scored so: either's tables stay in the cache
MANY = 20_000  # characters from which a table of pairs pays for itself
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Whole = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Scores:
    """What a model says of n texts: `logits` and `probabilities` are n × measures.

    `sentences` are the logits of all their sentences, -inf of one without a known term; `spans` each one's text and
    its [start, end) offsets there; `firsts` each text's first sentence.
    """

    logits: Floats
    probabilities: Floats
    sentences: Floats
    spans: Integers
    firsts: Integers

    def sentence(self, text: int, measure: int) -> tuple[int, int]:
        """Return the offsets of a text's best sentence for a measure."""
        _, start, end = self.spans[self.best[text, measure]].tolist()
        return start, end

    @cached_property
    def best(self) -> Integers:
        """The number of each text's best sentence for each measure, n × measures: the first of equals."""
        each, count = self.sentences, len(self.sentences)
        if not len(self.firsts):
            return np.zeros(self.logits.shape, dtype=np.int64)
        top = np.maximum.reduceat(each, self.firsts, axis=0)
        numbers = np.where(each == top[self.spans[:, 0]], np.arange(count)[:, None], count)
        found: Integers = np.minimum.reduceat(numbers, self.firsts, axis=0)
        return found


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
    skip_asides: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def segment(self) -> Segmenter:
        """The segmenter, with the lexicon that the model was trained with."""
        return segmenter(self.lexicon)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.words)

    def score(self, texts: Iterable[str]) -> Iterator[Scores]:
        """Yield the scores of texts (as printed), a batch at a time, in order."""
        waiting = iter(batches(texts))
        while cuts := [self._cut(batch) for batch in islice(waiting, AT_ONCE)]:
            for parts in cuts:
                _ = parts.bounds
            yield from map(self.score_cut, cuts)

    def score_all(self, texts: Sequence[str]) -> Scores:
        """Return the scores of all texts at once: for evaluation, not for a corpus."""
        return self.score_cut(self._cut(texts))

    def score_cut(self, parts: Cut) -> Scores:
        """Return the scores of texts already cut.

        As the model is linear, every occurrence of a term adds the same to its sentence's sums, and a
        sentence's sums to its text's; only terms that stand there more than once are then set right.
        """
        spans = np.stack([parts.sentence_text, parts.sentence_start, parts.sentence_end], axis=1)
        firsts = np.searchsorted(parts.sentence_text, np.arange(parts.texts))
        if not parts.texts:
            nothing = np.zeros((0, len(self.measures)))
            return Scores(nothing, nothing, nothing, spans, firsts)
        each, own = self._sums(parts, firsts)
        top = np.maximum.reduceat(each, firsts, axis=0)
        top = np.where(np.isneginf(top), self.intercepts, top)
        own = np.where(np.isneginf(own), self.intercepts, own)
        logits = (1 - self.sentence_share) * own + self.sentence_share * top
        return Scores(logits, self.probabilities(logits), each, spans, firsts)

    def _sums(self, parts: Cut, firsts: Integers) -> tuple[Floats, Floats]:
        """Return the logits of the sentences and of the whole texts, each × measures; -inf without a known term."""
        sums = np.zeros((len(parts.sentence_text), self._gains.shape[1]))
        found = Occurrences(parts.sentence_text, firsts, len(self.idf))
        for numbers, less in self._numbers(parts):
            at = np.flatnonzero(numbers != 0)  # twice as fast on flags as on numbers
            bounds = np.searchsorted(at, parts.firsts)
            counts = np.diff(bounds)
            told = np.flatnonzero(counts)
            term = numbers.take(at) + less
            sums[told] += np.add.reduceat(self._gains.take(term, axis=0, mode="clip"), bounds[told], axis=0)
            found.add(term, counts)
        whole = np.add.reduceat(sums, firsts, axis=0)
        in_text, in_sentence = found.repeats()
        self._set_right(whole, *in_text)
        self._set_right(sums, *in_sentence)
        return self._over_length(sums), self._over_length(whole)

    def _set_right(self, sums: Floats, row: Integers, term: Integers, times: Integers) -> None:
        """Count terms that stand in a row several times as sublinear tf does: 1 + log of the times."""
        tf = 1 + np.log(times, dtype=np.float32)
        change = self._gains.take(term, axis=0)
        square = len(self.measures)
        change[:, :square] *= (tf - times)[:, None]
        change[:, square] *= tf * tf - times
        _add(sums, row, change)

    def _over_length(self, sums: Floats) -> Floats:
        measures = len(self.measures)
        square = sums[:, measures : measures + 1]
        silent = square[:, 0] <= 0
        logits: Floats = sums[:, :measures] / np.sqrt(np.where(silent[:, None], 1, square)) + self.intercepts
        logits[silent] = -np.inf
        return logits

    @cached_property
    def _gains(self) -> npt.NDArray[np.float32]:
        """What one occurrence of each term adds: idf × weight for each measure, then idf² to the squared length.

        Half the bytes of doubles, and rows of a multiple of 16, are summed at twice the speed.
        """
        gains = np.zeros((len(self.idf), len(self.measures) // 4 * 4 + 4), dtype=np.float32)
        gains[:, : len(self.measures)] = self.idf[:, None] * self.weights
        gains[:, len(self.measures)] = self.idf**2
        return gains

    def _numbers(self, parts: Cut) -> list[tuple[Whole, np.int64]]:
        """Return for each place which known word starts there, then which known n-gram of each length.

        Beside each array the number to add for a term's own; 0 stands for none.
        """
        words = np.zeros(len(parts.inked), dtype=np.int32)
        words[parts.bounds[:-1]] = self._vocabulary.find(parts.inked, parts.bounds) + 1
        found: list[Whole] = []
        paid = "_pairs" in vars(self) or len(parts.inked) > MANY
        if set(self.gram_sizes) <= {1, 2} and len(self.grams) and paid:
            single, first, second, table = self._pairs
            codes = parts.inked.astype(np.int64)
            if 1 in self.gram_sizes:
                found.append(single.take(codes, mode="clip"))
            if PAIR in self.gram_sizes:
                places = first.take(codes, mode="clip")
                places[:-1] += second.take(codes[1:], mode="clip")  # behind the last stands nothing: column 0
                found.append(table.take(places))
        else:
            number = self._gram_numbers(parts.gram)
            size = np.searchsorted(_LENGTHS, parts.gram, side="right")
            for length in self.gram_sizes:
                known = np.flatnonzero((size == length) & (number >= 0))
                grams = np.zeros(len(parts.inked), dtype=np.int64)
                grams[parts.gram_at[known]] = number[known] + 1 - len(self.words)
                found.append(grams)
        return [(words, np.int64(-1)), *((grams, np.int64(len(self.words) - 1)) for grams in found)]

    def paragraph_terms(self, parts: Cut) -> tuple[Integers, Integers, Floats]:
        """Return text, term and tf-idf value of every entry of the texts' feature matrix."""
        found = [(np.flatnonzero(numbers), numbers, less) for numbers, less in self._numbers(parts)]
        sentence = parts.sentence[np.concatenate([at for at, _, _ in found])]
        term = np.concatenate([numbers[at] + less for at, numbers, less in found])
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

        A measure's contributions and its intercept add up to its logit, as far as single precision goes (1e-5).
        """
        parts = self._cut([text])
        words = self._vocabulary.find(parts.inked, parts.bounds)[parts.inked[parts.bounds[:-1]] != ord("\n")]
        term = np.concatenate([words, self._gram_numbers(parts.gram)])
        known = term >= 0
        term = term[known]
        sentence = np.concatenate([parts.word_sentence, parts.gram_sentence])[known]
        start = np.concatenate([parts.word_start, parts.gram_start])[known]
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
        return cut(texts, self.segment, self.gram_sizes, skip_asides=self.skip_asides)

    def _gram_numbers(self, gram: Integers) -> Integers:
        if not len(self.grams):
            return np.full(len(gram), -1)
        at = np.minimum(np.searchsorted(self.grams, gram), len(self.grams) - 1)
        return np.where(self.grams[at] == gram, at + len(self.words), -1)

    @cached_property
    def _pairs(self) -> tuple[Whole, Whole, Whole, Whole]:
        """What each character is alone, and what it adds as a pair's first and as its second: places in a table.

        The first array and the table hold 0 where there is no n-gram, else its number from 1. A character beyond
        the known ones stands for the last of `single`, `first` and `second`, which add nothing.
        """
        alone = int(np.searchsorted(self.grams, PAIRS))
        kind = np.min_scalar_type(len(self.grams))  # small: the cache counts
        single = np.zeros(int(self.grams[:alone].max(initial=0)) + 2, dtype=kind)
        single[self.grams[:alone]] = np.arange(1, alone + 1)
        pairs = self.grams[alone:]
        axes = []
        for side in (pairs >> 21, pairs & (PAIRS - 1)):
            axis = np.zeros(side.max(initial=0) + 2, dtype=np.int32)
            characters, pairs_of = np.unique(side, return_counts=True)
            axis[characters[np.argsort(-pairs_of, kind="stable")]] = np.arange(1, len(characters) + 1)
            axes.append(axis)  # the common ones together: the cache again
        first, second = axes[0] * (axes[1].max() + 1), axes[1]
        table = np.zeros(int(first.max()) + int(second.max()) + 1, dtype=kind)
        table[first[pairs >> 21] + second[pairs & (PAIRS - 1)]] = np.arange(alone + 1, len(self.grams) + 1)
        return single, first, second, table

    def _weigh(self, row: Whole, term: Whole) -> _Rows:
        """Return sublinear tf-idf of unit length per row (scikit-learn's, with `sublinear_tf=True`)."""
        size = max(1, len(self.idf))
        key, count = np.unique(row * size + term, return_counts=True)
        rows, terms = key // size, key % size
        value = (1 + np.log(count)) * self.idf[terms]
        length = np.sqrt(np.bincount(rows, weights=value * value))
        return _Rows(rows, terms, value / length[rows] if len(rows) else value)


PAIR = 2
_LENGTHS = np.array([0, PAIRS, PAIRS << 21])  # the least codes of runs of one, two and three characters


def _add(sums: Floats, row: Integers, values: npt.NDArray[np.float32]) -> None:
    """Add values to the rows they are for; `row` is sorted."""
    if len(row):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        sums[row[starts]] += np.add.reduceat(values, starts, axis=0)
