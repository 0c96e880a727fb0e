"""Text in short lines: verse, and prose of a clause a line as pages for telephones set it."""

from collections.abc import Iterator, Sequence

_MARKS = ",。?!;、—…"
_LONG = 24  # characters, of a clause
_FEW = 5  # lines


def verse(sizes: Sequence[float], gaps: Sequence[int], lasts: Sequence[str]) -> list[bool]:
    """Return which lines are one of three or more short ones of one length, each with a mark at its end.

    Of each line its length, the blank lines above it and its last character, normalised.
    """
    found = [False] * len(sizes)
    start = 0
    for at in range(1, len(sizes) + 1):
        if (
            at < len(sizes)
            and sizes[at] <= 16  # noqa: PLR2004
            and abs(sizes[at - 1] - sizes[at]) < 1
            and not gaps[at]
            and all(last in ",。!;、" for last in lasts[at - 1 : at + 1])
        ):
            continue
        if at - start > 2:  # noqa: PLR2004 - two lines of one length are chance
            found[start:at] = [True] * (at - start)
        start = at
    return found


def clauses(sizes: Sequence[float], gaps: Sequence[int], lasts: Sequence[str], marked: Sequence[bool]) -> list[bool]:
    """Return which lines are one of many short ones without a gap, most of which end in a mark, some in a comma.

    `marked` are lines that are told otherwise: a date, a button.
    """
    found = [False] * len(sizes)
    for start, end in _runs(sizes, gaps, marked):
        ends = lasts[start:end]
        if len(ends) >= _FEW and ends.count(",") > 1 and 5 * sum(last in _MARKS for last in ends) >= 3 * len(ends):
            found[start:end] = [True] * (end - start)
    return found


def _runs(sizes: Sequence[float], gaps: Sequence[int], marked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, (size, gap, told) in enumerate(zip(sizes, gaps, marked, strict=True)):
        if told or size > _LONG:
            yield start, at
            start = at + 1
        elif gap:
            yield start, at
            start = at
    yield start, len(sizes)
