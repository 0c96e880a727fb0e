"""Names to articles: each file's format told, its sources read, taken apart and numbered."""

import shutil
import stat
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeVar

from tagger.article import Article, Source, Unread
from tagger.decode import decode, tidied
from tagger.errors import ReadError
from tagger.formats import Format, kind
from tagger.inputs import STDIN, inputs, shown
from tagger.split import articles

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: a table's column of text, an encoding that overrules, a size that no document's text passes."""

    column: str | None = None
    encoding: str | None = None
    max_bytes: int = 50_000_000


def read(names: Iterable[str], options: ReadOptions | None = None) -> Iterator[Article | Unread]:
    """Yield the articles of files, folders, patterns and "-", numbered from 1 within each file.

    What can't be read comes as an Unread, in its place; nothing is raised.
    """
    for path in inputs(names):
        if isinstance(path, Unread):
            yield path
        else:
            yield from _articles(path, options)


def _articles(path: Path, options: ReadOptions | None) -> Iterator[Article | Unread]:
    number = 0
    for source in sources(path, options):
        if isinstance(source, Unread):
            yield source
            continue
        for article in articles(source):
            number += 1
            yield replace(article, number=number)


def sources(path: str | Path, options: ReadOptions | None = None) -> Iterator[Source | Unread]:
    """Yield the texts that one file holds, by the format that its content shows; a failure is an Unread."""
    name = "-" if Path(path) == STDIN else shown(path)
    where = "standard input" if name == "-" else name
    try:
        yield from _quietly(_sources(Path(path), name, options or ReadOptions()))
    except ReadError as error:
        yield Unread(where if error.subject == name else error.subject, error.reason)
    except FileNotFoundError:
        yield Unread(where, "no such file, or a link that leads nowhere; check the name")
    except MemoryError:
        yield Unread(where, "too big for this machine's memory; split it into smaller files")
    except RecursionError:
        yield Unread(where, "nested too deeply; copy its text into a new file")
    except Exception as error:  # noqa: BLE001 - whatever a library throws at a damaged file becomes one line
        if isinstance(error, OSError) and error.errno:  # the system's own; libraries' have no number
            yield Unread(where, f"can't be read ({_why(error)}); check the name, and your leave to read it")
        else:
            yield Unread(where, f"damaged, or not what it looks like ({_why(error)}); open it and save it again")


def _why(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(tidied(reason).split())[:80] or type(error).__name__


def _quietly(items: Iterator[T]) -> Iterator[T]:
    """Yield the items; no library's warning gets through, and the caller's own filters hold in between."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


def _sources(path: Path, name: str, options: ReadOptions) -> Iterator[Source | Unread]:
    none = True
    for item in _formatted(path, name, options):
        none = False
        yield item
    if none:
        raise ReadError(name, "no rows of text in it; nothing to read")


def _formatted(path: Path, name: str, options: ReadOptions) -> Iterator[Source | Unread]:
    with _opened(path, name) as file:
        found = kind(name, file, path.suffix.lower())
        if found in {"json", "csv", "excel", "parquet"}:
            yield from _table(found, name, file, options)
        elif found in {"word", "pdf"}:
            from tagger import documents

            read_document = documents.word if found == "word" else documents.pdf
            yield from read_document(name, file, options.max_bytes)
        else:
            source = _text(found, name, _whole(name, file, options.max_bytes), options.encoding)
            if not source.text.strip():
                raise ReadError(name, "nothing in it but white space; nothing to read")
            yield source


def _table(found: Format, name: str, file: IO[bytes], options: ReadOptions) -> Iterator[Source | Unread]:
    from tagger import sheets, tables

    if found == "json":
        return tables.json_rows(name, file, options.column, options.encoding, options.max_bytes)
    if found == "csv":
        return tables.csv_rows(name, file, options.column, options.encoding)
    if found == "excel":
        return sheets.excel_rows(name, file, options.column)
    return sheets.parquet_rows(name, file, options.column)


def _text(found: Format, name: str, data: bytes, encoding: str | None) -> Source:
    if found in {"page", "archive"}:
        from tagger import pages

        return (pages.page if found == "page" else pages.archive)(name, data, encoding)
    if found == "markdown":
        from tagger.markdown import markdown

        return markdown(name, data, encoding)
    text, used = decode(name, data, encoding)
    return Source(name, text, encoding=used)


def _whole(name: str, file: IO[bytes], limit: int) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise ReadError(
            name, f"more than {limit:,} bytes for one document; split it, or make it a table of texts (.jsonl)"
        )
    return data


@contextmanager
def _opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file so that one can seek in it; a pipe is first copied to a temporary file."""
    mode = stat.S_IFIFO if path == STDIN else path.stat().st_mode
    if stat.S_ISREG(mode):
        with path.open("rb") as file:
            yield file
    elif path == STDIN or stat.S_ISFIFO(mode):
        with tempfile.TemporaryFile() as copy:
            if path == STDIN:
                shutil.copyfileobj(sys.stdin.buffer, copy)
            else:
                with path.open("rb") as file:
                    shutil.copyfileobj(file, copy)
            yield copy
    else:
        raise ReadError(name, "not a file; name a file, a folder or -")
