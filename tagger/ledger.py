"""Rows over tagged articles: each quantity under its nearest measure, and sums where the text allows them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tagger.article import TaggedArticle, TaggedParagraph
from tagger.quantities import Quantity, quantities
from tagger.words import normalise

Cues = Mapping[str, Sequence[str]]  # a measure's id to the terms that signal it, as the codebook has them
Span = tuple[int, int]

FIELDS = (
    "file", "article", "lines", "measure", "value", "high", "unit", "counted", "act", "approximate", "year", "quote",
    "start", "end", "per", "doubt", "row",
)  # fmt: skip
TOTAL_FIELDS = ("measure", "unit", "value", "rows", "doubtful", "approximate")
ADDED = ("元", "户", "人", "人次", "名", "位")  # money and people: no other unit is ever added up

_LEVELS = tuple(map(re.compile, (r"[。!?;；！？\n]", r"[,，。;；:：!！?？\n]")))  # sentences, clauses
_PART = re.compile(r"其中|包括|包含|分别|内含|主要为|主要是")
_WHOLE = re.compile(r"共(?![同享建青产和公商用])|总(?![是书支部结理队体裁经工行])|累计|合计")
_MOVED = re.compile(
    r"(?:[由从]|(?:增|提|升|降|减|涨|长|跌|加|高|低|少|到|扩大|发展|缩短|达)[了]?[到至为])\s?(?:近|约|超过?)?$|(?:提高|增长|增加|上涨|下降|降低|减少)了?$"
)
_BARE = frozenset(["户", "人", "人次", "名", "位"])


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One quantity of one tagged paragraph; offsets are into the paragraph's text as printed.

    `per` is what a rate is for (每亩), `doubt` why the row is not added up: "part" and "total" of one sum,
    "level" (what something rose or fell to), "range", "repeated", "same people"; "" where it can be.
    """

    file: str
    article: int
    lines: tuple[int, ...]
    measure: str
    value: float
    high: float | None
    unit: str
    counted: str
    act: str
    approximate: bool
    year: int | None
    quote: str
    sentence: str
    start: int
    end: int
    per: str = ""
    doubt: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A measure's sum in one unit: `rows` were added, `doubtful` left out, as they may be counted already."""

    measure: str
    unit: str
    value: float
    rows: int
    doubtful: int
    approximate: bool = False


def ledger(tagged: TaggedArticle, cues: Cues | None = None) -> list[LedgerRow]:
    """Return a row for each quantity in the paragraphs that carry a measure.

    In a paragraph with several, a quantity goes to the measure whose cue or evidence stands nearest in its
    clause, else in its sentence; else to the one whose best sentence it stands in; else to the most probable.
    """
    rows: list[LedgerRow] = []
    seen: set[tuple[float, str, str]] = set()
    for paragraph in tagged.paragraphs:
        if paragraph.tags:
            rows += _rows(tagged, paragraph, cues or {}, seen)
    return rows


def totals(rows: Iterable[LedgerRow]) -> list[Total]:
    """Return sums of money and of people by measure and unit, in the order of the rows.

    Only what counts the same thing is added: the most rows that do, the others are counted as in doubt. A cost
    and what was paid of it, or a programme's money and a family's, make no sum. Rates (每亩, 户均) are never added.
    Over measures nothing is added up: whom two measures helped would count twice.
    """
    groups: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in rows:
        if row.unit in ADDED and not row.per:
            groups.setdefault((row.measure, row.unit), []).append(row)
    found = []
    for (measure, unit), members in groups.items():
        alike: dict[str, list[LedgerRow]] = {}
        for row in members:
            if not row.doubt:
                unsaid = row.counted == "元"  # money for nobody says what
                alike.setdefault(f"{row.counted}{len(alike)}" if unsaid else row.counted, []).append(row)
        sure = max(alike.values(), key=len, default=[])
        if len(sure) == 1 < len(alike):
            continue
        value = float(sum(row.value for row in sure))
        about = any(row.approximate for row in sure)
        found.append(Total(measure, unit, value, len(sure), len(members) - len(sure), about))
    return found


def as_row(row: LedgerRow) -> dict[str, Any]:
    """Return a ledger row as `tagger.tagfiles` writes it, whole numbers without a point."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    fields |= {"lines": list(row.lines), "value": _short(row.value), "high": _short(row.high)}
    if row.row is None:
        del fields["row"]
    return fields


def total_row(total: Total) -> dict[str, Any]:
    """Return a sum as `tagger.tagfiles` writes it."""
    return {name: getattr(total, name) for name in TOTAL_FIELDS} | {"value": _short(total.value)}


def _short(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _rows(
    tagged: TaggedArticle, paragraph: TaggedParagraph, cues: Cues, seen: set[tuple[float, str, str]]
) -> Iterator[LedgerRow]:
    article, text = tagged.article, paragraph.block.text
    found = quantities(text)
    normal = normalise(text) if found else ""
    marks = _marks(paragraph, normal, cues) if found else []
    doubts = _doubts(normal, found)
    for place, item in enumerate(found):
        begin, stop = _around(normal, item, 0)
        key = (item.value, item.unit, item.counted)
        doubt = doubts[place] or ("repeated" if key in seen and item.unit in ADDED else "")
        seen.add(key)
        yield LedgerRow(
            article.file, article.number, paragraph.block.lines, _nearest(paragraph, normal, item, marks),
            item.value, item.high, item.unit, item.counted, item.act, item.approximate, item.year,
            text[item.start : item.end], text[begin:stop].strip(), item.start, item.end, item.per, doubt, article.row,
        )  # fmt: skip


def _around(normal: str, item: Quantity, level: int) -> Span:
    """Return the sentence (level 0) or the clause (1) that a quantity stands in, its final mark included."""
    pattern = _LEVELS[level]
    begin = max((mark.end() for mark in pattern.finditer(normal, 0, item.start)), default=0)
    stop = pattern.search(normal, item.end)
    return begin, stop.end() if stop else len(normal)


def _marks(paragraph: TaggedParagraph, normal: str, cues: Cues) -> list[tuple[str, Span]]:
    """Return where each of the paragraph's measures is signalled: by a cue, or by evidence for it."""
    if len(paragraph.tags) == 1:
        return []
    found: list[tuple[str, Span]] = []
    for tag in paragraph.tags:
        terms = tuple(cues.get(tag.measure, ()))
        if terms:
            found += [(tag.measure, match.span()) for match in _terms(terms).finditer(normal)]
        found += [(tag.measure, span) for told in tag.evidence if told.weight > 0 for span in told.spans]
    return found


@cache
def _terms(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(normalise(term)) for term in sorted(terms, key=len, reverse=True)))


def _nearest(paragraph: TaggedParagraph, normal: str, item: Quantity, marks: list[tuple[str, Span]]) -> str:
    if len(paragraph.tags) == 1:
        return paragraph.tags[0].measure
    for level in (1, 0):
        begin, stop = _around(normal, item, level)
        near = [
            (_gap(item, span), span[0] - span[1], name) for name, span in marks if begin <= span[0] and span[1] <= stop
        ]
        if near:
            return min(near, key=lambda pair: pair[:2])[2]  # of two as near, the longer term
    held = [tag for tag in paragraph.tags if tag.sentence[0] <= item.start < tag.sentence[1]]
    return max(held or paragraph.tags, key=lambda tag: tag.probability).measure


def _gap(item: Quantity, span: Span) -> int:
    return max(item.start - span[1], span[0] - item.end, 0)


def _doubts(normal: str, found: Sequence[Quantity]) -> list[str]:
    """Return for each quantity why it must not be added to the others, "" where it may be."""
    return [
        _doubt(normal, item, [q for q in found if q.unit == item.unit and q is not item and not q.per])
        if item.unit in ADDED and not item.per
        else ""
        for item in found
    ]


def _doubt(normal: str, item: Quantity, fellows: Sequence[Quantity]) -> str:
    """Return what speaks against adding a quantity to its fellows, those of its unit in the paragraph."""
    begin, _ = _around(normal, item, 0)
    same = [other for other in fellows if _around(normal, other, 0)[0] == begin]
    before = [other for other in same if other.end <= item.start]
    named = before and any(mark.start() >= before[0].end for mark in _PART.finditer(normal, begin, item.start))
    reasons = {
        "range": item.high is not None,
        "level": bool(_MOVED.search(normal, max(begin, item.start - 8), item.start)),
        "part": bool(named) or any(_holds(normal, other, item) for other in same),
        "total": bool(fellows) and bool(_WHOLE.search(_lead(normal, item))),
        "same people": bool(before) and item.unit in _BARE and item.counted in (item.unit, item.act),
    }
    return next((name for name, holds in reasons.items() if holds), "")


def _holds(normal: str, total: Quantity, item: Quantity) -> bool:
    """Whether a quantity may be a part of a greater one that calls itself a sum: no semicolon parts them."""
    if total.value <= item.value or not _WHOLE.search(_lead(normal, total)):
        return False
    return not re.search("[;；]", normal[min(total.end, item.end) : max(total.start, item.start)])


def _lead(normal: str, item: Quantity) -> str:
    """Return the words of a quantity's clause that stand before it."""
    begin, _ = _around(normal, item, 1)
    return re.split(r"[\d、]", normal[begin : item.start])[-1]
