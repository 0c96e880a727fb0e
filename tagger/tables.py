"""Tables to sources, a row each: JSON lines, CSV, Excel, Parquet, all streamed; a bad row is an Unread of its own."""

import codecs
import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from tagger.article import Source, Unread
from tagger.decode import decode, nearest, tidied
from tagger.errors import ReadError
from tagger.files import optional

TEXT = (
    "text",
    "正文",
    "内容",
    "內容",
    "content",
    "body",
    "全文",
    "文本",
    "文章内容",
    "正文内容",
    "段落",
    "paragraph",
    "article",
)
ID = ("id", "编号", "編號", "序号", "序號", "文章编号", "no", "no.")
TITLE = ("title", "标题", "標題", "题目", "題目", "题名", "文章标题", "headline")
DATE = (
    "date",
    "日期",
    "时间",
    "時間",
    "发布时间",
    "發布時間",
    "发布日期",
    "發布日期",
    "发表时间",
    "发表日期",
    "published",
    "time",
)

MAX_ROW = 10_000_000  # characters of a row: a text of more is no article
MAX_SHEET = 1_048_576  # rows that Excel can hold
SAMPLE = 1 << 20  # bytes that tell a table's encoding
HEADER_WITHIN = 10  # rows of a sheet that are looked at for its header: a title may stand above it
BATCH = 64  # rows of a Parquet file in memory at a time
DELIMITERS = (",", "\t", ";", "|")
MARK = "\udcff"  # stands for bytes that don't fit the encoding: no strict reading gives it

codecs.register_error("tagger.stray", lambda error: (MARK, error.end))  # type: ignore[attr-defined]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a table's columns that are read; "" for one that it hasn't."""

    text: str
    id: str
    title: str
    date: str


def columns(subject: str, names: Sequence[str], wanted: str | None) -> Columns:
    """Return the columns to read: the text's as wanted or by a known name. Raises ReadError with those there are."""
    text = _first(names, TEXT if wanted is None else (wanted,))
    if not text:
        there = ", ".join(" ".join(name.split())[:30] for name in names[:20] if name.strip()) or "none"
        if wanted is None:
            raise ReadError(subject, f"which column holds the text? say --column NAME; there are: {there}")
        raise ReadError(subject, f"no column {wanted!r}; there are: {there}")
    return Columns(text, _first(names, ID), _first(names, TITLE), _first(names, DATE))


def _first(names: Sequence[str], known: Sequence[str]) -> str:
    """Return the first known name, as the table writes it: exactly, or else but for case and space around it."""
    exact = next((name for name in known if name in names), "")
    plain = {name.strip().lower(): name for name in reversed(names)}
    return exact or next((plain[name.strip().lower()] for name in known if name.strip().lower() in plain), "")


def _source(subject: str, number: int, row: Row, where: Columns, encoding: str = "utf-8") -> Source | Unread:
    text = row.get(where.text)
    spot = f"{subject}:{number}"
    if where.text not in row:
        return Unread(spot, f"no {where.text!r} in this row; fill it in")
    if text is None or (isinstance(text, str) and not text.strip()):
        return Unread(spot, f"{where.text!r} is empty; fill it in or take the row out")
    if not isinstance(text, str):
        return Unread(spot, f"{where.text!r} is not text but {text!r:.40}; say the right --column, or quote it")
    if len(text) > MAX_ROW:
        return Unread(spot, _too_long())
    if MARK in text:
        return Unread(spot, f"bytes in it are not {encoding}; mend them, or say --encoding {encoding}:replace")
    key, title, date = (_plain(row.get(name)) for name in (where.id, where.title, where.date))
    return Source(subject, tidied(text), number, key, title, date, encoding)


def _too_long() -> str:
    return f"a row of more than {MAX_ROW:,} characters; split it, or mend its quotation marks"


def _plain(value: object) -> str:
    """Return an id, title or date as text on one line."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(tidied(str(value)).replace(MARK, "\N{REPLACEMENT CHARACTER}").split())


def _opened(subject: str, file: IO[bytes], encoding: str | None) -> tuple[io.TextIOWrapper, str]:
    """Open a table's text and return its encoding, judged by its first lines."""
    name, _, lenient = (encoding or _encoding(subject, file)).partition(":")
    try:
        "".encode(name)
        codecs.lookup_error(lenient or "strict")
    except LookupError:
        raise ReadError(subject, f"no encoding has the name {encoding!r}; try utf-8, gb18030, big5 or utf-16") from None
    return io.TextIOWrapper(file, name, errors=lenient or "tagger.stray", newline=""), name.removesuffix("-sig")


def _encoding(subject: str, file: IO[bytes]) -> str:
    sample = file.read(SAMPLE)
    file.seek(0)
    if len(sample) == SAMPLE and (end := sample.rfind(b"\n")) > 0:
        sample = sample[: end + 2] if sample[end + 1 : end + 2] == b"\0" else sample[: end + 1]
    try:
        return decode(subject, sample)[1]
    except ReadError:
        if found := nearest(sample):
            return found
        raise


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield a text's lines; of one that is too long, the first `MAX_ROW` + 1 characters only."""
    while line := text.readline(MAX_ROW + 1):
        yield line
        while len(line) > MAX_ROW and not line.endswith("\n"):
            line = text.readline(MAX_ROW + 1) or "\n"


def json_rows(
    subject: str, file: IO[bytes], column: str | None, encoding: str | None, limit: int
) -> Iterator[Source | Unread]:
    """Yield the rows of JSON lines, row numbers being lines; a JSON list of objects (up to `limit` bytes) will do."""
    text, used = _opened(subject, file, encoding)
    first = next((line.strip() for line in _lines(text) if line.strip()), "")
    text.seek(0)
    rows = _json_whole(subject, text, limit) if first == "{" or first.startswith("[") else _json_lines(subject, text)
    where: Columns | None = None
    for number, row in rows:
        if isinstance(row, Unread):
            yield row
            continue
        where = where or columns(subject, list(row), column)
        yield _source(subject, number, row, where, used)
    text.detach()


def _json_lines(subject: str, text: io.TextIOWrapper) -> Iterator[tuple[int, Row | Unread]]:
    for number, line in enumerate(_lines(text), start=1):
        if len(line) > MAX_ROW:
            yield number, Unread(f"{subject}:{number}", _too_long())
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number too long"
            yield number, Unread(f"{subject}:{number}", f"not JSON ({why}); a line is one object in {{ }}")
            continue
        yield number, row if isinstance(row, dict) else _no_object(subject, number)


def _no_object(subject: str, number: int) -> Unread:
    return Unread(f"{subject}:{number}", "not an object; a row has its fields in { }")


def _json_whole(subject: str, text: io.TextIOWrapper, limit: int) -> Iterator[tuple[int, Row | Unread]]:
    whole = text.read(limit + 1)
    if len(whole) > limit:
        raise ReadError(subject, f"a JSON list of more than {limit:,} characters; write one object a line (.jsonl)")
    try:
        rows = json.loads(whole)
    except json.JSONDecodeError as error:
        raise ReadError(subject, f"line {error.lineno}: not JSON ({error.msg}); mend it there") from None
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        yield number, row if isinstance(row, dict) else _no_object(subject, number)


def csv_rows(subject: str, file: IO[bytes], column: str | None, encoding: str | None) -> Iterator[Source | Unread]:
    """Yield the rows of a CSV or TSV file, numbered as a spreadsheet does: the header is row 1."""
    text, used = _opened(subject, file, encoding)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    header = next((line for line in _lines(text) if line.strip()), "")
    text.seek(0)
    names: list[str] = []
    where: Columns | None = None
    for number, cells in _cells(subject, _Lines(_lines(text)), max(DELIMITERS, key=header.count)):
        if isinstance(cells, Unread):
            yield cells
        elif where is None:
            names = [tidied(cell) for cell in cells]
            where = columns(subject, names, column)
        elif any(cells[len(names) :]):
            reason = f"{len(cells)} cells where the header has {len(names)}; put the text in quotation marks"
            yield Unread(f"{subject}:{number}", reason)
        else:
            yield _source(subject, number, dict(zip(names, cells, strict=False)), where, used)
    text.detach()


def _cells(subject: str, lines: "_Lines", delimiter: str) -> Iterator[tuple[int, list[str] | Unread]]:
    """Yield the rows that are not blank, with their numbers."""
    rows = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        spot = f"{subject}:{number}"
        lines.cut = False
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, Unread(spot, f"{error}; mend its quotation marks")
            continue
        if lines.over:
            reason = "a quotation mark opened here is never closed, so all rows below went into this one; mend it"
            yield number, Unread(spot, reason)
        elif lines.cut:
            yield number, Unread(spot, _too_long())
        elif any(cell.strip() for cell in cells):
            yield number, cells


class _Lines:
    """Lines; whether one was cut short; whether they ran out, as under a row that has lost its closing mark."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.cut, self.over = lines, False, False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self.lines:
            self.cut = self.cut or len(line) > MAX_ROW
            return line
        self.over = True
        raise StopIteration


def excel_rows(subject: str, file: IO[bytes], column: str | None) -> Iterator[Source | Unread]:
    """Yield the rows of the first sheet that has a column of text, numbered as Excel shows them."""
    openpyxl = optional("openpyxl", "excel", subject, ReadError)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        yield from _sheet(subject, book.worksheets, column)
    finally:
        book.close()


def _sheet(subject: str, sheets: Sequence[Any], column: str | None) -> Iterator[Source | Unread]:
    seen: list[str] = []
    for sheet in sheets:
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        where: Columns | None = None
        names: list[str] = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MAX_SHEET:
                raise ReadError(subject, f"row {number:,} of a sheet that can't have it; open it and save it again")
            if not any(cell is not None for cell in cells):
                continue
            if where:
                row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
                yield _source(subject, number, {where.text: None} | _unescaped(row, where.text), where)
                continue
            names = ["" if cell is None else str(cell) for cell in cells]
            seen = seen or [name for name in names if name]
            if _first(names, TEXT if column is None else (column,)):
                where = columns(subject, names, column)
            elif number > HEADER_WITHIN:
                break
        if where:
            return
    columns(subject, seen, column)  # raises, with the names that the first sheet has
    raise ReadError(subject, "no sheet has a column of text and rows under it")


def _unescaped(row: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a row with Excel's code for a carriage return taken out of its text."""
    return row | {text: row[text].replace("_x000D_", "")} if isinstance(row.get(text), str) else row


def parquet_rows(subject: str, file: IO[bytes], column: str | None) -> Iterator[Source | Unread]:
    """Yield the rows of a Parquet file, counted from 1."""
    parquet = optional("pyarrow.parquet", "parquet", subject, ReadError)
    table = parquet.ParquetFile(file)
    where = columns(subject, table.schema_arrow.names, column)
    held = str(table.schema_arrow.field(where.text).type)
    if "string" not in held:
        raise ReadError(subject, f"column {where.text!r} holds {held}, not text; say --column NAME")
    wanted = [name for name in (where.text, where.id, where.title, where.date) if name]
    number = 0
    for batch in table.iter_batches(BATCH, columns=wanted, use_threads=False):
        for at in range(batch.num_rows):
            number += 1
            try:
                row = {name: batch.column(name)[at].as_py() for name in wanted}
            except (ValueError, OverflowError):  # text that is not UTF-8, a date that no calendar has
                yield Unread(f"{subject}:{number}", "a value that can't be read; write the table again")
                continue
            yield _source(subject, number, row, where)
