"""Where a sentence that the column cut goes on."""

import re
from functools import lru_cache

from tagger.characters import compiled
from tagger.lines import Chunk, unclosed
from tagger.segmenters import segmenter

_FUNCTION = re.compile(r"[的了着是将被于等与和及或并把对向为以在从由]$")
_LEFT = compiled(r"\h{1,12}$")
_RIGHT = compiled(r"\h{1,12}")
_LATIN = re.compile(r"[a-z]")
_CANT_OPEN = frozenset(",、。;:)”’》!?")


def cut(before: Chunk, after: Chunk) -> float:
    """Return how surely one chunk's last sentence goes on in another, by the words alone: 0 to 8."""
    score = 3.0 * (unclosed(before.tail) or before.tail[-1:] in ",、") + 1.2 * bool(_FUNCTION.search(before.tail))
    if after.head[:1] in _CANT_OPEN:
        return score + 4.0
    return score + 3.0 * spans(before.tail, after.head)


@lru_cache(4096)
def spans(before: str, after: str) -> bool:
    """Tell whether a word, or a number with its unit, stands over the seam of two texts."""
    left, right = _LEFT.search(before), _RIGHT.match(after)
    if not left or not right:
        if _LATIN.search(before[-1:]) and _LATIN.match(after):
            return True
        return before[-1:].isdigit() and bool(right or after[:1].isdigit() or after[:1] in ".%")
    offset = 0
    for word in segmenter().cut(left[0] + right[0]):
        if offset < len(left[0]) < offset + len(word):
            return True
        offset += len(word)
    return False
