"""Words to their numbers, a whole batch at a time: a hash table of numpy arrays."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15  # odd, and so with an inverse
_TURN = 0xD6E8FEB86659FD93
_ROOM = 8  # slots for each word, at least


class Vocabulary:
    """The numbers of known words, from 0 in the order given.

    A word's hash is that of Karp and Rabin (1987) over its code points, modulo 2^64, so that running sums over a
    text give the hashes of all its words. A word stands in its slot of the first table, or, where another has
    that one, in its slot of the second.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """Take words of a character or more, each once."""
        codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        hashes = _hashes(codes, np.cumsum([0, *map(len, words)]))
        self._hashes = np.append(hashes, np.uint64(0))  # the last is that of no word
        self._shift = np.uint64(64 - max(4, (_ROOM * len(words)).bit_length()))
        self._first = self._table(np.arange(len(words)))
        left = np.flatnonzero(self._first[self._slots(hashes, 1)] != np.arange(len(words)))
        for turn in range(2, 1000):  # a turn or two, as they are few
            self._second_turn = turn
            self._second = self._table(left, turn)
            if (self._second[self._slots(hashes[left], turn)] == left).all():
                break
        else:
            raise ValueError("words stand there twice")

    def _table(self, numbers: Integers, turn: int = 1) -> npt.NDArray[np.integer]:
        kind = np.min_scalar_type(len(self._hashes))  # small: the cache counts
        table = np.full(1 << (64 - int(self._shift)), len(self._hashes) - 1, dtype=kind)
        table[self._slots(self._hashes[numbers], turn)] = numbers
        return table

    def _slots(self, hashes: Hashes, turn: int) -> Integers:
        return ((hashes * np.uint64(_TURN * turn & 0xFFFFFFFFFFFFFFFF | 1)) >> self._shift).astype(np.int64)

    def find(self, codes: Codes, bounds: Integers) -> Integers:
        """Return the number of each word of a text, -1 of an unknown one.

        `bounds` are where the words start, one behind the other, and the end of the last.
        """
        hashes = _hashes(codes, bounds)
        found: Integers = self._first.take(self._slots(hashes, 1)).astype(np.int64)
        left = np.flatnonzero(self._hashes.take(found) != hashes)
        hashes = hashes[left]
        second = self._second.take(self._slots(hashes, self._second_turn)).astype(np.int64)
        found[left] = np.where(self._hashes.take(second) == hashes, second, -1)
        return found


def _hashes(codes: Codes, bounds: Integers) -> Hashes:
    size = 1 << max(12, len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    raised = codes.astype(np.uint64)
    raised *= _powers(_BASE, size)[: len(codes)]
    np.cumsum(raised, out=sums[1:])
    found: Hashes = np.diff(sums.take(bounds))
    found *= _powers(pow(_BASE, -1, 1 << 64), size).take(bounds[:-1])
    return found


@cache
def _powers(base: int, size: int) -> Hashes:
    """Return base^0 to base^(size - 1), modulo 2^64."""
    powers = np.full(size, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers)
