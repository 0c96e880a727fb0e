"""A text as printed, with its marks: lines cut where the source cuts them, words that told set off."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tagger.article import Block, Tag
from tagger.summary import words_that_told


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text and the measures that its words spoke for; `told` says how much."""

    text: str
    measures: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its number in the source, 0 where it can't be told, and its text with marks."""

    number: int
    segments: tuple[Segment, ...]


def printed(block: Block, lines: Sequence[str], marked: Sequence[Segment]) -> tuple[Line, ...]:
    """Return a block's lines as the source prints them; joined, they are its text. One where they can't be told."""
    cuts = _cuts(block, lines)
    if not cuts:
        return (Line(block.lines[0] if len(block.lines) == 1 else 0, tuple(marked)),)
    parts = _split(marked, [start for _, start in cuts[1:]])
    return tuple(Line(number, part) for (number, _), part in zip(cuts, parts, strict=True))


def segments(text: str, tags: Sequence[Tag], names: Mapping[str, str]) -> tuple[Segment, ...]:
    """Return a text cut at the words that told; joined, the segments are the text."""
    held = [
        (span, tag.measure, word.weight) for tag in tags for word in words_that_told(tag, text) for span in word.spans
    ]
    cuts = sorted({0, len(text), *(end for span, _, _ in held for end in span)})
    over: dict[int, dict[str, float]] = defaultdict(dict)  # a segment's start to its measures' greatest weights
    place = {cut: number for number, cut in enumerate(cuts)}
    for (start, end), measure, weight in held:
        for cut in cuts[place[start] : place[end]]:
            over[cut][measure] = max(weight, over[cut].get(measure, weight))
    found = []
    for start, end in pairwise(cuts):
        weights = over.get(start, {})
        told = " · ".join(f"{names.get(measure, measure)} +{weight:.2f}" for measure, weight in weights.items())
        found.append(Segment(text[start:end], tuple(weights), told))
    return tuple(found)


def within(marked: Sequence[Segment], start: int, end: int) -> tuple[Segment, ...]:
    """Return the part of a text in segments from one offset to another."""
    place, found = 0, []
    for segment in marked:
        inner = segment.text[max(0, start - place) : max(0, end - place)]
        if inner:
            found.append(Segment(inner, segment.measures, segment.told))
        place += len(segment.text)
    return tuple(found)


def _cuts(block: Block, lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return each line's number and where it starts in the block's text; nothing where one is not found."""
    found, at = [], 0
    for number in block.lines:
        text = lines[number - 1].strip() if number <= len(lines) else ""
        start = block.text.find(text, at, at + 1 + len(text)) if text else -1  # a joint is a space at most
        if start < 0:
            return []
        found.append((number, start))
        at = start + len(text)
    return found if found and found[0][1] == 0 else []


def _split(marked: Sequence[Segment], starts: Sequence[int]) -> Iterator[tuple[Segment, ...]]:
    """Yield the segments of each part of a text that is cut at these offsets."""
    waiting = iter([*starts, None])
    cut = next(waiting)
    place, part = 0, list[Segment]()
    for segment in marked:
        text = segment.text
        while cut is not None and cut <= place + len(text):
            inner, text = text[: cut - place], text[cut - place :]
            place = cut
            if inner:
                part.append(Segment(inner, segment.measures, segment.told))
            yield tuple(part)
            part, cut = [], next(waiting)
        if text:
            part.append(Segment(text, segment.measures, segment.told))
        place += len(text)
    yield tuple(part)
