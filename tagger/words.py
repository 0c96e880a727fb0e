"""Normalising, sentences and terms; the only file that knows Traditional script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, compress
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.asides import asides
from tagger.segmenters import Segmenter

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

NORMALISER = "opencc t2s, half width, lower case; 1"  # kept in every model: change it with the rules below
MAX_CHARACTERS = 1 << 15  # a batch's size: enough to pay for numpy's calls, small enough for the cache

Codes = npt.NDArray[np.uint32]

_WIDTH = np.arange(0x110000, dtype=np.uint32)
_WIDTH[0xFF01:0xFF5F] -= 0xFEE0
_WIDTH[[0x3000, 0xA0]] = 0x20
_WIDTH[ord("A") : ord("Z") + 1] += 0x20
_WIDTH[0xFF21:0xFF3B] += 0x20  # full-width capitals
_UNKNOWN, _PLAIN, _TRADITIONAL = 0, 1, 2
_SCRIPT = np.zeros(0x110000, dtype=np.uint8)  # of each character met so far
_HAN, _END, _CLOSER = 1, 2, 3
_CLASS = np.zeros(0x110000, dtype=np.uint8)
_CLASS[0x4E00:0x9FD6] = _HAN  # what both segmenters take for a word's character
_CLASS[[ord(c) for c in "。!?;\n"]] = _END
_CLASS[[ord(c) for c in "”’」』)]》\"'"]] = _CLOSER


@dataclass(frozen=True)
class Cut:
    """A batch of texts cut into sentences and pieces; words and character n-grams follow when asked for.

    `codes` are the normalised code points, a line feed behind each text; `sentence` is the number of each
    one's sentence. `sentence_text`: the text (0-based) that each sentence stands in; `sentence_start`,
    `sentence_end`: its offsets there. `pieces` are the words in order, and line feeds between them where other
    marks part them; `kept` are the places of the code points that the pieces are made of, `inked` those.
    """

    texts: int
    codes: Codes
    han: npt.NDArray[np.bool_]
    sentence: Numbers
    sentence_text: Integers
    sentence_start: Integers
    sentence_end: Integers
    pieces: list[str]
    kept: Integers
    inked: Codes
    gram_sizes: tuple[int, ...]

    @cached_property
    def lengths(self) -> Integers:
        """How many characters each piece has."""
        try:  # twice as fast as np.fromiter
            found: Integers = np.frombuffer(bytes(map(len, self.pieces)), dtype=np.uint8).astype(np.int64)
        except ValueError:  # a word of more than 255 characters
            found = np.fromiter(map(len, self.pieces), dtype=np.int64, count=len(self.pieces))
        return found

    @cached_property
    def starts(self) -> Integers:
        """Where each piece starts among the code points."""
        found: Integers = self.kept[np.cumsum(self.lengths) - self.lengths]
        return found

    @cached_property
    def _words(self) -> tuple[list[str], Integers]:
        """The words, and where each starts among the code points."""
        starts = self.starts
        words = self.han[starts]
        return list(compress(self.pieces, words.tolist())), starts[words]

    @cached_property
    def _grams(self) -> tuple[Integers, Integers]:
        return _grams(self.codes, self.han, self.gram_sizes)

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
    def gram_sentence(self) -> Numbers:
        """The sentence that each n-gram stands in."""
        return self.sentence[self._grams[1]]

    @property
    def gram_start(self) -> Integers:
        """Each n-gram's offset in its text."""
        return self._offset(self._grams[1])

    def _offset(self, at: Integers) -> Integers:
        first = np.searchsorted(self.sentence, np.arange(len(self.sentence_text)))  # each sentence's first character
        return at - first[self.sentence[at]] + self.sentence_start[self.sentence[at]]


@cache
def _opencc() -> Any:  # noqa: ANN401 - the library has no types
    import opencc

    return opencc.OpenCC("t2s")


def _traditional(codes: Codes) -> npt.NDArray[np.bool_]:
    """Tell which characters opencc changes; a text with none of them is left alone."""
    marks = _SCRIPT.take(codes)
    if not marks.all():
        new = np.unique(codes[marks == _UNKNOWN])
        characters = _text(new[new != ord("\n")])
        changed = _opencc().convert("\n".join(characters)).split("\n")  # apart: no phrase rule goes over a line feed
        _SCRIPT[new] = _PLAIN
        _SCRIPT[[ord(one) for one, other in zip(characters, changed, strict=bool(characters)) if one != other]] = (
            _TRADITIONAL
        )
        marks = _SCRIPT.take(codes)
    found: npt.NDArray[np.bool_] = marks == _TRADITIONAL
    return found


@cache
def _simplified(character: str) -> str:
    other: str = _opencc().convert(character)
    return other if len(other) == 1 else character


def _simplify(text: str) -> str:
    simplified: str = _opencc().convert(text)
    same = len(simplified) == len(text)  # else a phrase rule, or a character that it drops
    return simplified if same else "".join(map(_simplified, text))


def _simplified_all(texts: list[str]) -> list[str]:
    """Return texts, each with a line feed at its end, in Simplified script; one call costs less than many."""
    whole = "".join(texts)
    done: str = _opencc().convert(whole)
    ends = list(accumulate(map(len, texts)))
    if len(done) != len(whole) or any(done[end - 1] != "\n" for end in ends):
        return [_simplify(text) for text in texts]
    return [done[end - len(text) : end] for text, end in zip(texts, ends, strict=True)]


def _codes(text: str) -> Codes:
    try:
        return np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    except UnicodeEncodeError:  # halves of surrogate pairs
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return np.where((codes >> 11) == 0xD800 >> 11, np.uint32(0xFFFD), codes)


def _text(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def _normal(texts: Sequence[str]) -> Codes:
    """Return the normalised code points of texts, each with a line feed behind it."""
    codes = _codes("\n".join([*texts, ""]))
    traditional = _traditional(codes)
    if traditional.any():
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1).tolist()
        starts = [0, *ends[:-1]]
        changed = np.flatnonzero(np.logical_or.reduceat(traditional, starts)).tolist()
        plain = [_text(codes[starts[at] : ends[at]]) for at in changed]
        codes = codes.copy()
        for at, text in zip(changed, _simplified_all(plain), strict=True):
            codes[starts[at] : ends[at]] = _codes(text)
    normal: Codes = np.take(_WIDTH, codes)
    return normal


def normalise(text: str) -> str:
    """Return the text in Simplified script, half width and lower case, every character at its old offset."""
    return _text(_normal([text])[:-1])


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
    codes = _normal(texts)  # each text ends in a line feed of its own
    kinds = np.take(_CLASS, codes)
    han = kinds == _HAN
    if skip_asides:
        aside = asides(codes)
        han &= ~aside
        codes = np.where(aside, np.uint32(10), codes)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    text_ends = np.cumsum(lengths)
    text_starts = text_ends - lengths
    ends = _sentence_ends(kinds, text_ends - 1)
    stop = np.flatnonzero(ends) + 1
    start = np.concatenate([np.zeros(1, np.int64), stop])[:-1]
    text = np.searchsorted(text_ends, start, side="right")
    ink = han.copy()
    ink[1:] |= han[:-1]  # of other marks in a row one is enough to part two words
    kept = np.flatnonzero(ink)
    inked = np.where(han, codes, np.uint32(10))[kept]
    return Cut(
        texts=len(texts),
        codes=codes,
        han=han,
        sentence=np.cumsum(ends, dtype=np.int32) - ends,
        sentence_text=text,
        sentence_start=start - text_starts[text],
        sentence_end=np.minimum(stop - text_starts[text], lengths[text] - 1),
        pieces=segment.cut(_text(inked)),
        kept=kept,
        inked=inked,
        gram_sizes=tuple(grams),
    )


def _sentence_ends(kinds: npt.NDArray[np.uint8], text_ends: Integers) -> npt.NDArray[np.bool_]:
    """Mark each sentence's last character: the final mark, or the quotation marks that close after it."""
    ends: npt.NDArray[np.bool_] = kinds == _END
    for _ in range(2):  # 。” and 。”）
        moved = np.flatnonzero(ends[:-1] & (kinds[1:] == _CLOSER))
        ends[moved], ends[moved + 1] = False, True
    ends[text_ends] = True
    return ends


def _grams(codes: Codes, han: npt.NDArray[np.bool_], sizes: Sequence[int]) -> tuple[Integers, Integers]:
    """Return the codes and offsets of all runs of n Han characters, in the order of `sizes`."""
    found, where = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in sizes:
        whole = han[: max(0, len(han) - size + 1)].copy()
        for step in range(1, size):
            whole &= han[step : len(whole) + step]
        at = np.flatnonzero(whole)
        code = codes[at].astype(np.int64)
        for step in range(1, size):
            code = (code << 21) | codes[at + step]
        found.append(code)
        where.append(at)
    return np.concatenate(found), np.concatenate(where)
