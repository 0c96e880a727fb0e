"""Lines to blocks to articles: the kinds of a page's chunks decided together, and cut sentences joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import cast

from tagger import signs
from tagger.article import Article, Block, Kind, Source
from tagger.credits import credit
from tagger.evidence import KINDS, scores
from tagger.joins import cut
from tagger.layout import Layout, layout, paragraph
from tagger.lines import Chunk, Line, chunks, join, lines
from tagger.stated import date_of, place_of

_STEP = {  # what one kind says of the next; every other step is 0
    ("heading", "body"): 0.5,
    ("heading", "heading"): -0.6,
    ("heading", "caption"): -3.0,
    ("heading", "furniture"): -3.0,
    ("heading", "byline"): -4.0,
    ("heading", "title"): -4.0,
    ("title", "title"): 0.3,
    ("title", "byline"): 1.0,
    ("title", "heading"): -1.5,
    ("title", "caption"): -0.5,
    ("byline", "byline"): 0.5,
    ("byline", "title"): -3.0,
    ("caption", "caption"): 0.8,
    ("caption", "title"): -0.5,
    ("caption", "byline"): -1.5,
    ("body", "byline"): -1.0,
    ("furniture", "furniture"): 0.5,
    ("furniture", "heading"): -1.0,
    ("list", "list"): 1.5,
}
_STEP |= {(kind, "list"): -8.0 for kind in KINDS if kind != "list"}
_STEP |= {("list", kind): -1.0 for kind in ("title", "heading", "caption")}
_FIRST = {"list": -8.0, "heading": -1.5, "caption": -0.5}
_LAST = {"heading": -6.0, "title": -3.0}
_ORDER = sorted(KINDS, reverse=True)  # of two kinds that fit equally well, the first here comes before
_STEPS = [[_STEP.get((last, kind), 0.0) for last in _ORDER] for kind in _ORDER]  # to each kind, from every other


@dataclass(frozen=True, slots=True)
class _Part:
    """A block on its way: its lines, and the first of its chunks."""

    kind: Kind
    lines: list[Line]
    at: int


def articles(source: Source) -> list[Article]:
    """Return the articles in a source; every line that is not blank stands in exactly one block."""
    found = lines(source)
    if not found:
        return []
    whole = chunks(found, source.wrapped)
    if len(whole) == 1 and paragraph(whole[0]):  # a row of a table of paragraphs: nothing stands beside it to ask
        return [_article(source, 1, [_Part("body", found, 0)])]
    page = layout(whole, source)
    parts = _parts(page, _kinds(page), joins=source.wrapped is not False)
    return [_article(source, number, own) for number, own in enumerate(_apart(page, parts), start=1)]


def _kinds(page: Layout) -> list[str]:
    """Return the kinds that fit the chunks and one another best (Viterbi's way)."""
    came: list[list[int]] = []  # for each chunk but the first: the kind before, by its place in _ORDER
    totals = [_FIRST.get(kind, 0.0) + own for kind, own in zip(_ORDER, _own(page, 0), strict=True)]
    for at in range(1, len(page.chunks)):
        arriving = [list(map(add, totals, steps)) for steps in _STEPS]
        best = list(map(max, arriving))
        came.append([sums.index(most) for sums, most in zip(arriving, best, strict=True)])
        totals = list(map(add, best, _own(page, at)))
    place = _ORDER.index(max(KINDS, key=lambda kind: totals[_ORDER.index(kind)] + _LAST.get(kind, 0.0)))
    path = [place]
    for before in reversed(came):
        path.append(before[path[-1]])
    return [_ORDER[place] for place in reversed(path)]


def _own(page: Layout, at: int) -> list[float]:
    found = scores(page, at)
    return [found[kind] for kind in _ORDER]


def _parts(page: Layout, kinds: Sequence[str], *, joins: bool) -> list[_Part]:
    """Return the blocks: paragraphs that a column cut in one, headings that stand in pairs in one."""
    found: list[_Part] = []
    body: _Part | None = None
    tail = 0  # the chunk that `body` ends with
    for at, (chunk, name) in enumerate(zip(page.chunks, kinds, strict=True)):
        kind = cast("Kind", "furniture" if name == "list" else name)
        if kind == "body" and joins and body and _goes_on(page, kinds, tail, at):
            body.lines.extend(chunk.lines)
            tail = at
            continue
        if kind == "heading" and at and kinds[at - 1] == kind and _pair(page.chunks[at - 1], chunk, found[-1]):
            found[-1].lines.extend(chunk.lines)
            continue
        found.append(_Part(kind, list(chunk.lines), at))
        if kind == "body":
            body, tail = found[-1], at
    return found


def _pair(before: Chunk, chunk: Chunk, part: _Part) -> bool:
    if len(part.lines) > 1 or chunk.hint or before.hint:
        return False
    return not signs.number(chunk.head) and signs.number(before.head) in ("", "lone")


def _goes_on(page: Layout, kinds: Sequence[str], before: int, at: int) -> bool:
    """Tell whether a paragraph's cut sentence goes on in a later chunk."""
    last, chunk = page.chunks[before], page.chunks[at]
    if last.hint or chunk.hint or last.ended or last.tail[-1:] == ":" or page.verse[at]:
        return False
    if signs.salutation(last.head) or credit(last.tail) or signs.said(chunk.head):
        return False
    between = kinds[before + 1 : at]
    if page.clauses[before] and page.clauses[at]:
        return not between
    if "title" in between:
        return False
    words = cut(last, chunk)
    if not between:
        return words > 0 or last.size > 16  # noqa: PLR2004
    headings = between.count("heading")
    return words >= 1 + 2 * headings or (not headings and last.size > 20)  # noqa: PLR2004


def _apart(page: Layout, parts: Sequence[_Part]) -> list[list[_Part]]:
    """Return the blocks of each article: a title after a body begins the next one."""
    found: list[list[_Part]] = [[]]
    told = False
    for part in parts:
        if part.kind == "title" and told and page.chunks[part.at].head not in page.quoted:
            found.append([])
            told = False
        told = told or part.kind == "body"
        found[-1].append(part)
    if len(found) > 1 and not told:
        found[-2:] = [found[-2] + found[-1]]
    return found


def _article(source: Source, number: int, parts: Sequence[_Part]) -> Article:
    blocks = tuple(_block(part) for part in parts)
    title = source.title if number == 1 else ""
    title = title or " ".join(dict.fromkeys(block.text for block in blocks if block.kind == "title"))
    date = source.date or date_of(blocks)
    return Article(source.file, number, blocks, source.row, source.id, title, date, place_of(title, blocks))


def _block(part: _Part) -> Block:
    return Block(part.kind, tuple(line.number for line in part.lines), join([line.text for line in part.lines]))
