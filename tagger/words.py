"""Normalising, sentences and terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.asides import asides
from tagger.script import simplified, to_codes, to_text
from tagger.segmenters import Segmenter

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

NORMALISER = "opencc t2s, half width, lower case; 1"  # kept in every model: change it with the rules below
STRETCH = 1500  # characters given to the segmenter at a time, at least
MAX_CHARACTERS = 1 << 15  # a batch's size: enough to pay for numpy's calls, small enough for the cache

Codes = npt.NDArray[np.uint32]

_WIDTH = np.arange(0x110000, dtype=np.uint32)
_WIDTH[0xFF01:0xFF5F] -= 0xFEE0
_WIDTH[[0x3000, 0xA0]] = 0x20
_WIDTH[ord("A") : ord("Z") + 1] += 0x20
_WIDTH[0xFF21:0xFF3B] += 0x20  # full-width capitals
_BREAK = np.uint32(ord("\n"))
_HAN, _END, _CLOSER = 1, 2, 3
_CLASS = np.zeros(0x110000, dtype=np.uint8)
_CLASS[0x4E00:0x9FD6] = _HAN  # what both segmenters take for a word's character
_CLASS[[ord(c) for c in "。!?;\n"]] = _END
_CLASS[[ord(c) for c in "”’」』)]》\"'"]] = _CLOSER


@dataclass(frozen=True)
class Cut:
    """A batch of texts cut into sentences and pieces; words and character n-grams follow when asked for.

    `sentence_text`: the text (0-based) that each sentence stands in; `sentence_start`, `sentence_end`: its offsets
    there. `inked` are the normalised Han characters of all texts in order, a line feed where other marks part
    them; places are places among them. `firsts`: where each sentence starts, and the end of all.
    """

    texts: int
    sentence_text: Integers
    sentence_start: Integers
    sentence_end: Integers
    inked: Codes
    firsts: Integers
    kept: Integers  # each place among the code points of all texts, where each sentence starts at:
    starts: Integers
    segment: Segmenter
    gram_sizes: tuple[int, ...]

    @cached_property
    def bounds(self) -> Integers:
        """Where each word (or line feed) starts, and the end of all."""
        return _bounds(self.segment, to_text(self.inked))

    @cached_property
    def sentence(self) -> Numbers:
        """The number of each place's sentence."""
        counts = np.diff(self.firsts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def _words(self) -> tuple[list[str], Integers]:
        """The words, and where each starts."""
        text, bounds = to_text(self.inked), self.bounds.tolist()
        pieces = [text[start:end] for start, end in pairwise(bounds)]
        words = self.inked[self.bounds[:-1]] != _BREAK
        return list(compress(pieces, words.tolist())), self.bounds[:-1][words]

    @cached_property
    def _grams(self) -> tuple[Integers, Integers]:
        return _grams(self.inked, self.gram_sizes)

    @property
    def word(self) -> list[str]:
        """The words; `word_sentence` and `word_start` are the sentence of each and its offset in the text."""
        return self._words[0]

    @property
    def word_sentence(self) -> Numbers:
        """The sentence that each word stands in."""
        return self.sentence[self._words[1]]

    @property
    def word_start(self) -> Integers:
        """Each word's offset in its text."""
        return self._offset(self._words[1])

    @property
    def gram(self) -> Integers:
        """The n-grams, n characters at 21 bits each (see `gram_text`)."""
        return self._grams[0]

    @property
    def gram_at(self) -> Integers:
        """The place of each n-gram's first character."""
        return self._grams[1]

    @property
    def gram_sentence(self) -> Numbers:
        """The sentence that each n-gram stands in."""
        return self.sentence[self._grams[1]]

    @property
    def gram_start(self) -> Integers:
        """Each n-gram's offset in its text."""
        return self._offset(self._grams[1])

    def _offset(self, at: Integers) -> Integers:
        sentence = self.sentence[at]
        return self.kept[at] - self.starts[sentence] + self.sentence_start[sentence]


def _normal(texts: Sequence[str], starts: Integers) -> Codes:
    """Return the normalised code points of texts, each with a line feed behind it; they begin at `starts`."""
    normal: Codes = _WIDTH.take(simplified(to_codes("\n".join([*texts, ""])), starts))
    return normal


def normalise(text: str) -> str:
    """Return the text in Simplified script, half width and lower case, every character at its old offset."""
    return to_text(_normal([text], np.zeros(1, np.int64))[:-1])


PAIRS = 1 << 21  # the least code of a run of two characters: one character takes 21 bits


def gram_text(code: int) -> str:
    """Return the characters of an n-gram's code."""
    return (gram_text(code >> 21) if code >> 21 else "") + chr(code & 0x1FFFFF)


def batches(texts: Iterable[str]) -> Iterable[list[str]]:
    """Return the texts in lists of some `MAX_CHARACTERS` characters each, the unit that `cut` works best on."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= MAX_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def cut(texts: Sequence[str], segment: Segmenter, grams: Sequence[int] = (2,), *, skip_asides: bool = False) -> Cut:
    """Return the sentences, words and character n-grams of texts, normalised, over the whole batch.

    Words and n-grams are runs of Han characters: nothing goes over punctuation, digits or Latin letters, so a
    paragraph's terms are those of its sentences put together. `grams` are lengths, 1 to 3. `skip_asides` leaves
    out what `tagger.asides` finds. Offsets are those of the texts as given.
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    text_ends = np.cumsum(lengths)
    text_starts = text_ends - lengths
    codes = _normal(texts, text_starts)  # each text ends in a line feed of its own
    kinds = np.take(_CLASS, codes)
    han = kinds == _HAN
    if skip_asides:
        aside = asides(codes)
        han &= ~aside
    ends = _sentence_ends(kinds, text_ends - 1)
    stop = np.flatnonzero(ends) + 1
    start = np.concatenate([np.zeros(1, np.int64), stop])[:-1]
    text = np.searchsorted(text_ends, start, side="right")
    ink = han.copy()
    ink[1:] |= han[:-1]  # of other marks in a row one is enough to part two words
    kept = np.flatnonzero(ink)
    inked = np.where(han, codes, _BREAK).take(kept)
    return Cut(
        texts=len(texts),
        sentence_text=text,
        sentence_start=start - text_starts[text],
        sentence_end=np.minimum(stop - text_starts[text], lengths[text] - 1),
        inked=inked,
        firsts=np.searchsorted(kept, np.append(start, len(codes))),
        kept=kept,
        starts=start,
        segment=segment,
        gram_sizes=tuple(grams),
    )


def _bounds(segment: Segmenter, text: str) -> Integers:
    """Return where the words and line feeds start that a text is cut into, and its end.

    It is cut a stretch at a time, as strings let go at once stay in the processor's cache.
    """
    found: list[npt.NDArray[Any]] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start + STRETCH) + 1 or len(text)
        pieces = segment.cut(text[start:end])
        try:  # twice as fast as np.fromiter
            found.append(np.frombuffer(bytes(map(len, pieces)), dtype=np.uint8))
        except ValueError:  # a word of more than 255 characters
            found.append(np.fromiter(map(len, pieces), dtype=np.int64))
        start = end
    lengths = np.concatenate(found, dtype=np.int64) if found else np.empty(0, np.int64)
    bounds = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def _sentence_ends(kinds: npt.NDArray[np.uint8], text_ends: Integers) -> npt.NDArray[np.bool_]:
    """Mark each sentence's last character: the final mark, or the quotation marks that close after it."""
    ends: npt.NDArray[np.bool_] = kinds == _END
    for _ in range(2):  # 。” and 。”）
        moved = np.flatnonzero(ends[:-1] & (kinds[1:] == _CLOSER))
        ends[moved], ends[moved + 1] = False, True
    ends[text_ends] = True
    return ends


def _grams(inked: Codes, sizes: Sequence[int]) -> tuple[Integers, Integers]:
    """Return the codes and places of all runs of n Han characters, in the order of `sizes`."""
    found, where = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    han = inked != _BREAK
    for size in sizes:
        whole = han[: max(0, len(han) - size + 1)].copy()
        for step in range(1, size):
            whole &= han[step : len(whole) + step]
        at = np.flatnonzero(whole)
        code = inked[at].astype(np.int64)
        for step in range(1, size):
            code = (code << 21) | inked[at + step]
        found.append(code)
        where.append(at)
    return np.concatenate(found), np.concatenate(where)
