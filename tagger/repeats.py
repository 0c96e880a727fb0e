"""Which terms stand in a sentence or a text more than once, of a whole batch."""

from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Repeats = tuple[Integers, Integers, Integers]  # row, term, count


class Occurrences:
    """The occurrences of terms as numbers that sort by text, term and sentence."""

    def __init__(self, text: Integers, firsts: Integers, terms: int) -> None:
        """Take each sentence's text, each text's first sentence, and how many terms there are."""
        self._firsts = firsts
        own = np.arange(len(text)) - firsts[text]  # a sentence's number within its text
        self._bits = int(own.max()).bit_length()
        self._terms = max(1, terms)
        self._base = ((text * self._terms) << self._bits) | own
        most = (len(firsts) * self._terms) << self._bits
        self._type = np.dtype(np.uint32 if most < 1 << 32 else np.uint64)  # half the bits, half the time
        self._keys: list[npt.NDArray[Any]] = []

    def add(self, term: npt.NDArray[np.integer], counts: Integers) -> None:
        """Take terms in text order, and how many each sentence holds."""
        key = term.astype(self._type)
        key <<= self._type.type(self._bits)
        key += np.repeat(self._base.astype(self._type), counts)
        self._keys.append(key)

    def repeats(self) -> tuple[Repeats, Repeats]:
        """Return row, term and count of what stands in a text more than once, then in a sentence; rows sorted."""
        keys = np.concatenate(self._keys)
        keys.sort()
        without = keys >> self._type.type(self._bits)
        same = np.flatnonzero(without[1:] == without[:-1])
        at, times = _runs(same)
        text, term = np.divmod(without[at].astype(np.int64), self._terms)
        within, often = _runs(same[keys[same] == keys[same + 1]])
        in_text, again = np.divmod(without[within].astype(np.int64), self._terms)
        own = keys[within].astype(np.int64) & ((1 << self._bits) - 1)
        sentence = self._firsts[in_text] + own
        order = np.argsort(sentence, kind="stable")
        return (text, term, times), (sentence[order], again[order], often[order])


def _runs(same: Integers) -> tuple[Integers, Integers]:
    """Return where runs of equals begin, and how long they are, given the places whose value stands again behind."""
    begins = np.flatnonzero(np.diff(same, prepend=-2) != 1)
    return same[begins], np.diff(begins, append=len(same)) + 1
