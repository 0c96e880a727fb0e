"""Lines to blocks to articles: the kinds of a page's chunks decided together, and cut sentences joined."""

from collections.abc import Sequence
from typing import cast

from tagger import signs
from tagger.article import Article, Block, Kind, Source
from tagger.evidence import KINDS, Page, cut, page, scores
from tagger.lines import Chunk, Line, chunks, join, lines

_STEP = {  # what one kind says of the next; every other step is 0
    ("heading", "caption"): -3.0, ("heading", "furniture"): -3.0, ("heading", "byline"): -4.0,
    ("heading", "title"): -4.0, ("heading", "body"): 0.5, ("heading", "heading"): -0.6,
    ("title", "byline"): 1.0, ("title", "heading"): -1.5, ("title", "caption"): -0.5, ("title", "title"): 0.3,
    ("body", "title"): 0.0, ("body", "byline"): -1.0, ("byline", "byline"): 0.5, ("byline", "title"): -3.0,
    ("caption", "caption"): 0.8, ("caption", "title"): -0.5, ("furniture", "heading"): -1.0,
    ("furniture", "furniture"): 0.5, ("list", "list"): 1.5,
}  # fmt: skip
_STEP |= {(kind, "list"): -8.0 for kind in KINDS if kind != "list"}
_STEP |= {("list", kind): -1.0 for kind in ("title", "heading", "caption")}
_END = {"heading": -6.0, "title": -3.0}


def articles(source: Source) -> list[Article]:
    """Return the articles in a source; every line that is not blank stands in exactly one block."""
    found = lines(source)
    if not found:
        return []
    whole = page(chunks(found, source.wrapped), source)
    kinds = _kinds(whole)
    blocks = _blocks(whole, kinds, source)
    return [_article(source, number, part) for number, part in enumerate(_parts(whole, blocks), start=1)]


def _kinds(whole: Page) -> list[str]:
    """Return the kinds that fit the chunks and one another best."""
    best: list[dict[str, tuple[float, str]]] = []
    totals = dict.fromkeys(KINDS, 0.0)
    for at in range(len(whole.chunks)):
        own = scores(whole, at)
        came = {
            kind: max((totals[last] + (_STEP.get((last, kind), 0.0) if at else _opens(kind)), last) for last in KINDS)
            for kind in KINDS
        }
        totals = {kind: came[kind][0] + own[kind] for kind in KINDS}
        best.append(came)
    kind = max(KINDS, key=lambda kind: totals[kind] + _END.get(kind, 0.0))
    path = []
    for came in reversed(best):
        path.append(kind)
        kind = came[kind][1]
    return path[::-1]


def _opens(kind: str) -> float:
    return {"list": -8.0, "heading": -1.5, "caption": -0.5}.get(kind, 0.0)


def _blocks(whole: Page, kinds: Sequence[str], source: Source) -> list[tuple[Kind, list[Line], int]]:
    """Return kind, lines and first chunk of each block: cut paragraphs joined, headings in pairs."""
    found: list[tuple[Kind, list[Line], int]] = []
    body = -1  # where in `found` the last paragraph stands, and the chunk that it ends with
    tail = -1
    for at, (chunk, name) in enumerate(zip(whole.chunks, kinds, strict=True)):
        kind = cast("Kind", "furniture" if name == "list" else name)
        if kind == "body":
            if body >= 0 and source.wrapped is not False and _goes_on(whole, kinds, tail, at):
                found[body][1].extend(chunk.lines)
                tail = at
                continue
            body, tail = len(found), at
        elif kind == "heading" and at and kinds[at - 1] == "heading" and _pair(whole.chunks[at - 1], chunk, found[-1][1]):
            found[-1][1].extend(chunk.lines)
            continue
        found.append((kind, list(chunk.lines), at))
    return found


def _pair(before: Chunk, chunk: Chunk, already: Sequence[Line]) -> bool:
    if len(already) > 1 or chunk.hint or before.hint:
        return False
    return not signs.number(chunk.head) and signs.number(before.head) in ("", "lone")


def _goes_on(whole: Page, kinds: Sequence[str], before: int, at: int) -> bool:
    """Tell whether a paragraph's cut sentence goes on in a later chunk."""
    last, chunk = whole.chunks[before], whole.chunks[at]
    if last.hint or chunk.hint or last.ended or last.tail[-1:] == ":" or signs.salutation(last.head):
        return False
    if signs.credit(last.tail) or signs.said(chunk.head) or "title" in kinds[before:at]:
        return False
    words = cut(last, chunk)
    if at - before > 1:
        headings = kinds[before + 1 : at].count("heading")
        return words >= 1 + 2 * headings or (not headings and last.size > 20)  # noqa: PLR2004
    return words > 0 or last.size > 16  # noqa: PLR2004


def _parts(
    whole: Page, blocks: Sequence[tuple[Kind, list[Line], int]]
) -> list[list[tuple[Kind, list[Line], int]]]:
    """Return the blocks of each article: a title after a body begins the next one."""
    parts: list[list[tuple[Kind, list[Line], int]]] = [[]]
    seen_body = False
    for block in blocks:
        kind, _, at = block
        if kind == "title" and seen_body and not _annexed(whole, at):
            parts.append([])
            seen_body = False
        seen_body = seen_body or kind == "body"
        parts[-1].append(block)
    if len(parts) > 1 and not any(kind == "body" for kind, _, _ in parts[-1]):
        parts[-2:] = [parts[-2] + parts[-1]]
    return parts


def _annexed(whole: Page, at: int) -> bool:
    """Tell a title that the text before has named in 《》: a rule that a notice sends out."""
    return whole.chunks[at].head in whole.quoted


def _article(source: Source, number: int, part: Sequence[tuple[Kind, list[Line], int]]) -> Article:
    blocks = tuple(
        Block(kind, tuple(line.number for line in rows), join([line.text for line in rows])) for kind, rows, _ in part
    )
    title = " ".join(block.text for block in blocks if block.kind == "title")
    if number == 1 and source.title:
        title = source.title
    return Article(source.file, number, blocks, source.row, source.id, title, source.date, "")
