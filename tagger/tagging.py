"""One shard tagged, as a worker does it: wherever it stands, by the model that the run was begun with."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from tagger import manifest
from tagger.article import Article, TaggedArticle, Unread
from tagger.errors import ModelError, TaggerError, UsageError
from tagger.files import sha256
from tagger.inputs import shown
from tagger.manifest import Input, Record
from tagger.model import Model
from tagger.read import ReadOptions
from tagger.shards import Piece, Shard, numbered, texts_of
from tagger.store import load
from tagger.tag import tag, with_thresholds
from tagger.tagfiles import tag_rows, write_rows

Form = Literal["jsonl", "parquet"]

FIELDS = ("file", "article", "paragraph", "lines", "text", "measures", "scores", "title", "date", "place", "row", "id")
TEXTS = 2000  # of a shard, if not said otherwise
READINGS = 3  # of a file that goes on changing


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run's result depends on, besides its inputs and the model."""

    form: Form = "jsonl"
    texts: int = TEXTS
    column: str | None = None
    encoding: str | None = None
    threshold: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker is told. Folders are absolute: a worker elsewhere stands in another."""

    shard: Shard
    before: Record | None
    here: str
    output: str
    model: str
    digest: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Done:
    """A worker's answer: the shard's record, and where its rows stand aside; `aside` is "" if it was whole already.

    `wrong` says what kept it from writing: an exception of ours would not come through every engine.
    """

    shard: Shard
    record: Record | None
    aside: str = ""
    again: str = ""
    wrong: str = ""


def model_digest(model: str | Path) -> str:
    """Return one digest of all that a model's answers depend on. Raises ModelError where a file is missing."""
    whole = hashlib.sha256()
    for name in ("model.json", "weights.npz"):
        try:
            whole.update(sha256(Path(model) / name).encode())
        except OSError:
            raise ModelError(model, f"no model is here ({name} is missing); see: tagger models") from None
    return whole.hexdigest()


def tag_shard(task: Task) -> Done:
    """Return a shard tagged, its rows written aside; or its old record, if that and what it stands for still hold."""
    try:
        return _tag_shard(task)
    except TaggerError as error:
        return Done(task.shard, None, wrong=f"{error.reason}" if isinstance(error, UsageError) else str(error))
    except OSError as error:
        return Done(task.shard, None, wrong=f"can't be written ({error.strerror or error}); free some space")


def _tag_shard(task: Task) -> Done:
    here, output = Path(task.here), Path(task.output)
    for _ in range(READINGS):
        before = [_stamp(here / piece.path) for piece in task.shard.pieces]
        if moved := [p for p, now in zip(task.shard.pieces, before, strict=True) if p.cut and p.stamp != now[1]]:
            return Done(task.shard, None, wrong=f"{shown(moved[0].path)} changed while the run went on; let it be")
        inputs = tuple(_input(piece, here) for piece in task.shard.pieces)
        why = _why(task.before, inputs, output)
        if task.before and not why:
            return Done(task.shard, task.before)
        aside, counted = _written(task, here, output)
        if before == [_stamp(here / piece.path) for piece in task.shard.pieces]:
            break
        aside.unlink(missing_ok=True)
    else:
        return Done(task.shard, None, wrong=f"shard {task.shard.number}: its files go on changing; let them be")
    name = f"shard-{task.shard.number:05d}.{task.settings.form}"
    record = Record(task.shard.number, name, aside.stat().st_size, _digest(aside), inputs, *counted)
    return Done(task.shard, record, str(aside), why)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return -1, -1
    return about.st_size, about.st_mtime_ns


def _input(piece: Piece, here: Path) -> Input:
    """Return what the manifest says of a piece."""
    name, path, cut = shown(piece.path), here / piece.path, piece.cut
    try:
        if cut is None:
            return Input(name, path.stat().st_size, _digest(path))
        if piece.digest:
            return Input(name, path.stat().st_size, piece.digest, cut.before + 1, cut.rows)
        return Input(name, cut.size, _digest(path, cut.start, cut.size), cut.before + 1, cut.rows)
    except OSError:
        return Input(name, 0, "")


def _digest(path: Path, start: int = 0, size: int = -1) -> str:
    if not path.is_file():
        return ""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(1 << 20 if size < 0 else min(1 << 20, size)):
            whole.update(data)
            size -= len(data) if size >= 0 else 0
    return whole.hexdigest()


def _why(before: Record | None, inputs: Sequence[Input], output: Path) -> str:
    """Return why a shard that was whole has to be tagged again; "" if it has not, or never was."""
    if before is None:
        return ""
    old = {(one.file, one.first_row): one for one in before.inputs}
    for one in inputs:
        if (there := old.pop((one.file, one.first_row), None)) is None:
            return f"{one.file} was not in this shard before"
        if there != one:
            return f"{one.file} has changed"
    if old:
        return f"{next(iter(old))[0]} is gone from this shard"
    path = output / before.output
    if not path.is_file():
        return f"{before.output} is missing"
    return "" if _digest(path) == before.sha256 else f"{before.output} is not what was written"


@dataclass(slots=True)
class _Counted:
    texts: int = 0
    articles: int = 0
    paragraphs: int = 0
    unread: list[Unread] = field(default_factory=list)


def _written(task: Task, here: Path, output: Path) -> tuple[Path, tuple[int, int, int, tuple[Unread, ...]]]:
    """Write a shard's rows aside, to the disk, and return where with the counts."""
    counted = _Counted()
    model = with_thresholds(_model(task.model, task.digest), task.settings.threshold)
    aside = output / manifest.RUN / f"{task.shard.number:05d}.{uuid.uuid4().hex}.aside.{task.settings.form}"
    options = ReadOptions(column=task.settings.column, encoding=task.settings.encoding)
    tagged = tag(_articles(task.shard, here, options, counted), model)
    rows = (row for article in _passing(tagged, counted) for row in tag_rows(article))
    counted.paragraphs = write_rows(str(aside), rows, FIELDS, model.measures)
    place = os.open(aside, os.O_RDWR)
    try:
        os.fsync(place)
    finally:
        os.close(place)
    return aside, (counted.texts, counted.articles, counted.paragraphs, tuple(counted.unread))


def _articles(shard: Shard, here: Path, options: ReadOptions, counted: _Counted) -> Iterator[Article | Unread]:
    for piece in shard.pieces:
        for source in texts_of(piece, here, options):
            if isinstance(source, Unread):
                yield source
            else:
                counted.texts += 1
                yield from numbered(source)


def _passing(tagged: Iterable[TaggedArticle | Unread], counted: _Counted) -> Iterator[TaggedArticle]:
    for item in tagged:
        if isinstance(item, Unread):
            counted.unread.append(item)
        else:
            counted.articles += 1
            yield item


@lru_cache(maxsize=2)
def _model(folder: str, digest: str) -> Model:
    """Return a worker's model: loaded once in each process, and the one that the run was begun with."""
    if model_digest(folder) != digest:
        raise ModelError(folder, "another model than where the run began; copy that one here, or share its folder")
    return load(folder)
