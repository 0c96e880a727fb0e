"""A batch run's folder: its manifest, the records of its shards, its lock. All are written whole or not at all.

shard-00001.jsonl ...   tagged paragraphs
manifest.jsonl          the head, a record per shard, the end; there once the run is done
.run/                   while it goes on: head.json, a record per shard that is whole, the lock
"""

import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tagger.article import Unread
from tagger.errors import ReadError, UsageError
from tagger.files import writing

FORMAT = 1  # raise it with any change to what is written
NAME = "manifest.jsonl"
RUN = ".run"


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or some rows of one, that a shard was made from; `sha256` is "" where it could not be read."""

    file: str
    bytes: int
    sha256: str
    first_row: int | None = None  # of a table's rows, counted as in `row` of the tagged paragraphs
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What one shard holds. `texts` are the files, or rows of tables, that were read."""

    shard: int
    output: str
    bytes: int
    sha256: str
    inputs: tuple[Input, ...]
    texts: int
    articles: int
    paragraphs: int
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """A run's records added up; `inputs` = `texts` + `unread`."""

    shards: int = 0
    texts: int = 0
    articles: int = 0
    paragraphs: int = 0
    unread: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs there were: files, or rows of tables."""
        return self.texts + self.unread

    def plus(self, record: Record) -> "Counts":
        """Return the counts with a record's added."""
        return Counts(
            self.shards + 1,
            self.texts + record.texts,
            self.articles + record.articles,
            self.paragraphs + record.paragraphs,
            self.unread + len(record.unread),
        )


def line(row: object) -> str:
    """Return a row of the manifest as a line."""
    return json.dumps(row, ensure_ascii=False, sort_keys=False) + "\n"


def record_of(row: dict[str, Any]) -> Record:
    """Return the record that a row of the manifest is; raises ValueError where it is none."""
    try:
        inputs = tuple(Input(**one) for one in row["inputs"])
        unread = tuple(Unread(**one) for one in row["unread"])
        return Record(**row | {"inputs": inputs, "unread": unread})
    except (KeyError, TypeError):
        raise ValueError(str(row)[:40]) from None


def put(path: Path, text: str) -> None:
    """Write a file that is whole under its name or not there, also after the machine lost its power."""
    with writing(path) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    with suppress(OSError):  # not every file system can
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def record_path(folder: Path, shard: int) -> Path:
    """Return where the record of a shard stands while the run goes on."""
    return folder / RUN / f"{shard:05d}.json"


def record(folder: Path, shard: int) -> Record | None:
    """Return the record of a shard that was whole when it was written, if there is one."""
    try:
        return record_of(json.loads(record_path(folder, shard).read_text("utf-8")))
    except (OSError, ValueError):
        return None


def put_record(folder: Path, found: Record) -> None:
    """Write a shard's record."""
    put(record_path(folder, found.shard), line(asdict(found)))


def begin(folder: Path, head: dict[str, Any], *, resume: bool) -> None:
    """Make the folder ready for a run, or an old run in it ready to go on. The caller holds the lock.

    Raises UsageError where it holds a run and `resume` isn't said, or one with another model or other settings.
    """
    done = (folder / NAME).is_file()
    found = _head(folder)
    if found is None:
        if any(folder.glob("shard-*")):
            raise UsageError(folder, "shards without their manifest are here; choose another folder, or empty this one")
        put(folder / RUN / "head.json", line(head))
        return
    if not resume:
        state = "finished" if done else "unfinished"
        raise UsageError(folder, f"holds a {state} run; add --resume to go on with it, or choose another folder")
    if differs := [key for key in {**head, **found} if head.get(key) != found.get(key)]:
        raise UsageError(
            folder, f"its run was begun with {_differing(head, found, differs)}; say the same, or choose another folder"
        )
    if done:
        _reopen(folder, head)
    for left in (folder / RUN).glob("*.aside*"):
        left.unlink(missing_ok=True)


def _head(folder: Path) -> dict[str, Any] | None:
    for path in (folder / RUN / "head.json", folder / NAME):
        try:
            with path.open(encoding="utf-8") as file:
                found = json.loads(file.readline())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or not isinstance(found.get("format"), int):
            raise UsageError(path, "not a manifest that can be read; choose another folder for the output")
        if found["format"] > FORMAT:
            raise UsageError(path, f"written by a newer tagger (format {found['format']}); upgrade tagger")
        return found
    return None


def _differing(head: dict[str, Any], found: dict[str, Any], keys: Sequence[str]) -> str:
    """Return what the run in the folder was begun with, where that is not what is asked for now."""
    if "model_sha256" in keys:
        return "another model"
    if "tagger" in keys:
        return f"tagger {found.get('tagger')}, not {head.get('tagger')}"
    key = keys[0]
    return f"other settings ({key} {found.get(key)!r}, not {head.get(key)!r})"


def _reopen(folder: Path, head: dict[str, Any]) -> None:
    """Take a finished run's records apart again, so that each can be compared and done anew."""
    for found in records(folder):
        put_record(folder, found)
    put(folder / RUN / "head.json", line(head))
    (folder / NAME).unlink()
    sync_folder(folder)


def finish(folder: Path, head: dict[str, Any], shards: int, other_unread: Sequence[Unread]) -> Counts:
    """Write the manifest from the records of shards 1 to `shards` and return their counts.

    Shards beyond them, of a corpus that has grown smaller, go. `other_unread` are names that led to no file.
    """
    counts = Counts(unread=len(other_unread))
    with writing(folder / NAME) as file:
        file.write(line(head))
        for shard in range(1, shards + 1):
            text = record_path(folder, shard).read_text("utf-8")
            counts = counts.plus(record_of(json.loads(text)))
            file.write(text)
        end = {"inputs": counts.inputs, **asdict(counts)}
        file.write(line(end | {"other_unread": [asdict(one) for one in other_unread]}))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    for path in folder.glob("shard-*"):
        number = path.name.removeprefix("shard-").partition(".")[0]
        if number.isdigit() and int(number) > shards:
            path.unlink()
    return counts


def records(folder: Path) -> Iterator[Record]:
    """Yield the records of a finished run in order. Raises ReadError where its manifest is not whole."""
    path = folder / NAME
    rows = 0
    try:
        with path.open(encoding="utf-8") as file:
            for text in file:
                row = json.loads(text)
                if "shard" in row:
                    rows += 1
                    yield record_of(row)
                elif "shards" in row:
                    if row["shards"] != rows:
                        break
                    return
    except FileNotFoundError:
        raise ReadError(folder, "its run is not finished; go on with it: tagger tag ... --resume") from None
    except (OSError, ValueError, TypeError):
        pass
    raise ReadError(path, "damaged or cut short; choose another folder and tag again")


def other(folder: Path) -> tuple[Unread, ...]:
    """Return the names of a finished run's command line that led nowhere."""
    with (folder / NAME).open(encoding="utf-8") as file:
        last = ""
        for last in file:  # noqa: B007 - the last is the answer
            pass
    return tuple(Unread(**one) for one in json.loads(last)["other_unread"])


def is_run(path: str | Path) -> bool:
    """Whether a folder holds a batch run, finished or not."""
    folder = Path(path)
    return (folder / NAME).is_file() or (folder / RUN / "head.json").is_file()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one run; it is free again as soon as that run's process is gone, however it went.

    Raises UsageError where another run holds it, or where nothing can be written.
    """
    path = folder / RUN / "lock"
    place = _held(folder, path)
    try:
        os.ftruncate(place, 0)
        os.write(place, f"process {os.getpid()} on {socket.gethostname()}".encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # an unfinished run needs it
            path.parent.rmdir()
        os.close(place)


def _held(folder: Path, path: Path) -> int:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            place = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise UsageError(folder, f"can't be written ({error.strerror}); choose another folder") from None
        if not _take(place):
            os.close(place)
            with suppress(OSError):
                who = path.read_text("utf-8", "replace").strip() or "it has just begun"
                raise UsageError(folder, f"another run writes here ({who}); wait for its end, or choose another folder")
        elif _same(place, path):
            return place
        else:  # the run that ended took the name away between the opening and the taking
            os.close(place)


def _take(place: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(place, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same(place: int, path: Path) -> bool:
    """Whether the file that is held is still the one that has the name: a run that ends takes its lock away."""
    try:
        return os.path.samestat(os.fstat(place), path.stat())
    except FileNotFoundError:
        return False


def close(folder: Path) -> None:
    """Take away what only an unfinished run needs. The caller holds the lock."""
    for path in (folder / RUN).iterdir():
        if path.name != "lock":
            path.unlink()
