"""What takes over a minute: `make soak`."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tagger.batch import Workers, run
from tagger.manifest import records
from tagger.tagging import Settings
from tests.corpora import corpus, paragraph, tree, whole
from tests.faults import TAGGER, finished, kill_again_and_again, recorded, start, until

KILLS = 20
GROWTH = 1.10  # of the peak memory, from ten thousand paragraphs to a hundred thousand
MEASURE = """
import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a corpus of some 600 shards of two texts."""
    corpus(workspace / "corpus", files=200, rows=500)
    return workspace


@pytest.fixture
def undisturbed(place: Path) -> dict[str, str]:
    """What a run leaves that nothing happens to."""
    list(run(["corpus"], "undisturbed", "models/default", Settings(texts=2), Workers(2, "threading")))
    whole(Path("undisturbed"), 3 * 200 + 4 * 500)
    return tree(Path("undisturbed"))


@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_kills_at_random_moments_lose_nothing(undisturbed: dict[str, str], seed: int) -> None:
    out = Path("out")
    assert kill_again_and_again(out, KILLS, seed) == KILLS
    assert finished(out, "--resume")[0] == 1
    assert tree(out) == undisturbed


def test_workers_killed_again_and_again_lose_nothing(undisturbed: dict[str, str]) -> None:
    psutil = pytest.importorskip("psutil")
    chance = random.Random(3)  # noqa: S311 - no secret
    out, shards = Path("out"), sum(1 for _ in records(Path("undisturbed")))
    process = start(out, "--resume")
    killed = 0
    for goal in range(shards // 12, shards, shards // 12):
        until(lambda goal=goal, p=process: recorded(out) >= goal or p.poll() is not None)
        if process.poll() is None:
            below = [one for one in psutil.Process(process.pid).children() if "loky" in " ".join(one.cmdline())]
            workers = [one for one in below if "resource_tracker" not in " ".join(one.cmdline())]
            if workers:
                os.kill(chance.choice(workers).pid, signal.SIGKILL)
                killed += 1
    said = process.communicate(timeout=240)[1]
    assert killed >= 5
    assert process.returncode == 1, said
    assert tree(out) == undisturbed


def table(count: int) -> None:
    """Write a table of paragraphs."""
    rows = (json.dumps({"text": paragraph(number)}, ensure_ascii=False) + "\n" for number in range(count))
    with Path(f"{count}.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(rows)


def peak(*words: object) -> int:
    """Return the largest resident set, in KiB, of a command or a worker of its."""
    command = [sys.executable, "-c", MEASURE, TAGGER, "tag", *map(str, words)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_the_memory_does_not_grow_with_the_corpus(workspace: Path, form: str, jobs: int) -> None:
    used = {}
    for count in (10_000, 100_000):
        with Path(f"{count}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps({"text": paragraph(number)}, ensure_ascii=False) + "\n" for number in range(count)
            )
        used[count] = peak(f"{count}.jsonl", "-o", f"out{count}", "--jobs", jobs, "--format", form)
    assert used[100_000] <= GROWTH * used[10_000], used


def test_reports_of_a_run_take_no_more_memory_for_a_larger_one(workspace: Path) -> None:
    used = {}
    for count in (10_000, 60_000):
        with Path(f"{count}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps({"text": paragraph(number)}, ensure_ascii=False) + "\n" for number in range(count)
            )
        subprocess.run([TAGGER, "tag", f"{count}.jsonl", "-o", f"out{count}"], check=True, capture_output=True)
        for command in ("coverage", "summary"):
            words = [sys.executable, "-c", MEASURE, TAGGER, command, f"out{count}", "-o", "report.csv"]
            shown = subprocess.run(words, check=True, capture_output=True, text=True)
            used[command, count] = int(shown.stdout)
    for command in ("coverage", "summary"):
        assert used[command, 60_000] <= 1.15 * used[command, 10_000], used


@pytest.mark.parametrize(("backend", "address"), [("dask", "tcp://127.0.0.1:1"), ("ray", "127.0.0.1:1")])
def test_a_cluster_that_does_not_answer_is_said_in_one_line(place: Path, backend: str, address: str) -> None:
    pytest.importorskip({"dask": "distributed"}.get(backend, backend))
    code, said = finished(Path("out"), "--backend", backend, "--address", address)
    assert code == 2, said
    assert said.splitlines()[-1].startswith(f"tagger: --address {address}: no ")
    assert "Traceback" not in said
    assert not list(Path("out").rglob("*"))


def test_a_soft_limit_of_open_files_is_enough(undisturbed: dict[str, str]) -> None:
    code, _ = finished(Path("out"), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))
    assert code == 1
    assert tree(Path("out")) == undisturbed
    shutil.rmtree("out")
