"""Tables that are text to sources, a row each: JSON lines and CSV, streamed; a bad row is an Unread of its own."""

import codecs
import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tagger import rows
from tagger.article import Source, Unread
from tagger.decode import decode, nearest, tidied
from tagger.errors import ReadError

SAMPLE = 1 << 20  # bytes that tell a table's encoding
DELIMITERS = (",", "\t", ";", "|")

codecs.register_error("tagger.stray", lambda error: (rows.MARK, error.end))  # type: ignore[attr-defined]


@contextmanager
def _opened(subject: str, file: IO[bytes], encoding: str | None) -> Iterator[tuple[io.TextIOWrapper, str]]:
    """Open a table's text and return it with its encoding, judged by its first lines; the file stays open after it."""
    name, _, lenient = (encoding or _encoding(subject, file)).partition(":")
    try:
        codecs.lookup(name)
        codecs.lookup_error(lenient or "strict")
        text = io.TextIOWrapper(file, name, errors=lenient or "tagger.stray", newline="")
    except LookupError:
        raise ReadError(subject, f"no encoding has the name {encoding!r}; try utf-8, gb18030, big5 or utf-16") from None
    try:
        yield text, name.removesuffix("-sig")
    finally:
        text.detach()


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
    while line := text.readline(rows.MAX_ROW + 1):
        yield line
        while len(line) > rows.MAX_ROW and not line.endswith("\n"):
            line = text.readline(rows.MAX_ROW + 1) or "\n"


def json_rows(
    subject: str, file: IO[bytes], column: str | None, encoding: str | None, limit: int
) -> Iterator[Source | Unread]:
    """Yield the rows of JSON lines, row numbers being lines; a JSON list of objects (up to `limit` bytes) will do."""
    where: rows.Columns | None = None
    with _opened(subject, file, encoding) as (text, used):
        first = next((line.strip() for line in _lines(text) if line.strip()), "")
        text.seek(0)
        whole = first == "{" or first.startswith("[")
        for number, row in _json_whole(subject, text, limit) if whole else _json_lines(subject, text):
            if isinstance(row, Unread):
                yield row
                continue
            where = where or rows.columns(subject, list(row), column)
            yield rows.source_of(subject, number, row, where, used)


def _json_lines(subject: str, text: io.TextIOWrapper) -> Iterator[tuple[int, rows.Row | Unread]]:
    for number, line in enumerate(_lines(text), start=1):
        if len(line) > rows.MAX_ROW:
            yield number, Unread(f"{subject}:{number}", rows.too_long())
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


def _json_whole(subject: str, text: io.TextIOWrapper, limit: int) -> Iterator[tuple[int, rows.Row | Unread]]:
    whole = text.read(limit + 1)
    if len(whole) > limit:
        raise ReadError(subject, f"a JSON list of more than {limit:,} characters; write one object a line (.jsonl)")
    try:
        found = json.loads(whole)
    except json.JSONDecodeError as error:
        raise ReadError(subject, f"line {error.lineno}: not JSON ({error.msg}); mend it there") from None
    for number, row in enumerate(found if isinstance(found, list) else [found], start=1):
        yield number, row if isinstance(row, dict) else _no_object(subject, number)


def csv_rows(subject: str, file: IO[bytes], column: str | None, encoding: str | None) -> Iterator[Source | Unread]:
    """Yield the rows of a CSV or TSV file, numbered as a spreadsheet does: the header is row 1."""
    csv.field_size_limit(max(csv.field_size_limit(), rows.MAX_ROW))
    names: list[str] = []
    where: rows.Columns | None = None
    with _opened(subject, file, encoding) as (text, used):
        header = next((line for line in _lines(text) if line.strip()), "")
        text.seek(0)
        for number, cells in _cells(subject, _Lines(_lines(text)), max(DELIMITERS, key=header.count)):
            if isinstance(cells, Unread):
                yield cells
            elif where is None:
                names = [tidied(cell) for cell in cells]
                where = rows.columns(subject, names, column)
            elif any(cells[len(names) :]):
                reason = f"{len(cells)} cells where the header has {len(names)}; put the text in quotation marks"
                yield Unread(f"{subject}:{number}", reason)
            else:
                yield rows.source_of(subject, number, dict(zip(names, cells, strict=False)), where, used)


def _cells(subject: str, lines: "_Lines", delimiter: str) -> Iterator[tuple[int, list[str] | Unread]]:
    """Yield the rows that are not blank, with their numbers."""
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        spot = f"{subject}:{number}"
        lines.cut = False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, Unread(spot, f"{error}; mend its quotation marks")
            continue
        if lines.over:
            reason = "a quotation mark opened here is never closed, so all rows below went into this one; mend it"
            yield number, Unread(spot, reason)
        elif lines.cut:
            yield number, Unread(spot, rows.too_long())
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
            self.cut = self.cut or len(line) > rows.MAX_ROW
            return line
        self.over = True
        raise StopIteration
