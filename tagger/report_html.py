"""Reports as one self-contained HTML page: opens offline, needs no script, prints, fits a phone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tagger.article import KINDS, Block, TaggedArticle, TaggedParagraph, Unread
from tagger.cells import printable
from tagger.coverage import By, Coverage, Group, Share, add_up
from tagger.marks import Line, Segment, printed, segments, within
from tagger.phrases import Lang, phrases
from tagger.report import (
    PALETTE,
    amount,
    bounds,
    by_article,
    counts,
    facts,
    grouped,
    headline,
    key,
    missing,
    name_of,
    over_time,
    percent,
    rows_of,
    spelt,
)
from tagger.summary import ArticleSummary, Reported, Word, summarise, words_that_told

if TYPE_CHECKING:
    from jinja2 import Environment

    from tagger.ledger import LedgerRow, Total

COLOURS = len(PALETTE)  # the style sheet has the same
PANEL = 240, 96  # points of a small picture, its edges left out

Texts = Mapping[tuple[str, int | None], str]  # a file and a table's row to the text that was read there


@dataclass(frozen=True, slots=True)
class Part:
    """A block as the page shows it; `paragraph` is set for a body paragraph, `told` are its measures' words."""

    block: Block
    paragraph: TaggedParagraph | None
    lines: tuple[Line, ...]
    told: tuple[tuple[str, tuple[Word, ...]], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity's line; `paragraph` is the one that states it, 0 where that can't be told."""

    row: "LedgerRow"
    paragraph: int


@dataclass(frozen=True, slots=True)
class Said:
    """A measure's line in an article's table, with its strongest sentence in segments, its quantities and sums."""

    reported: Reported
    segments: tuple[Segment, ...]
    counted: tuple[Counted, ...]
    totals: tuple["Total", ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A group's share in a small picture: where it stands, the ends of its interval, what it is called."""

    x: float
    y: float
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups by one field, and over time a small picture of each measure; `partial` where some weren't listed."""

    by: By
    groups: tuple[Group, ...]
    panels: Mapping[str, tuple[Dot, ...]]
    partial: bool


@dataclass(frozen=True, slots=True)
class Page:
    """An article as the page shows it."""

    summary: ArticleSummary
    facts: tuple[tuple[str, str], ...]
    missing: str
    said: tuple[Said, ...]
    parts: tuple[Part, ...]


def render_page(
    items: Iterable[TaggedArticle | Unread],
    names: Mapping[str, str],
    lang: Lang,
    ledger: Iterable["LedgerRow"] = (),
    texts: Texts | None = None,
) -> str:
    """Return a page of articles with their measures marked in the full text.

    `names` gives each measure's name, in order. Where there are several articles, or inputs that could not
    be read, coverage stands on top. The words that told are underlined in what was tagged with evidence.
    `ledger` has the articles' quantities, shown under their measures; with `texts`, the sources as read, every
    block stands line by line as printed.
    """
    held = list(items)
    rows = by_article(ledger)
    pages = [
        _page(item, names, lang, rows.get(key(item.article), ()), (texts or {}).get(key(item.article)[:2], ""))
        for item in held
        if isinstance(item, TaggedArticle)
    ]
    coverage = add_up(held, tuple(names)) if len(held) != 1 or not pages else None
    return _render(names, lang, coverage, pages)


def render_coverage_page(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> str:
    """Return a page of coverage alone; over time and by place, too, where articles state it."""
    return _render(names, lang, coverage, [])


def _page(
    tagged: TaggedArticle, names: Mapping[str, str], lang: Lang, rows: Sequence["LedgerRow"], source: str
) -> Page:
    say = phrases(lang)
    summary = summarise(tagged, tuple(names))
    said = tuple(
        _said(row, tagged, names, [one for one in rows if one.measure == row.measure]) for row in summary.measures
    )
    parts = tuple(_parts(tagged, names, source.split("\n")))
    return Page(summary, tuple(facts(summary, say)), missing(summary, names, say), said, parts)


def _said(row: Reported, tagged: TaggedArticle, names: Mapping[str, str], rows: Sequence["LedgerRow"]) -> Said:
    """Cut the strongest sentence by the words of its own measure alone, and place the quantities."""
    paragraph = next(one for one in tagged.paragraphs if one.number == row.strongest)
    tag = next(tag for tag in paragraph.tags if tag.measure == row.measure)
    shown = within(segments(paragraph.block.text, [tag], names), *tag.sentence)
    if not rows:
        return Said(row, shown, (), ())
    from tagger.ledger import totals

    numbers = {one.block.lines: one.number for one in tagged.paragraphs}
    counted = tuple(Counted(one, numbers.get(tuple(one.lines), 0)) for one in rows)
    return Said(row, shown, counted, tuple(total for total in totals(rows) if total.rows))


def _parts(tagged: TaggedArticle, names: Mapping[str, str], source: Sequence[str]) -> Iterator[Part]:
    paragraphs = iter(tagged.paragraphs)
    for block in tagged.article.blocks:
        paragraph = next(paragraphs, None) if block.kind == "body" else None
        tags = paragraph.tags if paragraph else ()
        told = tuple((tag.measure, words_that_told(tag, block.text)) for tag in tags)
        yield Part(block, paragraph, printed(block, source, segments(block.text, tags, names)), told)


def _groupings(coverage: Coverage) -> Iterator[Grouping]:
    """Yield the groups that were asked for, then those over time and by place, where articles state them."""
    asked, by = coverage.by, over_time(coverage)
    found = {asked: coverage.groups} if asked else {}
    found |= {field: groups for field, groups in (by, ("place", grouped(coverage, "place"))) if groups}
    if asked in ("date", "month"):
        found = {field: groups for field, groups in found.items() if field == asked or field not in ("date", "month")}
    for field, groups in found.items():
        panels = _panels(groups, coverage.measures) if field in ("date", "month") else {}
        yield Grouping(field, groups, panels, field != asked and coverage.unlisted > 0)


def _panels(groups: Sequence[Group], measures: Sequence[str]) -> dict[str, tuple[Dot, ...]]:
    stated = [group for group in groups if group.name]
    width, height = PANEL
    if len(stated) < 2:  # noqa: PLR2004 - one point is no line
        return {}
    found = {}
    for place, measure in enumerate(measures):
        dots = []
        for at, group in enumerate(stated):
            share = group.measures[place].paragraphs
            low, high = share.interval or (share.value, share.value)
            level, top, foot = (round(height * (1 - value), 1) for value in (share.value, high, low))
            label = f"{group.name} {percent(share.value)} {bounds(share)}".strip()
            dots.append(Dot(round(width * (at + 0.5) / len(stated), 1), level, foot, top, label))
        found[measure] = tuple(dots)
    return found


def _render(names: Mapping[str, str], lang: Lang, coverage: Coverage | None, pages: Sequence[Page]) -> str:
    say = phrases(lang)
    return (
        _environment()
        .get_template("page.html")
        .render(
            say=say,
            names=names,
            colours={measure: place % COLOURS for place, measure in enumerate(names)},
            coverage=coverage,
            counts=counts(coverage, say) if coverage else (),
            headline=headline(coverage, say) if coverage else "",
            groupings=list(_groupings(coverage)) if coverage else [],
            panel=PANEL,
            pages=pages,
            ledger=any(said.counted for page in pages for said in page.said),
            kinds=KINDS,
        )
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("tagger"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    environment.filters |= {"percent": percent, "spelt": spelt, "bounds": bounds, "ends": _ends, "amount": amount}
    environment.globals |= {"rows_of": rows_of, "name_of": name_of}
    return environment


def _ends(share: Share) -> tuple[float, float]:
    """Return an interval's ends in per cent, for drawing."""
    low, high = share.interval or (share.value, share.value)
    return 100 * low, 100 * high
