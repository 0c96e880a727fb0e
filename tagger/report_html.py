"""Reports as one self-contained HTML page: opens offline, needs no script, prints, fits a phone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tagger.article import KINDS, Block, Tag, TaggedArticle, TaggedParagraph, Unread
from tagger.cells import printable
from tagger.coverage import Coverage, Share, add_up
from tagger.phrases import Lang, phrases
from tagger.report import (
    bounds,
    counts,
    facts,
    headline,
    missing,
    name_of,
    percent,
    rows_of,
    spelt,
)
from tagger.summary import ArticleSummary, Reported, summarise, words_that_told

if TYPE_CHECKING:
    from jinja2 import Environment

COLOURS = 8  # the style sheet has as many


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text and the measures that its words spoke for; `told` says how much."""

    text: str
    measures: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A block as the page shows it; `paragraph` is set for a body paragraph."""

    block: Block
    paragraph: TaggedParagraph | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A measure's line in an article's table, with its strongest sentence in segments."""

    reported: Reported
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An article as the page shows it."""

    summary: ArticleSummary
    facts: tuple[tuple[str, str], ...]
    missing: str
    said: tuple[Said, ...]
    parts: tuple[Part, ...]


def render_page(items: Iterable[TaggedArticle | Unread], names: Mapping[str, str], lang: Lang) -> str:
    """Return a page of articles with their measures marked in the full text.

    `names` gives each measure's name, in order. Where there are several articles, or inputs that could not
    be read, coverage stands on top. The words that told are underlined in what was tagged with evidence.
    """
    held = list(items)
    pages = [_page(item, names, lang) for item in held if isinstance(item, TaggedArticle)]
    coverage = add_up(held, tuple(names)) if len(held) != 1 or not pages else None
    return _render(names, lang, coverage, pages)


def render_coverage_page(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> str:
    """Return a page of coverage alone."""
    return _render(names, lang, coverage, [])


def segments(text: str, tags: Sequence[Tag], names: Mapping[str, str]) -> tuple[Segment, ...]:
    """Return a text cut at the words that told; joined, the segments are the text."""
    held = [
        (span, tag.measure, word.weight) for tag in tags for word in words_that_told(tag, text) for span in word.spans
    ]
    cuts = sorted({0, len(text), *(end for span, _, _ in held for end in span)})
    found = []
    for start, end in pairwise(cuts):
        over = [(measure, weight) for (a, b), measure, weight in held if a <= start and end <= b]
        weights = {measure: max(w for m, w in over if m == measure) for measure, _ in over}
        told = " · ".join(f"{names.get(measure, measure)} +{weight:.2f}" for measure, weight in weights.items())
        found.append(Segment(text[start:end], tuple(weights), told))
    return tuple(found)


def _page(tagged: TaggedArticle, names: Mapping[str, str], lang: Lang) -> Page:
    say = phrases(lang)
    summary = summarise(tagged, tuple(names))
    paragraphs = {paragraph.number: paragraph for paragraph in tagged.paragraphs}
    said = tuple(_said(row, paragraphs[row.strongest], names) for row in summary.measures)
    parts = tuple(_parts(tagged, names))
    return Page(summary, tuple(facts(summary, say)), missing(summary, names, say), said, parts)


def _said(row: Reported, paragraph: TaggedParagraph, names: Mapping[str, str]) -> Said:
    """Cut the strongest sentence by the words of its own measure alone."""
    tag = next(tag for tag in paragraph.tags if tag.measure == row.measure)
    text, (start, end) = paragraph.block.text, tag.sentence
    place, shown = 0, []
    for segment in segments(text, [tag], names):
        after = place + len(segment.text)
        inner = text[max(place, start) : min(after, end)]
        if inner:
            shown.append(Segment(inner, segment.measures, segment.told))
        place = after
    return Said(row, tuple(shown))


def _parts(tagged: TaggedArticle, names: Mapping[str, str]) -> Iterator[Part]:
    paragraphs = iter(tagged.paragraphs)
    for block in tagged.article.blocks:
        paragraph = next(paragraphs, None) if block.kind == "body" else None
        tags = paragraph.tags if paragraph else ()
        yield Part(block, paragraph, segments(block.text, tags, names))


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
            pages=pages,
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
    environment.filters |= {"percent": percent, "spelt": spelt, "bounds": bounds, "ends": _ends}
    environment.globals |= {"rows_of": rows_of, "name_of": name_of}
    return environment


def _ends(share: Share) -> tuple[float, float]:
    """Return an interval's ends in per cent, for drawing."""
    low, high = share.interval or (share.value, share.value)
    return 100 * low, 100 * high
