"""Values laid out as tables of text in one language: what every form of a report shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.article import KINDS, Article
from tagger.coverage import By, Coverage, Covered, Group, Listed, Share, add_up
from tagger.phrases import Phrases
from tagger.summary import ArticleSummary
from tagger.tally import Tally

if TYPE_CHECKING:
    from tagger.ledger import LedgerRow, Total

# a measure's colour everywhere, after Paul Tol's muted scheme: apart for the colour-blind, too
PALETTE = ("#3a8f5a", "#3f43a8", "#e58a9b", "#c2941f", "#3fa3d0", "#641340", "#8a8d2c", "#a05cc0")
MONTHS = 24  # no more of them on one axis: then years

Key = tuple[str, int | None, int]  # an article's file, row of a table, and number


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head; `numbers` are the columns set to the right, `cut` those a terminal may shorten."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    cut: frozenset[int] = frozenset()


def percent(share: float) -> str:
    """Return a share as per cent, with one decimal where it is small."""
    value = 100 * share
    return f"{value:.1f}%" if 0 < value < 9.95 else f"{value:.0f}%"  # noqa: PLR2004


def bounds(share: Share) -> str:
    """Return a share's interval, "[12–34]" per cent, or nothing where there is none."""
    if share.interval is None:
        return ""
    low, high = (percent(end).removesuffix("%") for end in share.interval)
    return f"[{low}–{high}]"


def spelt(numbers: Sequence[int]) -> str:
    """Return whole numbers as ranges: 1–3, 7."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def counts(coverage: Coverage, say: Phrases) -> tuple[str, str]:
    """Return the two lines that account for every input and every block."""
    whole = coverage.whole
    kinds = " + ".join(f"{say.kinds[kind]} {coverage.blocks.get(kind, 0):,}" for kind in KINDS)
    inputs = say.inputs.format(
        inputs=f"{coverage.inputs:,}",
        read=f"{coverage.read:,}",
        unread=f"{len(coverage.unread):,}",
        articles=f"{whole.articles:,}",
        characters=f"{whole.characters:,}",
    )
    return inputs, say.blocks.format(blocks=f"{sum(coverage.blocks.values()):,}", kinds=kinds)


def headline(coverage: Coverage, say: Phrases) -> str:
    """Return the one sentence that says how much was found."""
    whole = coverage.whole
    tagged = whole.paragraphs - whole.none.paragraphs.count
    share = percent(tagged / whole.paragraphs if whole.paragraphs else 0)
    figures = {
        "articles": f"{whole.articles:,}",
        "paragraphs": f"{whole.paragraphs:,}",
        "tagged": f"{tagged:,}",
    }
    return say.headline.format(**figures, share=share)


def rows_of(group: Group) -> tuple[Covered, ...]:
    """Return a group's rows: its measures, then none and several."""
    return (*group.measures, group.none, group.several)


def name_of(row: Covered, names: Mapping[str, str], say: Phrases) -> str:
    """Return the shown name of a row of coverage."""
    return {"": say.none, "+": say.several}.get(row.measure) or names.get(row.measure, row.measure)


def colours(measures: Sequence[str]) -> dict[str, str]:
    """Return each measure's colour; more measures than colours share them."""
    return {measure: PALETTE[place % len(PALETTE)] for place, measure in enumerate(measures)}


def grouped(coverage: Coverage, by: By) -> tuple[Group, ...]:
    """Return what groups of articles cover; nothing where not even two groups are stated.

    Where the coverage was not added up by this field, the listed articles are; characters and `several` then
    say nothing.
    """
    if coverage.by == by:
        groups = coverage.groups
    else:
        groups = add_up(map(_tally, coverage.articles), coverage.measures, by=by).groups
    return groups if sum(bool(group.name) for group in groups) > 1 else ()


def over_time(coverage: Coverage) -> tuple[By, tuple[Group, ...]]:
    """Return the groups by month, or by year where there are many months or the coverage goes by year."""
    months = () if coverage.by == "date" else grouped(coverage, "month")
    return ("month", months) if 0 < len(months) <= MONTHS else ("date", grouped(coverage, "date"))


def _tally(row: Listed) -> Tally:
    counts = {**row.measures, "": row.none}
    about = (row.file, row.number, None, row.title, row.date, row.place)
    return Tally(*about, {}, (row.paragraphs, row.characters), counts, {}, {})


def coverage_tables(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> list[Table]:
    """Return a coverage as tables: by measure, together, by group, by article, unread."""
    tables = [_by_measure(coverage, names, say), _together(coverage, names, say)]
    if coverage.by:
        tables.append(_by_group(coverage, names, say))
    tables.append(_by_article(coverage, names, say))
    if coverage.unread:
        rows = tuple((unread.path, unread.reason) for unread in coverage.unread)
        tables.append(Table(say.unread, (say.file, say.reason), rows))
    return tables


def _by_measure(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> Table:
    rows = []
    for row in rows_of(coverage.whole):
        cells = [name_of(row, names, say)]
        for share in (row.articles, row.paragraphs, row.characters):
            cells += [f"{share.count:,}", f"{percent(share.value)} {bounds(share)}".strip()]
        rows.append(tuple(cells))
    head = (
        say.measure,
        say.articles,
        say.of_articles,
        say.paragraphs,
        say.of_paragraphs,
        say.characters,
        say.of_characters,
    )
    return Table(say.by_measure, head, tuple(rows), frozenset(range(1, 7)), say.reading_coverage)


def _together(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> Table:
    rows = []
    for row in coverage.whole.measures:
        cells = [names.get(row.measure, row.measure)]
        for other in coverage.measures:
            pair = coverage.together.get((row.measure, other)) or coverage.together.get((other, row.measure), 0)
            cells.append(f"{row.paragraphs.count if other == row.measure else pair:,}")
        rows.append(tuple(cells))
    head = (say.paragraphs, *(names.get(measure, measure) for measure in coverage.measures))
    return Table(say.together, head, tuple(rows), frozenset(range(1, len(head))))


def _by_group(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> Table:
    rows = []
    for group in coverage.groups:
        found = (row.paragraphs for row in rows_of(group))
        shares = [f"{s.count:,} · {percent(s.value)}" if s.count else "·" for s in found]
        rows.append((group.name or say.not_stated, f"{group.articles:,}", f"{group.paragraphs:,}", *shares))
    shown = (name_of(row, names, say) for row in rows_of(coverage.whole))
    head = (say.group, say.articles, say.paragraphs, *shown)
    title = f"{say.by[coverage.by or 'source']}{say.colon}{say.paragraphs}"
    return Table(title, head, tuple(rows), frozenset(range(1, len(head))))


def _by_article(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> Table:
    rows = []
    for article in coverage.articles:
        about = (article.file, str(article.number), article.title or say.untitled)
        cells = (f"{count or '·'}" for count in (*article.measures.values(), article.none))
        rows.append((*about, str(article.paragraphs), *cells))
    shown = (names.get(measure, measure) for measure in coverage.measures)
    head = (say.file, "#", say.title, say.paragraphs, *shown, say.none)
    note = say.more.format(more=f"{coverage.unlisted:,}") if coverage.unlisted else ""
    return Table(say.by_article, head, tuple(rows), frozenset({1, *range(3, len(head))}), note, frozenset({0, 2}))


def facts(summary: ArticleSummary, say: Phrases) -> list[tuple[str, str]]:
    """Return what is known of an article, as label and text; what isn't stated is left out."""
    where = [summary.file, say.number.format(number=summary.number)]
    if summary.row is not None:
        where.insert(1, say.row.format(row=summary.row))
    if summary.id:
        where.append(summary.id)
    known = [(say.date, summary.date), (say.place, summary.place), (say.file, " · ".join(where))]
    figures = {"paragraphs": summary.paragraphs, "tagged": summary.tagged, "untagged": summary.untagged}
    known.append((say.paragraphs, say.read_and_tagged.format(**figures)))
    return [(label, text) for label, text in known if text]


def missing(summary: ArticleSummary, names: Mapping[str, str], say: Phrases) -> str:
    """Return the line that names the measures that an article does not report."""
    shown = say.comma.join(names.get(measure, measure) for measure in summary.missing)
    return f"{say.missing}{say.colon}{shown}" if shown else say.all_reported


def summary_table(summary: ArticleSummary, names: Mapping[str, str], say: Phrases) -> Table:
    """Return an article's measures as a table."""
    rows = tuple(
        (
            names.get(row.measure, row.measure),
            spelt(row.paragraphs),
            spelt(row.lines),
            percent(row.share),
            f"{row.probability:.2f}",
            row.sentence,
            say.comma.join(row.words),
        )
        for row in summary.measures
    )
    head = (
        say.measure,
        say.paragraphs,
        say.lines,
        say.share_of_text,
        say.probability,
        say.strongest,
        say.words,
    )
    title = summary.title or say.untitled
    return Table(title, head, rows, frozenset({3, 4}), "" if rows else say.none_tagged)


def key(article: Article | ArticleSummary) -> Key:
    """Return what an article's rows of the ledger are known by."""
    return article.file, article.row, article.number


def by_article(ledger: Iterable["LedgerRow"]) -> dict[Key, list["LedgerRow"]]:
    """Return the rows of each article."""
    found: dict[Key, list[LedgerRow]] = {}
    for row in ledger:
        found.setdefault((row.file, row.row, row.article), []).append(row)
    return found


def number(value: float) -> str:
    """Return a number with its thousands parted, without needless zeros."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def amount(row: "LedgerRow | Total") -> str:
    """Return a quantity or a sum in plain numbers with its unit: "≈ 6,800 元", "300–500 元 / 亩"."""
    high, per = getattr(row, "high", None), getattr(row, "per", "")
    shown = (
        f"{'≈ ' if row.approximate else ''}{number(row.value)}{'' if high is None else '–' + number(high)} {row.unit}"
    )
    return f"{shown} / {per}" if per else shown


def figure_table(rows: Sequence["LedgerRow"], names: Mapping[str, str], say: Phrases) -> Table:
    """Return quantities as a table, by measure; the note has the sums."""
    from tagger.ledger import totals

    ordered = sorted(rows, key=lambda row: list(names).index(row.measure) if row.measure in names else len(names))
    cells = tuple(
        (
            names.get(row.measure, row.measure),
            row.quote,
            amount(row),
            row.counted,
            row.act,
            f"{row.year or ''}",
            spelt(row.lines),
            say.doubts.get(row.doubt, row.doubt),
        )
        for row in ordered
    )
    head = (say.measure, say.quantity, say.count, say.counted, say.act, say.stated_year, say.lines, say.doubt)
    sums = [f"{names.get(one.measure, one.measure)} {amount(one)}" for one in totals(ordered) if one.rows]
    note = f"{say.total}{say.colon}{say.comma.join(sums)}" if sums else ""
    return Table(say.figures, head, cells, frozenset({2}), note)
