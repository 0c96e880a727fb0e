"""Batch runs as processes of their own, to be killed, starved and got in the way of."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

TAGGER = str(Path(sys.executable).parent / "tagger")
PATIENCE = 60  # seconds: what has not happened by then never will


def until(happened: Callable[[], object]) -> None:
    """Wait for something to happen."""
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    while not happened():
        assert time.monotonic() < end, "it never happened"
        pause.wait(0.005)


def start(out: Path, *words: str, **options: object) -> subprocess.Popen:
    """Begin a batch run over corpus/ into a folder, in a group of processes of its own."""
    command = [TAGGER, "tag", "corpus", "-o", str(out), "--jobs", "2", "--shard-size", "2", *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, **options)


def finished(out: Path, *words: str, **options: object) -> tuple[int, str]:
    """Run to the end and return the exit code and what was said."""
    process = start(out, *words, **options)
    said = process.communicate(timeout=4 * PATIENCE)[1]
    return process.returncode, said


def recorded(out: Path) -> int:
    """Return how many shards of an unfinished run are whole."""
    return len(list((out / ".run").glob("[0-9]*.json")))


def members(group: int) -> list[int]:
    """Return the live processes of a group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def kill_again_and_again(out: Path, times: int, seed: int) -> int:
    """Kill a run and resume it, the first process alone or all of them; return how often it was killed at work."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    hit = 0
    for number in range(times):
        process = start(out, "--resume")
        before = recorded(out)
        until(lambda p=process, n=before: recorded(out) > n or p.poll() is not None)
        try:
            process.wait(chance.uniform(0, 0.15))
        except subprocess.TimeoutExpired:
            hit += 1
        if process.poll() is None:
            if number % 2:
                os.kill(process.pid, signal.SIGKILL)
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        until(lambda p=process: not members(p.pid))  # workers without a first process go by themselves
    return hit
