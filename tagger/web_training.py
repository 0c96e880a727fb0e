"""Training again in a process of its own, while the page shows how it stands."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tagger.cells import one_line

NAME = "page"  # the model that the page trains
State = Literal["idle", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How training stands: seconds so far, the figures of a finished one, or why it failed."""

    state: State = "idle"
    seconds: int = 0
    figures: Mapping[str, Any] | None = None
    reason: str = ""


class Training:
    """One training at a time."""

    def __init__(self, root: Path) -> None:
        """Take the workspace's folder."""
        self._root = root
        self._task: asyncio.Task[None] | None = None
        self._began = 0.0
        self._standing = Standing()

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        if self._standing.state == "running":
            return Standing("running", int(time.monotonic() - self._began))
        return self._standing

    def start(self) -> bool:
        """Start it; False where it runs already."""
        if self._standing.state == "running":
            return False
        self._began = time.monotonic()
        self._standing = Standing("running")
        self._task = asyncio.create_task(self._train())
        return True

    async def wait(self, seconds: float) -> None:
        """Wait for its end, so long at most."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)

    async def stop(self) -> None:
        """End it; the model that was there before stays."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _train(self) -> None:
        pipe = asyncio.subprocess.PIPE
        code = "from tagger.cli import app; app()"
        words = ["--workspace", str(self._root), "train", "--name", NAME, "--format", "json"]
        try:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", code, *words),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=pipe,
                stderr=pipe,
                start_new_session=os.name == "posix",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
        except OSError as error:
            self._standing = Standing("failed", reason=f"no process could be started ({error.strerror})")
            return
        try:
            out, err = await child.communicate()
        except asyncio.CancelledError:
            child.terminate()
            await child.wait()
            raise
        self._standing = self._ended(child.returncode, out, err)

    def _ended(self, code: int | None, out: bytes, err: bytes) -> Standing:
        seconds = int(time.monotonic() - self._began)
        said = one_line(err.decode("utf-8", "replace").strip().rpartition("\n")[2])
        if code:
            return Standing("failed", seconds, reason=said or f"training ended with code {code}")
        try:
            return Standing("done", seconds, json.loads(out))
        except ValueError:
            return Standing("failed", seconds, reason="training gave no figures")
