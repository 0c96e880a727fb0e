"""A corpus to a folder of tagged shards: many workers, killed and gone on with at will, the same bytes every time."""

import os
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tagger import manifest
from tagger.article import Unread
from tagger.engines import Backend, WorkersLost, answers, engine
from tagger.errors import UsageError
from tagger.inputs import shown
from tagger.manifest import Counts, Record
from tagger.model import Model
from tagger.read import ReadOptions
from tagger.shards import plan
from tagger.store import load
from tagger.tag import with_thresholds
from tagger.tagging import Done, Settings, Task, model_digest, tag_shard


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work, and whether an old run goes on; the result never depends on it. `jobs` of -1 are all."""

    jobs: int = -1
    backend: Backend = "loky"
    address: str | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What `run` says as it goes on: a shard that is whole now, of `size` bytes of input; `again` says why anew."""

    record: Record
    size: int
    kept: bool
    again: str


@dataclass(slots=True)
class _Open:
    """The tasks that are out, and those still to come; engines take them from threads of their own."""

    waiting: Iterator[Task]
    out: dict[int, Task] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: bool = False

    def tasks(self, first: Sequence[Task]) -> Iterator[Task]:
        """Yield some tasks again, and then those that wait."""
        yield from first
        while not self.stopped:
            with self.lock:
                task = next(self.waiting, None)
                if task is None:
                    return
                self.out[task.shard.number] = task
            yield task

    def done(self, number: int) -> None:
        """Take a shard off the list."""
        with self.lock:
            self.out.pop(number, None)

    def lose(self) -> list[Task]:
        """Return the tasks that are out when workers died, and count that they were."""
        with self.lock:
            for number in self.out:
                self.lost[number] = self.lost.get(number, 0) + 1
            return [self.out[number] for number in sorted(self.out)]


def run(
    names: Sequence[str], folder: str | Path, model: str | Path, settings: Settings, workers: Workers
) -> Iterator[Step | Unread]:
    """Tag a corpus into a folder, a shard at a time; yield each shard as it is whole, each name that leads nowhere.

    When all is yielded the folder's manifest is whole; `tagger.manifest` reads it. Stopped or killed before, a run
    goes on with `workers.resume`. Raises UsageError where the folder can't be written, holds another run or is
    being written to, and where workers die twice over a shard; ModelError for a model that isn't whole.
    """
    folder, digest = Path(folder), model_digest(model)
    head = _head(with_thresholds(load(model), settings.threshold), digest, settings)
    places = (str(Path.cwd()), str(folder.absolute()), str(Path(model).absolute()), digest)
    planned = _Plan(names, folder, places, settings)
    with manifest.locked(folder):
        with engine(workers.backend, workers.address, workers.jobs):
            manifest.begin(folder, head, resume=workers.resume)
            yield from _steps(planned, workers)
        with _resumable(folder):
            manifest.finish(folder, head, planned.last, planned.nowhere)
            manifest.close(folder)


def _head(model: Model, digest: str, settings: Settings) -> dict[str, Any]:
    return {
        "format": manifest.FORMAT,
        "tagger": version("measure-tagger"),
        "model_sha256": digest,
        "measures": list(model.measures),
        "form": settings.form,
        "shard_size": settings.texts,
        "column": settings.column,
        "encoding": settings.encoding,
        "threshold": settings.threshold,
    }


@dataclass(slots=True)
class _Plan:
    """The tasks of a run as they are asked for; `last` is the last shard's number, `nowhere` names without a file."""

    names: Sequence[str]
    folder: Path
    places: tuple[str, str, str, str]
    settings: Settings
    last: int = 0
    nowhere: list[Unread] = field(default_factory=list)

    def tasks(self) -> Iterator[Task]:
        """Yield a task for each shard, with the record that it has from before."""
        options = ReadOptions(column=self.settings.column, encoding=self.settings.encoding)
        for item in plan(self.names, self.settings.texts, options, self.folder):
            if isinstance(item, Unread):
                self.nowhere.append(item)
            else:
                self.last = item.number
                yield Task(item, manifest.record(self.folder, item.number), *self.places, self.settings)


def _steps(planned: _Plan, workers: Workers) -> Iterator[Step | Unread]:
    told = 0
    with closing(_answers(_Open(planned.tasks()), workers, planned.folder)) as found:
        for step in found:
            yield step
            yield from planned.nowhere[told:]
            told = len(planned.nowhere)
    yield from planned.nowhere[told:]


def _answers(work: _Open, workers: Workers, folder: Path) -> Generator[Step]:
    """Yield every shard once.

    Shards that are lost with a worker are tagged again by new workers; those lost twice one at a time, so that
    the one that no worker survives can be named.
    """
    again: list[Task] = []
    while True:
        try:
            yield from _answered(work, work.tasks(again), workers, folder)
        except WorkersLost:
            again = work.lose()
        else:
            return
        for task in [task for task in again if work.lost[task.shard.number] > 1]:
            again.remove(task)
            try:
                yield from _answered(work, [task], workers, folder)
            except WorkersLost as error:
                raise UsageError(folder, _died(str(error), task)) from None


def _answered(work: _Open, tasks: Iterable[Task], workers: Workers, folder: Path) -> Generator[Step]:
    """Yield the shards that are whole now. What goes wrong is raised when all that were begun are through."""
    wrong: UsageError | None = None
    with closing(answers(tag_shard, tasks, workers.backend, workers.jobs)) as found:
        for done in found:
            try:
                step = _kept(folder, done)
            except UsageError as error:
                wrong, work.stopped = wrong or error, True
                continue
            yield step
            work.done(done.shard.number)
    if wrong:
        raise wrong


def _died(error: str, task: Task) -> str:
    files = list(dict.fromkeys(shown(piece.path) for piece in task.shard.pieces))
    named = files[0] if len(files) == 1 else f"{files[0]} to {files[-1]} (shard {task.shard.number})"
    return f"every worker dies over {named} ({error}); give it more memory or take it out, then go on with --resume"


@contextmanager
def _resumable(folder: Path) -> Iterator[None]:
    """Turn what can't be written into one line that says how to go on."""
    try:
        yield
    except OSError as error:
        reason = f"can't be written ({error.strerror or error}); free some space"
        raise UsageError(folder, f"{reason}, then go on with --resume") from None
    except UsageError as error:
        raise UsageError(folder, f"{error.reason}, then go on with --resume") from None


def _kept(folder: Path, done: Done) -> Step:
    """Give a shard its name and its record: from here on it is whole, whatever happens."""
    record = done.record
    if record is None:
        raise UsageError(folder, f"{done.wrong}, then go on with --resume")
    if done.aside:
        with _resumable(folder):
            os.replace(done.aside, folder / record.output)  # noqa: PTH105 - one call that is atomic
            manifest.sync_folder(folder)
            manifest.put_record(folder, record)
    return Step(record, done.shard.size, not done.aside, done.again)


def counts(folder: str | Path) -> Counts:
    """Return the counts of a finished run."""
    total = Counts(unread=len(manifest.other(Path(folder))))
    for record in manifest.records(Path(folder)):
        total = total.plus(record)
    return total
