"""Joblib's engines: tasks handed out as they are asked for, answers as they come, workers that die told apart."""

import os
import signal
import socket
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Literal, TypeVar, get_args

from tagger.errors import UsageError
from tagger.files import optional

Backend = Literal["loky", "threading", "dask", "ray"]
BACKENDS: tuple[Backend, ...] = get_args(Backend)
AHEAD = 3  # tasks handed out per worker: one at work, the others waiting

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_DEAD = frozenset(  # by name: the libraries may be absent
    {
        "TerminatedWorkerError", "BrokenProcessPool", "ShutdownExecutorError",  # loky
        "KilledWorker", "CommClosedError", "CancelledError", "FutureCancelledError", "FuturesCancelledError",  # dask
        "RayActorError", "ActorDiedError", "ActorUnavailableError", "WorkerCrashedError", "NodeDiedError",
        "OwnerDiedError", "OutOfMemoryError",
    }
)  # fmt: skip


class WorkersLost(Exception):  # noqa: N818 - caught where the run is, never shown
    """Workers died, and with them the tasks that they were at."""


@contextmanager
def engine(backend: Backend, address: str | None, jobs: int) -> Iterator[None]:
    """Connect to a Dask scheduler or a Ray cluster: the one at the address, else one of this machine's own for now.

    Raises UsageError where the extra is missing or nobody answers.
    """
    if backend == "dask":
        with _dask(address, jobs):
            yield
    elif backend == "ray":
        with _ray(address, jobs):
            yield
    elif address:
        raise UsageError("--address", "goes with --backend dask or --backend ray only")
    else:
        yield


@contextmanager
def _dask(address: str | None, jobs: int) -> Iterator[None]:
    distributed = optional("distributed", "dask", "--backend dask")
    own = {"n_workers": _number(jobs), "threads_per_worker": 1, "dashboard_address": None}
    try:
        client = distributed.Client(address, timeout="10s") if address else distributed.Client(**own)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"--address {address}", f"no Dask scheduler answers ({error}); start one, or mend the address"
        ) from None
    with client:
        yield


def _number(jobs: int) -> int:
    return jobs if jobs > 0 else os.cpu_count() or 1


@contextmanager
def _ray(address: str | None, jobs: int) -> Iterator[None]:
    ray = optional("ray", "ray", "--backend ray")
    optional("ray.util.joblib", "ray", "--backend ray").register_ray()
    ours = not ray.is_initialized()
    if ours:
        _reach(address)
        about: dict[str, Any] = {"address": "local", "num_cpus": _number(jobs), "include_dashboard": False}
        about = {"address": address} if address else about
        try:
            ray.init(**about, log_to_driver=False, logging_level="error")
        except (OSError, ValueError, ConnectionError, TimeoutError, RuntimeError) as error:
            raise UsageError(
                f"--address {address}", f"no Ray cluster answers ({error}); start one, or mend the address"
            ) from None
    try:
        yield
    finally:
        if ours:
            ray.shutdown()


def _reach(address: str | None) -> None:
    """Knock at a Ray cluster's door: Ray itself would try for minutes."""
    place = (address or "").removeprefix("ray://").rpartition(":")
    if place[0] and place[2].isdigit():
        try:
            socket.create_connection((place[0], int(place[2])), timeout=10).close()
        except (OSError, OverflowError) as error:
            reason = f"no Ray cluster answers ({error}); start one, or mend the address"
            raise UsageError(f"--address {address}", reason) from None


def answers(call: Callable[[Task], Answer], tasks: Iterable[Task], backend: Backend, jobs: int) -> Generator[Answer]:
    """Yield the answers to tasks as they come, in no order; few more tasks are taken than are at work.

    Raises WorkersLost where workers died. `engine` must be open.
    """
    import joblib

    one = joblib.delayed(call)
    options: dict[str, Any] = {"n_jobs": jobs, "batch_size": 1, "pre_dispatch": f"{AHEAD} * n_jobs"}
    try:
        with joblib.parallel_config(backend=backend, **({"initializer": _child} if backend == "loky" else {})):
            if backend == "ray":  # its backend gives lists only
                yield from _in_lists(one, iter(tasks), jobs, options)
            else:
                with _closed(joblib.Parallel(return_as="generator_unordered", **options)(map(one, tasks))) as found:
                    yield from found
    except Exception as error:
        if not _is_death(error):
            raise
        raise WorkersLost(type(error).__name__) from None


def _child() -> None:
    """Make a worker of this machine leave Ctrl-C to the first process, and end with that, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@contextmanager
def _closed(found: Any) -> Iterator[Iterable[Any]]:  # noqa: ANN401 - the library has no types
    """End a generator of joblib's when it is left, without its word about answers that nobody took.

    Its workers are killed then, and a thread of loky's may stumble over that.
    """
    hook = threading.excepthook
    try:
        yield (answer for answer in found)
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            threading.excepthook = lambda _: None
            try:
                found.close()
            finally:
                threading.excepthook = hook


def _in_lists(one: Callable[[Task], Any], tasks: Iterator[Task], jobs: int, options: dict[str, Any]) -> Iterator[Any]:
    import joblib

    with joblib.Parallel(**options) as pool:
        while some := list(islice(tasks, 8 * AHEAD * _number(jobs))):
            yield from pool(one(task) for task in some)


def _is_death(error: BaseException | None) -> bool:
    while error is not None:
        if any(kind.__name__ in _DEAD for kind in type(error).__mro__):
            return True
        error = error.__cause__
    return False
