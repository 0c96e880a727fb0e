"""Child processes that work while the server answers: short jobs together, long ones where they keep nobody."""

import asyncio
import os
import pickle
import struct
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tagger.errors import TaggerError

Job = tuple[str, Any]  # its name and what it takes
Answer = tuple[bool, Any]  # whether it went well, and what came of it; else a TaggerError's subject and reason
Run = Callable[[Sequence[Job]], list[Answer]]

LONG = 20_000  # bytes of text from which a job is long
TOGETHER = 8  # short jobs that go to a child at once
LIMIT = 120.0  # seconds that one job may take
_SIZE = struct.Struct(">Q")


class Lost(Exception):  # noqa: N818 - told to the user as a refusal
    """A job whose process died, or took too long."""


@dataclass(slots=True)
class _Waiting:
    job: Job
    answer: "asyncio.Future[Any]"


class Pool:
    """Children that each take jobs from a queue; the first takes no long ones, so that short ones never wait for them.

    Jobs go over the children's pipes, pickled by us for us. `module` has a function `run` that does them.
    """

    def __init__(self, module: str, children: int) -> None:
        """Name the module and how many children to have, two at least."""
        self._module = module
        self._children = max(2, children)
        self._short: deque[_Waiting] = deque()
        self._long: deque[_Waiting] = deque()
        self._idle = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._news: asyncio.Condition | None = None

    async def start(self) -> None:
        """Start the children."""
        self._news = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._keep(takes_long=bool(n))) for n in range(self._children)]

    async def stop(self) -> None:
        """End the children; jobs still waiting are lost."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for waiting in (*self._short, *self._long):
            _lose(waiting)

    async def run(self, name: str, given: Any, size: int = 0) -> Any:  # noqa: ANN401 - whatever the job gives
        """Return what a job gives, or raise what it raised (a TaggerError); Lost where its process died."""
        if self._news is None:
            raise Lost
        waiting = _Waiting((name, given), asyncio.get_running_loop().create_future())
        async with self._news:
            (self._long if size > LONG else self._short).append(waiting)
            self._news.notify_all()
        return await waiting.answer

    async def _keep(self, *, takes_long: bool) -> None:
        """Keep one child alive and busy."""
        child: asyncio.subprocess.Process | None = None
        try:
            while True:
                if child is None or child.returncode is not None:
                    child = await _started(self._module)
                jobs = await self._next(takes_long=takes_long)
                try:
                    answers = await asyncio.wait_for(_asked(child, [waiting.job for waiting in jobs]), LIMIT)
                except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                    await _ended(child)
                    child = None
                    answers = []
                except asyncio.CancelledError:
                    for waiting in jobs:
                        _lose(waiting)
                    raise
                _give(jobs, answers)
        finally:
            if child is not None:
                await asyncio.shield(_ended(child))

    async def _next(self, *, takes_long: bool) -> list[_Waiting]:
        """Return the jobs to do next: some short ones, or one long one."""
        assert self._news is not None  # noqa: S101 - start made it
        async with self._news:
            self._idle += 1
            try:
                while not self._short and not (takes_long and self._long):
                    await self._news.wait()
                if takes_long and self._long:
                    return [self._long.popleft()]
                share = min(TOGETHER, -(-len(self._short) // self._idle))  # the more together, the less work
                return [self._short.popleft() for _ in range(share)]
            finally:
                self._idle -= 1


class Here:
    """The same without children, in threads of this process: for tests, and where no process can be started."""

    def __init__(self, run: Run) -> None:
        """Take the function that does jobs."""
        self._run = run

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def run(self, name: str, given: Any, size: int = 0) -> Any:  # noqa: ANN401, ARG002 - as Pool's
        """Return what a job gives, or raise what it raised."""
        (answer,) = await asyncio.to_thread(self._run, [(name, given)])
        return _opened(answer)


def serve(run: Run) -> None:
    """Do jobs from standard input until it ends; for a child's main module."""
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    while len(head := source.read(_SIZE.size)) == _SIZE.size:
        jobs = pickle.loads(source.read(_SIZE.unpack(head)[0]))  # noqa: S301 - from our own parent
        data = pickle.dumps(run(jobs))
        answers.write(_SIZE.pack(len(data)) + data)
        answers.flush()


async def _started(module: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    code = f"from {module} import run; from tagger.web_pool import serve; serve(run)"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", code, stdin=pipe, stdout=pipe, start_new_session=os.name == "posix"
    )


async def _ended(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    if child.returncode is None:
        child.kill()
    await child.wait()


async def _asked(child: asyncio.subprocess.Process, jobs: list[Job]) -> list[Answer]:
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101
    data = pickle.dumps(jobs)
    child.stdin.write(_SIZE.pack(len(data)) + data)
    await child.stdin.drain()
    (size,) = _SIZE.unpack(await child.stdout.readexactly(_SIZE.size))
    answers: list[Answer] = pickle.loads(await child.stdout.readexactly(size))  # noqa: S301 - from our own child
    return answers


def _give(jobs: list[_Waiting], answers: list[Answer]) -> None:
    for waiting, answer in zip(jobs, answers, strict=False):
        if waiting.answer.done():
            continue
        try:
            waiting.answer.set_result(_opened(answer))
        except TaggerError as error:
            waiting.answer.set_exception(error)
    for waiting in jobs:
        _lose(waiting)


def _opened(answer: Answer) -> Any:  # noqa: ANN401 - whatever the job gives
    well, value = answer
    if well:
        return value
    raise TaggerError(*value)


def _lose(waiting: _Waiting) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(Lost())


Works = Pool | Here
