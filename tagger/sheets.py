"""Excel sheets and Parquet files to sources, a row each; a bad row is an Unread of its own."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from tagger.article import Source, Unread
from tagger.errors import ReadError
from tagger.files import optional
from tagger.rows import TEXT, Columns, columns, first_known, source_of

MAX_SHEET = 1_048_576  # rows that Excel can hold
HEADER_WITHIN = 10  # rows of a sheet that are looked at for its header: a title may stand above it
BATCH = 64  # rows of a Parquet file in memory at a time


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
                yield source_of(subject, number, {where.text: None} | _unescaped(row, where.text), where)
                continue
            names = ["" if cell is None else str(cell) for cell in cells]
            seen = seen or [name for name in names if name]
            if first_known(names, TEXT if column is None else (column,)):
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
            yield source_of(subject, number, row, where)
