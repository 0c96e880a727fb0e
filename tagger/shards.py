"""A corpus cut into shards: whole files, or runs of a table's rows that can be read without what stands before."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from tagger import sheets, tables
from tagger.article import Article, Source, Unread
from tagger.cuts import Cut, csv_cuts, json_cuts, parquet_cuts, parquet_part, part
from tagger.errors import ReadError
from tagger.formats import Format, kind
from tagger.inputs import STDIN, inputs, shown
from tagger.read import ReadOptions, sources
from tagger.split import articles

MAX_BYTES = 32_000_000  # of a shard's input: what is lost at most when a worker dies
_ROW = re.compile(r":(\d+)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to read, or the rows of it that `cut` holds; `size` is in bytes, `texts` what it counts as.

    A piece of a table knows when the file was changed (`stamp`, in nanoseconds): its place holds for that file
    only. `digest` is the whole file's where rows don't lie one after another, as in Parquet.
    """

    path: str
    size: int
    texts: int
    form: Format | None = None
    cut: Cut | None = None
    stamp: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one worker tags at a time; `number` counts from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """The bytes of input."""
        return sum(piece.size for piece in self.pieces)


def plan(names: Iterable[str], texts: int, options: ReadOptions, leave_out: Path) -> Iterator[Shard | Unread]:
    """Yield the shards of a corpus, of at most `texts` files or rows each, in the order of the names.

    The same inputs give the same shards. What lies in `leave_out`, the folder of the output, is no input. A
    name that leads nowhere is an Unread, in its place.
    """
    number, size, waiting = 0, 0, list[Piece]()
    held = 0
    for piece in _pieces(names, texts, options, leave_out.resolve()):
        if isinstance(piece, Unread):
            yield piece
            continue
        if waiting and (held + piece.texts > texts or size + piece.size > MAX_BYTES):
            number += 1
            yield Shard(number, tuple(waiting))
            held, size, waiting = 0, 0, []
        held, size = held + piece.texts, size + piece.size
        waiting.append(piece)
    if waiting:
        yield Shard(number + 1, tuple(waiting))


def _pieces(names: Iterable[str], texts: int, options: ReadOptions, leave_out: Path) -> Iterator[Piece | Unread]:
    for path in inputs(names):
        if isinstance(path, Unread):
            yield path
        elif path == STDIN:
            yield Unread("standard input", "can't be cut into shards; save it to a file")
        elif not path.resolve().is_relative_to(leave_out):
            yield from _of_file(path, texts, options)


def corpus_size(names: Iterable[str], leave_out: Path) -> int:
    """Return the bytes of all inputs: what there is to do."""
    total, out = 0, leave_out.resolve()
    for path in inputs(names):
        if not isinstance(path, Unread) and not path.resolve().is_relative_to(out):
            with suppress(OSError):
                total += path.stat().st_size
    return total


def _of_file(path: Path, texts: int, options: ReadOptions) -> Iterator[Piece]:
    """Yield the pieces of a file; one that can't be cut is one piece, and says when it is read what is wrong."""
    whole = Piece(str(path), 0, 1)
    try:
        if not path.is_file():
            yield whole
            return
        about = path.stat()
        whole = replace(whole, size=about.st_size, stamp=about.st_mtime_ns)
        with path.open("rb") as file:
            form = kind(str(path), file, path.suffix.lower())
            if form == "excel":
                yield replace(whole, texts=texts)
            elif form not in ("json", "csv", "parquet"):
                yield whole
            else:
                yield from _of_table(whole, form, file, texts, options)
    except (OSError, ReadError):
        yield whole


def _of_table(whole: Piece, form: Format, file: IO[bytes], texts: int, options: ReadOptions) -> Iterator[Piece]:
    first: Cut | None = None
    digest = ""
    if form == "parquet":
        digest, found = parquet_cuts(whole.path, file, options.column, texts)
    else:
        cuts = json_cuts if form == "json" else csv_cuts
        found = cuts(whole.path, file, options.column, options.encoding, (texts, MAX_BYTES))
    number = 0
    for number, cut in enumerate(found, start=1):
        if number == 1:
            first = cut
            continue
        if first:
            yield _piece(whole, form, first, digest)
            first = None
        yield _piece(whole, form, cut, digest)
    if number == 0:
        yield replace(whole, texts=texts)
    elif first:
        yield replace(whole, texts=first.rows)


def _piece(whole: Piece, form: Format, cut: Cut, digest: str) -> Piece:
    size = cut.size if form != "parquet" else whole.size * cut.rows // cut.of
    return Piece(whole.path, size, cut.rows, form, cut, whole.stamp, digest)


def texts_of(piece: Piece, folder: Path, options: ReadOptions) -> Iterator[Source | Unread]:
    """Yield the texts of a piece, under the file's name as given; relative names are looked up in `folder`.

    A table's rows have the numbers that they have in the whole table.
    """
    path = folder / piece.path
    name, found = shown(piece.path), shown(path)
    if piece.cut is None:
        for item in sources(path, options):
            if isinstance(item, Source):
                yield replace(item, file=name)
            else:
                yield Unread(_renamed(item.path, found, name), item.reason)
        return
    cut = piece.cut
    try:
        yield from (item for item in map(cut_numbered(cut), _rows(piece, cut, path, name, options)) if item)
    except ReadError as error:
        yield Unread(error.subject, error.reason)
    except OSError as error:
        yield Unread(name, f"can't be read ({error.strerror or error}); check the name, and your leave to read it")


def _renamed(text: str, old: str, new: str) -> str:
    return new + text[len(old) :] if text.startswith(old) else text


def _rows(piece: Piece, cut: Cut, path: Path, name: str, options: ReadOptions) -> Iterator[Source | Unread]:
    with path.open("rb") as file:
        if piece.form == "parquet":
            yield from sheets.parquet_rows(name, parquet_part(file, cut, options.column), options.column)
        elif piece.form == "json":
            yield from tables.json_rows(name, part(file, cut), options.column, cut.encoding, options.max_bytes)
        else:
            yield from tables.csv_rows(name, part(file, cut), options.column, cut.encoding)


class cut_numbered:  # noqa: N801 - used as a function
    """Gives a row its number in the whole table; None for a row of the head that only says what the columns are."""

    def __init__(self, cut: Cut) -> None:
        """Keep how many rows the head has, and how many stand before the cut."""
        self.skip, self.shift = cut.head_rows, cut.before - cut.head_rows

    def __call__(self, item: Source | Unread) -> Source | Unread | None:
        """Return the row under its own number."""
        if isinstance(item, Source):
            number = item.row or 0
            return replace(item, row=number + self.shift) if number > self.skip else None
        found = _ROW.search(item.path)
        if not found:
            return item
        number = int(found[1])
        spot = f"{item.path[: found.start()]}:{number + self.shift}"
        return Unread(spot, item.reason) if number > self.skip else None


def numbered(source: Source) -> Iterator[Article]:
    """Yield a text's articles, counted from 1 within the file, or within the row of a table.

    A row's articles must not get another number because of what stands in another shard.
    """
    for number, article in enumerate(articles(source), start=1):
        yield replace(article, number=number)
