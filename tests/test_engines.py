"""Batch runs on a real Dask scheduler and a real local Ray: the same bytes, also when a worker is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tagger.batch import Workers, run
from tagger.engines import engine
from tagger.errors import UsageError
from tagger.tagging import Settings
from tests.corpora import corpus, tree, whole
from tests.faults import finished, recorded, start, until

FILES, ROWS = 20, 40
PARAGRAPHS = 3 * FILES + 4 * ROWS
DASK = str(Path(sys.executable).parent / "dask")


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a corpus."""
    corpus(workspace / "corpus", files=FILES, rows=ROWS)
    return workspace


@pytest.fixture
def undisturbed(place: Path) -> dict[str, str]:
    """What a run on this process alone leaves."""
    list(run(["corpus"], "undisturbed", "models/default", Settings(texts=2), Workers(1, "threading")))
    whole(Path("undisturbed"), PARAGRAPHS)
    return tree(Path("undisturbed"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A Dask scheduler's address and its two workers: processes of their own that stand in another folder."""
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    quiet = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    about = ["--scheduler-file", str(file), "--no-dashboard"]
    scheduler = subprocess.Popen([DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", *about], **quiet)
    workers: list[subprocess.Popen] = []
    try:
        until(lambda: file.is_file() and file.read_text().rstrip().endswith("}"))
        command = [DASK, "worker", *about, "--nthreads", "1", "--no-nanny"]
        workers += [subprocess.Popen(command, **quiet) for _ in range(2)]
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_two_dask_workers_give_the_same_bytes(
    undisturbed: dict[str, str], cluster: tuple[str, list[subprocess.Popen]]
) -> None:
    code, said = finished(Path("out"), "--backend", "dask", "--address", cluster[0])
    assert code == 1, said
    assert tree(Path("out")) == undisturbed


def test_a_dask_worker_killed_in_the_middle_costs_no_paragraph(
    undisturbed: dict[str, str], cluster: tuple[str, list[subprocess.Popen]]
) -> None:
    address, workers = cluster
    process = start(Path("out"), "--backend", "dask", "--address", address)
    until(lambda: recorded(Path("out")) > 2)
    workers[0].kill()
    assert recorded(Path("out")) > 2, "killed in the middle"
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 1, said
    assert tree(Path("out")) == undisturbed


def test_a_worker_with_another_model_is_found_out(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.batch.model_digest", lambda _: "0" * 64)
    with pytest.raises(UsageError, match="another model than where the run began; copy that one here"):
        list(run(["corpus"], "out", "models/default", Settings(), Workers(1, "threading")))


def test_a_local_ray_gives_the_same_bytes(undisturbed: dict[str, str]) -> None:
    pytest.importorskip("ray")
    code, said = finished(Path("out"), "--backend", "ray")
    assert code == 1, said
    assert tree(Path("out")) == undisturbed


def test_a_ray_worker_killed_in_the_middle_costs_no_paragraph(undisturbed: dict[str, str]) -> None:
    pytest.importorskip("ray")
    psutil = pytest.importorskip("psutil")
    process = start(Path("out"), "--backend", "ray")
    until(lambda: recorded(Path("out")) > 2)
    below = psutil.Process(process.pid).children(recursive=True)
    os.kill(next(one.pid for one in below if "PoolActor" in " ".join(one.cmdline())), signal.SIGKILL)
    said = process.communicate(timeout=180)[1]
    assert process.returncode == 1, said
    assert tree(Path("out")) == undisturbed


@pytest.mark.parametrize("backend", ["dask", "ray"])
def test_an_engine_that_is_not_installed_is_named_with_its_extra(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("distributed", "ray"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=rf"measure-tagger\[{backend}\]"), engine(backend, None, 1):
        pass
