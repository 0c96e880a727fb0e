"""Where a table can be cut: runs of rows that are read by themselves, with the head that says what the columns are."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

from tagger import rows, tables
from tagger.article import Source
from tagger.errors import ReadError
from tagger.files import optional

LINE = 4 * rows.MAX_ROW  # bytes read at a time of a line that may be endless
PER_GROUP = 64  # cuts of a Parquet row group: each reads what stands before it in the group
BOM = b"\xef\xbb\xbf"
PLAIN = frozenset({"utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "cp936"})

Limits = tuple[int, int]  # rows and bytes of a cut


@dataclass(frozen=True, slots=True)
class Cut:
    """A run of a table's rows.

    Of text: the bytes [start, stop), behind those of the head (`head`, with `head_rows` rows). Of Parquet: the
    rows themselves. `before` rows stand before it in the table; it has `rows`, of `of` in all where known.
    """

    start: int
    stop: int
    before: int
    rows: int
    of: int = 0
    head: tuple[int, int] = (0, 0)
    head_rows: int = 0
    encoding: str = ""

    @property
    def size(self) -> int:
        """The bytes of the run."""
        return self.stop - self.start


def json_cuts(subject: str, file: IO[bytes], column: str | None, encoding: str | None, limits: Limits) -> Iterator[Cut]:
    """Yield the cuts of JSON lines; none where the file can't be cut: a list, a wide encoding, no row of text."""
    used = _encoding(tables.json_rows(subject, _again(file), column, encoding, LINE), encoding)
    file.seek(0)
    if not used or _is_whole(file):
        return
    begin = 0 if encoding else len(_mark(file))
    head, head_at, row = (0, 0), 0, 0
    cut = Cut(begin, begin, 0, 0, encoding=used)
    for start, stop, line, count in _lines(file, begin):
        row += count
        if head == (0, 0) and _is_object(line, used):
            head, head_at = (start, stop), row
        cut = replace(cut, stop=stop, rows=cut.rows + count)
        if head_at and (cut.rows >= limits[0] or cut.size >= limits[1]):
            yield cut
            cut = Cut(stop, stop, row, 0, 0, head, 1, used)
    if cut.size:
        yield cut


def csv_cuts(subject: str, file: IO[bytes], column: str | None, encoding: str | None, limits: Limits) -> Iterator[Cut]:
    """Yield the cuts of a CSV file, between its records as the csv module sees them; none where it can't be cut."""
    used = _encoding(tables.csv_rows(subject, _again(file), column, encoding), encoding)
    if not used:
        return
    file.seek(0)
    begin = 0 if encoding else len(_mark(file))
    fed = _Fed(file, begin, used)
    reader = csv.reader(fed, delimiter=fed.delimiter())
    head, row = 0, 0
    cut = Cut(begin, begin, 0, 0, encoding=used)
    while True:
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            break
        except csv.Error:
            cells = None
        row += 1
        if not head and cells and any(cell.strip() for cell in cells):
            head, head_rows = fed.at, row
        cut = replace(cut, stop=fed.at, rows=cut.rows + 1)
        if head and row > head_rows and fed.between and (cut.rows >= limits[0] or cut.size >= limits[1]):
            yield cut
            cut = Cut(fed.at, fed.at, row, 0, 0, (begin, head), head_rows, used)
    if cut.size:
        yield cut


def _again(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file


def _encoding(found: Iterator[Any], given: str | None) -> str:
    """Return the encoding that the first text was read by; "" where rows can't be cut apart by their bytes."""
    first = next((item for item in found if isinstance(item, Source)), None)
    used = first.encoding if first else ""
    return (given or used) if used.lower().replace("_", "-") in PLAIN else ""


def _is_whole(file: IO[bytes]) -> bool:
    """Whether a JSON file is one value over many lines, as `tables` tells it."""
    first = next((line.strip() for _, _, line, _ in _lines(file, len(_mark(file))) if line.strip()), b"")
    return first == b"{" or first.startswith(b"[")


def _mark(file: IO[bytes]) -> bytes:
    file.seek(0)
    return BOM if file.read(3) == BOM else b""


def _lines(file: IO[bytes], begin: int) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield start, stop, first bytes and number of lines (more than one where carriage returns part them)."""
    file.seek(begin)
    at = begin
    while line := file.readline(LINE):
        start, first = at, line
        at += len(line)
        returns = line.count(b"\r") - line.count(b"\r\n")
        while not line.endswith(b"\n") and (line := file.readline(LINE)):
            at += len(line)
            returns += line.count(b"\r") - line.count(b"\r\n")
        yield start, at, first, 1 + returns


def _is_object(line: bytes, encoding: str) -> bool:
    try:
        return isinstance(json.loads(line.decode(encoding.partition(":")[0])), dict)
    except (ValueError, RecursionError):
        return False


class _Fed:
    """A CSV file's lines as `tables` sees them; `at` is where the last one ended, `between` whether by a line feed."""

    def __init__(self, file: IO[bytes], begin: int, encoding: str) -> None:
        self.file, self.at, self.begin, self.between = file, begin, begin, True
        self.encoding, _, lenient = encoding.partition(":")
        self.errors = lenient or "tagger.stray"
        self.lines = self._lines()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self.lines)

    def delimiter(self) -> str:
        """Return the delimiter, by the first line that is not blank."""
        header = next((line for line in self._lines() if line.strip()), "")
        self.at = self.begin
        return max(tables.DELIMITERS, key=header.count)

    def _lines(self) -> Iterator[str]:
        longest = 4 * (rows.MAX_ROW + 1)
        for _, stop, line in self._long(longest):
            text = line.decode(self.encoding, self.errors)
            parts = list(io.StringIO(text, newline="")) if "\r" in text[:-2] else [text]
            for number, one in enumerate(parts, start=1):
                self.at, self.between = stop, number == len(parts)
                yield one[: rows.MAX_ROW + 1]

    def _long(self, longest: int) -> Iterator[tuple[int, int, bytes]]:
        self.file.seek(self.begin)
        at = self.begin
        while line := self.file.readline(longest):
            start, first = at, line
            at += len(line)
            while not line.endswith(b"\n") and (line := self.file.readline(longest)):
                at += len(line)
            yield start, at, first


def part(file: IO[bytes], cut: Cut) -> IO[bytes]:
    """Return a cut of a text table as a file of its own, its head first; no more of it is in memory than is read."""
    start, stop = cut.head
    file.seek(start)
    return io.BufferedReader(_Part(file, file.read(stop - start), cut.start, cut.stop))


class _Part(io.RawIOBase):
    """Some bytes, and behind them a stretch of a file."""

    def __init__(self, file: IO[bytes], head: bytes, start: int, stop: int) -> None:
        super().__init__()
        self.file, self.head, self.start, self.size = file, head, start, len(head) + stop - start
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever can be written to
        if self.at < len(self.head):
            data = self.head[self.at : self.at + len(buffer)]
        else:
            self.file.seek(self.start + self.at - len(self.head))
            data = self.file.read(min(len(buffer), self.size - self.at))
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


def parquet_cuts(subject: str, file: IO[bytes], column: str | None, most: int) -> tuple[str, Iterator[Cut]]:
    """Return a Parquet file's digest and its cuts, none of which goes over a row group."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    try:
        table = optional("pyarrow.parquet", "parquet", subject, ReadError).ParquetFile(_again(file))
        where = rows.columns(subject, table.schema_arrow.names, column)
        whole = "string" in str(table.schema_arrow.field(where.text).type)
        sizes = [table.metadata.row_group(at).num_rows for at in range(table.metadata.num_row_groups)]
    except (ReadError, OSError, ValueError):  # arrow's own errors are ValueErrors
        return digest, iter(())
    return digest, _groups(sizes, most) if whole else iter(())


def _groups(sizes: list[int], most: int) -> Iterator[Cut]:
    before, total = 0, sum(sizes)
    for size in sizes:
        step = max(most, -(-size // PER_GROUP))
        for at in range(before, before + size, step):
            stop = min(at + step, before + size)
            yield Cut(at, stop, at, stop - at, total)
        before += size


def parquet_part(file: IO[bytes], cut: Cut, column: str | None) -> IO[bytes]:
    """Return a cut of a Parquet file as a Parquet file in memory, with the columns that are read."""
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.ParquetFile(file)
    where = rows.columns("", table.schema_arrow.names, column)
    wanted = [name for name in (where.text, where.id, where.title, where.date) if name]
    before, group = 0, 0
    while before + (size := table.metadata.row_group(group).num_rows) <= cut.start:
        before, group = before + size, group + 1
    kept = []
    for batch in table.iter_batches(1000, row_groups=[group], columns=wanted, use_threads=False):
        first, last = max(cut.start - before, 0), min(cut.stop - before, batch.num_rows)
        if first < last:
            kept.append(batch.slice(first, last - first))
        before += batch.num_rows
        if before >= cut.stop:
            break
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_batches(kept), out, compression="none")
    return out
