"""Blocks and tagged paragraphs as rows, and rows as JSON lines, CSV, Excel or Parquet."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tagger.article import Article, TaggedArticle
from tagger.cells import excel_cell, printable, safe_cell
from tagger.errors import UsageError
from tagger.files import optional, writing

Row = dict[str, Any]
Write = Callable[[Row], object]

FORMS = (".jsonl", ".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_575
PARQUET_ROWS = 10_000  # a row group: bounds the memory
DIGITS = 4  # of a probability


def block_rows(article: Article) -> Iterator[Row]:
    """Yield one row per block, in the order of the source."""
    for block in article.blocks:
        yield {
            "file": article.file,
            "article": article.number,
            "kind": block.kind,
            "lines": list(block.lines),
            "text": block.text,
            **({} if article.row is None else {"row": article.row}),
        }


def tag_rows(tagged: TaggedArticle) -> Iterator[Row]:
    """Yield one row per body paragraph; what is known of the article stands behind the contract's fields."""
    article = tagged.article
    known = {"row": article.row, "id": article.id, "title": article.title, "date": article.date}
    about = {key: value for key, value in {**known, "place": article.place}.items() if value not in (None, "")}
    for paragraph in tagged.paragraphs:
        yield {
            "file": article.file,
            "article": article.number,
            "paragraph": paragraph.number,
            "lines": list(paragraph.block.lines),
            "text": paragraph.block.text,
            "measures": list(paragraph.measures),
            "scores": {measure: round(value, DIGITS) for measure, value in paragraph.scores.items()},
            **about,
        }


@contextmanager
def writer(path: str | None, fields: Sequence[str], measures: Sequence[str] = ()) -> Iterator[Write]:
    """Open a place for rows by its name's ending; None or "-" is standard output, as JSON lines.

    `fields` are a table's columns in order; "scores" among them becomes one column per measure. Raises
    UsageError for another ending, a missing extra, or a place that can't be written.
    """
    if path is None or path == "-":
        yield lambda row: _print(_json(row))
        return
    form = Path(path).suffix.lower()
    if form not in FORMS:
        raise UsageError(path, f"rows can be written as {', '.join(FORMS)}; choose one of these endings")
    head = [f"score:{m}" for m in measures]
    columns = [column for field in fields for column in (head if field == "scores" else [field])]
    opened = {".jsonl": _to_jsonl, ".csv": _to_csv, ".xlsx": _to_excel, ".parquet": _to_parquet}[form]
    with opened(path, columns) as write:
        yield write


def _print(line: str) -> None:
    sys.stdout.write(line)


def _json(row: Row) -> str:
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        text = json.dumps(row)
    return text + "\n"


@contextmanager
def _to_jsonl(path: str, _columns: Sequence[str]) -> Iterator[Write]:
    with writing(path) as file:
        yield lambda row: file.write(_json(row))


@contextmanager
def _to_csv(path: str, columns: Sequence[str]) -> Iterator[Write]:
    with writing(path) as file:
        file.write("\ufeff")  # without it Excel takes UTF-8 for the system's old encoding
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        yield lambda row: table.writerow(_cells(row, columns))


@contextmanager
def _to_excel(path: str, columns: Sequence[str]) -> Iterator[Write]:
    book = optional("openpyxl", "excel", path).Workbook(write_only=True)
    sheet = book.create_sheet("tags")
    sheet.append(list(columns))
    rows = 0

    def write(row: Row) -> None:
        nonlocal rows
        rows += 1
        if rows > EXCEL_ROWS:
            raise UsageError(path, f"Excel holds {EXCEL_ROWS:,} rows at most; write .jsonl or .parquet instead")
        sheet.append([excel_cell(c) if isinstance(c, str) else c for c in _cells(row, columns)])

    try:
        yield write
    finally:
        sheet.close()  # left open it would complain when it is thrown away
    with writing(path, "wb") as file:
        book.save(file)


def _cells(row: Row, columns: Sequence[str]) -> list[str | int | float | None]:
    """Return a row's cells: lists joined by semicolons, scores by column, nothing that a spreadsheet runs."""
    flat = _flat(row)
    cells: list[str | int | float | None] = []
    for column in columns:
        value = flat.get(column)
        if isinstance(value, list):
            value = ";".join(map(str, value))
        cells.append(safe_cell(printable(value)) if isinstance(value, str) else value)
    return cells


def _flat(row: Row) -> Row:
    scores: Mapping[str, float] = row.get("scores", {})
    return row | {f"score:{measure}": value for measure, value in scores.items()}


@contextmanager
def _to_parquet(path: str, columns: Sequence[str]) -> Iterator[Write]:
    arrow = optional("pyarrow", "parquet", path)
    parquet = optional("pyarrow.parquet", "parquet", path)
    schema = arrow.schema([(column, _arrow_type(arrow, column)) for column in columns])
    waiting: list[Row] = []
    with writing(path, "wb") as file, parquet.ParquetWriter(file, schema) as out:

        def flush() -> None:
            out.write_table(arrow.Table.from_pylist(waiting, schema=schema))
            waiting.clear()

        def write(row: Row) -> None:
            waiting.append({key: _whole(value) for key, value in _flat(row).items()})
            if len(waiting) >= PARQUET_ROWS:
                flush()

        yield write
        flush()


def _whole(value: object) -> object:
    """Return text without halves of surrogate pairs, which UTF-8 can't hold."""
    return printable(value) if isinstance(value, str) else value


def _arrow_type(arrow: Any, column: str) -> object:  # noqa: ANN401 - the library has no types
    if column in ("article", "paragraph", "row"):
        return arrow.int64()
    if column == "lines":
        return arrow.list_(arrow.int64())
    if column == "measures":
        return arrow.list_(arrow.string())
    return arrow.float64() if column.startswith("score:") else arrow.string()


def write_rows(path: str | None, rows: Iterable[Row], fields: Sequence[str], measures: Sequence[str] = ()) -> int:
    """Write all rows and return how many."""
    count = 0
    with writer(path, fields, measures) as write:
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the answer
            write(row)
    return count
