"""A source's lines, and the chunks that the column makes of them: how they look, before what they mean."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tagger.article import Kind, Source
from tagger.credits import byline, caption, credit, credited
from tagger.furniture import LONGEST, furniture
from tagger.signs import number
from tagger.words import normalise

HEAD, TAIL = 200, 80  # characters of a long line that are looked at
STOPS = frozenset("。!?…;")  # of normalised text: ! ? ; are half-width there
PAUSES = frozenset(",、:·-—")
_TOKEN = re.compile(r"[\d.,%A-Za-z]+")
_NARROW = re.compile(r"[\0-\u2000]")
_SCRIPT = re.compile(r"[^\0-\x7f\xa0\u3000\uff01-\uff5e]+")  # what normalising leaves alone in Simplified script
_CLOSERS = frozenset("”’」』)]】》〉\"'")
_OPENERS = {"“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "《": "》", "〈": "〉", "【": "】", "[": "]"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    `head` and `tail` are its first and last characters, normalised and stripped (the same text, where the
    line is short); `indent`, `size` and `width` count a Han character as one and a Latin letter as half;
    `gap` is the number of blank lines before it.
    """

    number: int
    text: str
    head: str
    tail: str
    indent: float
    size: float
    gap: int
    hint: Kind | None

    @property
    def width(self) -> float:
        """The place that the line takes, with its indentation."""
        return self.indent + self.size


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that the layout holds together: a paragraph, or a part of one, or a line that stands alone.

    `head` and `tail` are as in `Line`, of the whole; `after` is the number of blank lines behind it; `ended`
    says that its last sentence is over, `cut` that it isn't and that its last line fills the column.
    """

    lines: tuple[Line, ...]
    head: str
    tail: str
    size: float
    gap: int
    after: int
    ended: bool
    cut: bool

    @property
    def hint(self) -> Kind | None:
        """The kind that the file's markup gave its first line."""
        return self.lines[0].hint

    @property
    def short(self) -> bool:
        """Whether it can be anything but body by its length."""
        return self.size <= 60 and len(self.head) < HEAD  # noqa: PLR2004


def _size(text: str) -> float:
    """Return the room that a text takes: 1 for a Han character, half for a Latin one."""
    if len(text) > 2 * HEAD:
        return float(len(text))
    return len(text) - 0.5 * len(_NARROW.findall(text))


def lines(source: Source) -> list[Line]:
    """Return the lines of a source that are not blank."""
    printed = [(at, raw, text) for at, raw in enumerate(source.text.split("\n"), start=1) if (text := raw.strip())]
    heads = _normalised([text[:HEAD] for _, _, text in printed])
    tails = iter(_normalised([text[-TAIL:] for _, _, text in printed if len(text) > HEAD]))
    found: list[Line] = []
    above = 0
    for (at, raw, text), head in zip(printed, heads, strict=True):
        indent = _size(raw[: len(raw) - len(raw.lstrip())].strip("\r\n\f\ufeff")[:40])
        tail = head if len(text) <= HEAD else next(tails)
        found.append(Line(at, text, head, tail, indent, _size(text), at - above - 1, source.hints.get(at)))
        above = at
    return found


def _normalised(texts: Sequence[str]) -> list[str]:
    """Return texts, each of one line, normalised and stripped: in one call, if none is in Traditional script."""
    whole = "\n".join(texts)
    normal = normalise(whole)
    same = _SCRIPT.findall(whole) == _SCRIPT.findall(normal)  # else rules for phrases count, in each text by itself
    return [text.strip() for text in (normal.split("\n") if same else map(normalise, texts))] if texts else []


def ended(tail: str) -> bool:
    """Tell a text whose last sentence is over: a final mark, perhaps with closing quotes or a credit behind it."""
    if tail[-1:] in STOPS or credited(tail):
        return True
    rest = tail
    while rest and rest[-1] in _CLOSERS:
        if rest[-1] == ")" and credit(rest):
            rest = rest[: rest.rfind("(")].rstrip()
            continue
        rest = rest[:-1].rstrip()
    return bool(rest) and rest[-1] in STOPS


def unclosed(text: str) -> bool:
    """Tell a text that ends inside quotation marks or brackets that it opened itself."""
    stack = []
    for character in text:
        if character in _OPENERS:
            stack.append(_OPENERS[character])
        elif stack and character == stack[-1]:
            stack.pop()
    return bool(stack)


def join(parts: Sequence[str]) -> str:
    """Return lines as one text: no space between Han characters, one between two Latin words."""
    joined = list(parts[:1])
    for before, after in pairwise(parts):
        joined += [" ", after] if _spaced(before, after) else [after]
    return "".join(joined)


def _spaced(before: str, after: str) -> bool:
    last, first = before[-1:], after[:1]
    if not (last.isascii() and first.isascii() and first.isalnum()):
        return False
    if last.isalnum():
        return last.isalpha() or first.isalpha()
    return last in ",.;:!?)" and first.isalpha() and before[-2:-1].isascii() and before[-2:-1].isalnum()


def column(found: Sequence[Line], wrapped: bool | None) -> float:  # noqa: FBT001 - the source's own field
    """Return the width that a source's lines were cut to, or 0 where its lines were not cut."""
    widths = sorted(line.width for line in found if line.width > 8)  # noqa: PLR2004
    if wrapped is False or not widths:
        return 0.0
    counts = Counter(round(width) for width in widths if width <= 120)  # noqa: PLR2004
    if not counts:
        return 0.0

    def near(width: int) -> int:
        return sum(counts[width + step] for step in (-2, -1, 0, 1))

    peak = max(counts, key=lambda width: (near(width), counts[width]))
    wider = len(widths) - bisect_right(widths, peak + 1.5)
    if wrapped:
        return float(peak)
    full = [line for line in found if abs(line.width - peak) <= 2]  # noqa: PLR2004
    open_ones = sum(line.tail[-1:] not in STOPS for line in full)
    enough = len(full) >= 4 and 2 * sum(line.width for line in full) >= sum(widths)  # noqa: PLR2004
    return float(peak) if enough and wider * 8 <= len(widths) and open_ones * 2 >= len(full) else 0.0


def chunks(found: Sequence[Line], wrapped: bool | None) -> list[Chunk]:  # noqa: FBT001 - the source's own field
    """Return the lines in chunks: by the column's width and indentation where it cut them, else one by one."""
    width = column(found, wrapped)
    if not width:
        afters = [line.gap for line in found[1:]] + [0]
        return [_chunk([line], after, full=False) for line, after in zip(found, afters, strict=True)]
    groups: list[list[Line]] = []
    layout = _Layout(found, width)
    for at, line in enumerate(found):
        if at and layout.goes_on(at):
            groups[-1].append(line)
        else:
            groups.append([line])
    afters = [group[0].gap for group in groups[1:]] + [0]
    return [
        _chunk(group, after, full=layout.full(group[-1]) and (len(group) > 1 or layout.opens(group[0])))
        for group, after in zip(groups, afters, strict=True)
    ]


def _chunk(group: list[Line], after: int, *, full: bool) -> Chunk:
    first, last = group[0], group[-1]
    head = "".join(line.head for line in group[:12])[:HEAD] if len(group) > 1 else first.head
    tail = "".join(line.tail for line in group[-4:])[-TAIL:] if len(group) > 1 else last.tail
    over = ended(tail)
    size = sum(line.size for line in group)
    return Chunk(tuple(group), head, tail, size, first.gap, after, over, full and not over)


class _Layout:
    """How a hard-wrapped source shows its paragraphs."""

    def __init__(self, found: Sequence[Line], width: float) -> None:
        """Find out whether indentation marks a paragraph, and which gap does."""
        self.found, self.width = found, width
        self.slack = max(1.6, 0.12 * width)
        base = Counter(line.indent for line in found).most_common(1)[0][0] if found else 0.0
        self.base = base
        deeper = sum(1 <= line.indent - base <= 4 for line in found)  # noqa: PLR2004
        self.indents = deeper > 1 and 25 * deeper >= len(found)
        inside = [line.gap for before, line in pairwise(found) if self.full(before)]
        self.gap = Counter(inside).most_common(1)[0][0] if inside else 0

    def full(self, line: Line) -> bool:
        """Tell a line that fills the column; one whose sentence is over must fill it to the brim."""
        return line.width >= self.width - (1.0 if line.tail[-1:] in STOPS else self.slack)

    def _pushed(self, line: Line, after: Line | None) -> bool:
        """Tell a line that is short because the next begins with a number or a word that would not fit."""
        token = _TOKEN.match(after.text) if after else None
        return token is not None and line.indent + len(line.text) + len(token[0]) >= self.width - 0.5

    def opens(self, line: Line) -> bool:
        """Tell a paragraph's first line, where indentation marks them."""
        return self.indents and self._indented(line)

    def _indented(self, line: Line) -> bool:
        return line.indent - self.base >= 1

    def _apart(self, line: Line) -> bool:
        return bool(line.hint and line.hint != "body") or marked(line.head)

    def goes_on(self, at: int) -> bool:
        """Tell whether a line goes on with the paragraph of the one before it."""
        before, line = self.found[at - 1], self.found[at]
        if (
            self._apart(line)
            or (self._apart(before) and not number(before.head))
            or not (self.full(before) or self._pushed(before, line))
        ):
            return False
        if self.opens(line):
            return False
        over = ended(before.tail)
        if line.gap > self.gap and over:
            return False
        return not self._alone(at, over=over)

    def _alone(self, at: int, *, over: bool) -> bool:
        """Tell a short line without a final mark that can't be the end of the paragraph before it."""
        line = self.found[at]
        following = self.found[at + 1] if at + 1 < len(self.found) else None
        if self.full(line) or self._pushed(line, following) or ended(line.tail) or line.tail[-1:] in PAUSES:
            return False
        if over:
            return True
        goes_on = following and not self._indented(following) and following.gap <= self.gap
        return bool(goes_on and following and not self._apart(following))


def signed(head: str) -> bool:
    """Tell a short line that carries a sign of furniture, byline or caption."""
    if len(head) > LONGEST:
        return False
    return furniture(head) >= 7 or byline(head) >= 9 or caption(head) >= 8  # noqa: PLR2004


def marked(head: str) -> bool:
    """Tell a line that says itself that it is no part of a paragraph."""
    return len(head) <= 60 and (signed(head) or bool(number(head)))  # noqa: PLR2004
