"""A batch run's folder read back as a stream: its articles' counts, or their paragraphs."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tagger import manifest
from tagger.article import Article, Block, Unread
from tagger.errors import ReadError
from tagger.files import optional
from tagger.tally import Tally, tally_file

Row = dict[str, Any]


def tallies(folder: str | Path, measures: Sequence[str]) -> Iterator[Tally | Unread]:
    """Yield the counts of each article of a finished run, and all that the run could not read.

    Raises ReadError where the run is not finished; a shard that is not whole is an Unread.
    """
    for shard in shards(folder):
        if isinstance(shard, Unread):
            yield shard
        else:
            yield from tally_file(shard, measures)


def paragraphs(folder: str | Path) -> Iterator[Article | Unread]:
    """Yield each article of a finished run, of which it kept the body, and all that the run could not read.

    Raises ReadError where the run is not finished; a shard that is not whole is an Unread.
    """
    for shard in shards(folder):
        if isinstance(shard, Unread):
            yield shard
            continue
        try:
            rows = _json_rows(shard) if shard.suffix == ".jsonl" else _parquet_rows(shard)
            for _, group in groupby(rows, key=lambda row: (row["file"], row.get("row"), row["article"])):
                yield _article(list(group))
        except (ValueError, KeyError, TypeError, OSError):
            yield Unread(str(shard), "damaged; mend it with: tagger tag ... --resume")


def articles(folder: str | Path) -> int:
    """Return how many articles a finished run holds. Raises ReadError where it is not finished."""
    return sum(record.articles for record in manifest.records(Path(folder)))


def shards(folder: str | Path) -> Iterator[Path | Unread]:
    """Yield the shards of a finished run, and all that the run could not read; what is not whole is an Unread."""
    folder = Path(folder)
    for record in manifest.records(folder):
        path = folder / record.output
        if path.is_file() and path.stat().st_size == record.bytes:
            yield path
        else:
            yield Unread(str(path), "missing or cut short; mend it with: tagger tag ... --resume")
        yield from record.unread
    yield from manifest.other(folder)


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for text in file:
            yield json.loads(text)


def _parquet_rows(path: Path) -> Iterator[Row]:
    parquet = optional("pyarrow.parquet", "parquet", path, ReadError)
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1000):
            yield from batch.to_pylist()


def _article(rows: Sequence[Row]) -> Article:
    first = rows[0]
    blocks = tuple(Block("body", tuple(row["lines"]), row["text"]) for row in rows)
    about = {key: first.get(key) or "" for key in ("id", "title", "date", "place")}
    return Article(first["file"], first["article"], blocks, first.get("row"), **about)
