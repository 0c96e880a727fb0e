"""An Excel workbook of a corpus: coverage, articles, paragraphs and ledger, a sheet each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.article import TaggedArticle, Unread
from tagger.cells import Cell, excel_cell, printable, safe_cell
from tagger.coverage import Coverage, Covered, Group, add_up
from tagger.errors import UsageError
from tagger.files import optional, writing
from tagger.phrases import Lang, Phrases, phrases
from tagger.report import grouped, name_of, over_time, rows_of, spelt
from tagger.summary import heading
from tagger.tagfiles import EXCEL_ROWS
from tagger.tally import Tally, tally

if TYPE_CHECKING:
    from tagger.ledger import LedgerRow

PERCENT, WHOLE, PLAIN, CHANCE = "0.0%", "#,##0", "#,##0.######", "0.00"
NARROW, WIDE, WIDEST = 11, 26, 70  # characters of a column; text in the widest is wrapped
TITLE = 31  # characters of a sheet's name, none of these:
NO_TITLE = dict.fromkeys(map(ord, r"[]:*?/\\"), " ")

Column = tuple[str, float, str]  # head, width, number format ("" as Excel likes)
Figures = Callable[[TaggedArticle], Iterable["LedgerRow"]]


def write_workbook(
    path: str | Path,
    items: Iterable[TaggedArticle | Tally | Unread],
    names: Mapping[str, str],
    lang: Lang,
    ledger: "Figures | None" = None,
) -> Coverage:
    """Write articles as a workbook, in one pass and whole or not at all; return what they cover.

    `ledger` gives an article's quantities; an article given as counts has neither these nor paragraphs. Inputs
    that could not be read get a sheet of their own. Raises UsageError where the extra is missing, a sheet
    overflows or the place can't be written.
    """
    say, measures = phrases(lang), tuple(names)
    engine = optional("openpyxl", "excel", path)
    book = engine.Workbook(write_only=True)
    whole, articles, paragraphs, figures = sheets = [
        _Sheet(engine, book, title, columns)
        for title, columns in (
            (say.coverage, _coverage_columns(say)),
            (say.articles, _article_columns(names, say)),
            (say.paragraphs, _paragraph_columns(names, say)),
            (say.ledger, _ledger_columns(say)),
        )
    ]

    def passing() -> Iterator[TaggedArticle | Tally | Unread]:
        for item in items:
            if isinstance(item, Tally):
                articles.append(_article(item, item.title, measures))
            if isinstance(item, TaggedArticle):
                articles.append(_article(tally(item), heading(item), measures))
                paragraphs.extend(_paragraphs(item, names, say))
                figures.extend(_figure(row, names, say) for row in (ledger(item) if ledger else ()))
            yield item

    try:
        coverage = add_up(passing(), measures)
        whole.extend(_coverage(coverage, names, say))
        if coverage.unread:
            sheets.append(_Sheet(engine, book, say.unread, [(say.file, WIDE, ""), (say.reason, WIDEST, "")]))
            sheets[-1].extend([one.path, one.reason] for one in coverage.unread)
    finally:
        for sheet in sheets:
            sheet.close()
    with writing(path, "wb") as file:
        book.save(file)
    return coverage


class _Sheet:
    """A sheet written row by row: its head stays in sight, its columns filter, its numbers are numbers."""

    def __init__(self, engine: Any, book: Any, title: str, columns: Sequence[Column]) -> None:  # noqa: ANN401
        self._engine, self._columns, self._rows = engine, columns, 1
        self._sheet = book.create_sheet(title.translate(NO_TITLE)[:TITLE])
        self._sheet.freeze_panes = "A2"
        for place, (_, width, _) in enumerate(columns, start=1):
            self._sheet.column_dimensions[engine.utils.get_column_letter(place)].width = width
        self._sheet.append([self._head(head) for head, _, _ in columns])

    def _head(self, text: str) -> object:
        styles = self._engine.styles
        cell = self._cell(safe_cell(printable(text)))
        cell.font, cell.fill = styles.Font(bold=True), styles.PatternFill("solid", fgColor="F3F0E8")
        cell.alignment = styles.Alignment(wrap_text=True, vertical="top")
        return cell

    def _cell(self, value: Cell) -> Any:  # noqa: ANN401
        return self._engine.cell.WriteOnlyCell(self._sheet, value)

    def append(self, values: Sequence[Cell]) -> None:
        """Add a row of as many values as there are columns."""
        self._rows += 1
        if self._rows > EXCEL_ROWS:
            raise UsageError(
                self._sheet.title, f"an Excel sheet holds {EXCEL_ROWS:,} rows at most; take fewer articles"
            )
        self._sheet.append([self._shown(value, column) for value, column in zip(values, self._columns, strict=True)])

    def extend(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            self.append(row)

    def _shown(self, value: Cell, column: Column) -> object:
        _, width, form = column
        if isinstance(value, str):
            text = excel_cell(safe_cell(printable(value)))
            if width < WIDEST:
                return text
            cell = self._cell(text)
            cell.alignment = self._engine.styles.Alignment(wrap_text=True, vertical="top")
            return cell
        if value is None or not form:
            return value
        cell = self._cell(value)
        cell.number_format = form
        return cell

    def close(self) -> None:
        """End the sheet; left open it would complain when it is thrown away."""
        last = self._engine.utils.get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"
        self._sheet.close()


def _coverage_columns(say: Phrases) -> list[Column]:
    columns: list[Column] = [(say.grouping, NARROW, ""), (say.group, WIDE, ""), (say.measure, WIDE, "")]
    for unit, of in (
        (say.articles, say.of_articles),
        (say.paragraphs, say.of_paragraphs),
        (say.characters, say.of_characters),
    ):
        columns += [(unit, NARROW, WHOLE), (f"{unit} {say.total}", NARROW, WHOLE), (of, NARROW, PERCENT)]
        columns += [(f"{of} {say.interval} {end}", NARROW, PERCENT) for end in "≥≤"]
    return columns


def _coverage(coverage: Coverage, names: Mapping[str, str], say: Phrases) -> Iterator[list[Cell]]:
    """Yield the whole's rows, then those by time and by place, where articles state them."""
    for row in rows_of(coverage.whole):
        yield ["", "", name_of(row, names, say), *_shares(row)]
    by, groups = over_time(coverage)
    found: list[tuple[str, tuple[Group, ...]]] = [(by, groups), ("place", grouped(coverage, "place"))]
    for key, parts in found:
        for group in parts:
            for row in (*group.measures, group.none):
                shares = [*_shares(row)][:-5] + [None] * 5  # the listed articles' characters were not counted
                yield [say.by[key], group.name or say.not_stated, name_of(row, names, say), *shares]


def _shares(row: Covered) -> Iterator[Cell]:
    for share in (row.articles, row.paragraphs, row.characters):
        yield from (share.count, share.total, round(share.value, 6))
        yield from (round(end, 6) for end in share.interval) if share.interval else (None, None)


def _article_columns(names: Mapping[str, str], say: Phrases) -> list[Column]:
    texts = [(head, WIDE, "") for head in (say.file, say.title, say.date, say.place)]
    counts = [say.paragraphs, say.characters, *names.values(), say.none]
    return [texts[0], ("#", NARROW, ""), *texts[1:], *((head, NARROW, WHOLE) for head in counts)]


def _article(counts: Tally, title: str, measures: Sequence[str]) -> list[Cell]:
    about: list[Cell] = [counts.file, counts.number, title, counts.date, counts.place, *counts.size]
    return [*about, *(counts.paragraphs.get(measure, 0) for measure in (*measures, ""))]


def _paragraph_columns(names: Mapping[str, str], say: Phrases) -> list[Column]:
    about: list[Column] = [
        (say.file, WIDE, ""),
        ("#", NARROW, ""),
        (say.paragraph, NARROW, ""),
        (say.lines, NARROW, ""),
    ]
    scores: list[Column] = [(f"{name} {say.probability}", NARROW, CHANCE) for name in names.values()]
    return [*about, (say.full_text, WIDEST, ""), (say.measures, WIDE, ""), *scores]


def _paragraphs(tagged: TaggedArticle, names: Mapping[str, str], say: Phrases) -> Iterator[list[Cell]]:
    for paragraph in tagged.paragraphs:
        place: list[Cell] = [tagged.article.file, tagged.article.number, paragraph.number, spelt(paragraph.block.lines)]
        given = say.comma.join(names.get(measure, measure) for measure in paragraph.measures)
        scores = (round(paragraph.scores.get(measure, 0.0), 4) for measure in names)
        yield [*place, paragraph.block.text, given, *scores]


def _ledger_columns(say: Phrases) -> list[Column]:
    return [
        (say.file, WIDE, ""),
        ("#", NARROW, ""),
        (say.lines, NARROW, ""),
        (say.measure, WIDE, ""),
        (say.quantity, WIDE, ""),
        (say.count, NARROW, PLAIN),
        ("≤", NARROW, PLAIN),
        ("≈", NARROW, ""),
        (say.unit, NARROW, ""),
        (say.per, NARROW, ""),
        (say.counted, WIDE, ""),
        (say.act, NARROW, ""),
        (say.stated_year, NARROW, ""),
        (say.doubt, WIDE, ""),
        (say.sentence, WIDEST, ""),
    ]


def _figure(row: "LedgerRow", names: Mapping[str, str], say: Phrases) -> list[Cell]:
    about: list[Cell] = [row.file, row.article, spelt(row.lines), names.get(row.measure, row.measure), row.quote]
    amount: list[Cell] = [row.value, row.high, "≈" if row.approximate else "", row.unit, row.per]
    return [*about, *amount, row.counted, row.act, row.year, say.doubts.get(row.doubt, row.doubt), row.sentence]
