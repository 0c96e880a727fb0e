"""Batch runs that are killed, starved of room, cut short or got in the way of: nothing lost, doubled or half there."""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from joblib.externals.loky import reusable_executor

from tagger import tagging
from tagger.batch import Step, Workers, run
from tagger.errors import UsageError
from tagger.tagging import Settings, tag_shard
from tests.corpora import corpus, manifest_of, paragraph, tree, whole
from tests.faults import finished, kill_again_and_again, members, recorded, start, until

FILES, ROWS = 30, 60
PARAGRAPHS = 3 * FILES + 4 * ROWS
SMALL = Settings(texts=2)


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a corpus."""
    corpus(workspace / "corpus", files=FILES, rows=ROWS)
    return workspace


@pytest.fixture
def undisturbed(place: Path) -> dict[str, str]:
    """What a run leaves that nothing happens to."""
    list(run(["corpus"], "undisturbed", "models/default", SMALL, Workers(2, "threading")))
    whole(Path("undisturbed"), PARAGRAPHS)
    return tree(Path("undisturbed"))


def resumed(out: str) -> list[Step]:
    steps = run(["corpus"], out, "models/default", SMALL, Workers(2, "threading", resume=True))
    return [step for step in steps if isinstance(step, Step)]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small file system with these options, or skip where that is not allowed."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"mounted{len(made)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("needs leave to mount")
        made.append(folder)
        return folder

    yield mount
    for folder in made:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_run_killed_at_random_moments_ends_as_one_that_was_not(undisturbed: dict[str, str]) -> None:
    out = Path("out")
    assert kill_again_and_again(out, 4, seed=1) > 0
    assert not list(out.glob("*.part"))
    assert finished(out, "--resume")[0] == 1
    assert tree(out) == undisturbed


def interrupted(out: Path) -> tuple[subprocess.Popen[str], list[str]]:
    """Return a run that Ctrl-C stopped, and what it said; one that was through before the signal came is begun anew."""
    while True:
        process = start(out)
        until(lambda: recorded(out) > 2)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1].splitlines()
        if " tagged, in " not in said[-1]:
            return process, said
        shutil.rmtree(out)


def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(undisturbed: dict[str, str]) -> None:
    out = Path("out")
    process, said = interrupted(out)
    assert process.returncode == 130
    assert said[-1] == "tagger: out: stopped; what is whole stays. Go on with the same command and --resume"
    assert all(line.startswith("tagger: ") for line in said)
    until(lambda: not members(process.pid))
    resumed("out")
    assert tree(out) == undisturbed


def test_a_worker_that_dies_costs_no_paragraph(undisturbed: dict[str, str]) -> None:
    steps = run(["corpus"], "out", "models/default", SMALL, Workers(2))
    next(steps)
    os.kill(next(iter(reusable_executor._executor._processes)), signal.SIGKILL)
    list(steps)
    assert tree(Path("out")) == undisturbed


def die(task: tagging.Task) -> tagging.Done:
    """Tag a shard, but die over one file."""
    if any(piece.path.endswith("a05.txt") for piece in task.shard.pieces):
        os._exit(1)
    return tag_shard(task)


def test_a_file_that_kills_every_worker_is_named_and_the_others_stay(
    undisturbed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr("tagger.batch.tag_shard", die)
        with pytest.raises(UsageError, match=r"dies over corpus/sub/a05\.txt.* --resume"):
            list(run(["corpus"], "out", "models/default", SMALL, Workers(2)))
    assert any(step.kept for step in resumed("out"))
    assert tree(Path("out")) == undisturbed


def no_larger_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))


def test_no_room_for_a_file_ends_in_one_line_and_the_run_goes_on_when_there_is(undisturbed: dict[str, str]) -> None:
    code, said = finished(Path("out"), preexec_fn=no_larger_files)
    assert code == 2
    line = said.splitlines()[-1]
    assert line.startswith("tagger: out: can't be written (File too large)")
    assert line.endswith("go on with --resume")
    assert "Traceback" not in said
    assert all(path.stat().st_size <= 600 and ".part" not in path.name for path in Path("out").glob("shard-*"))
    resumed("out")
    assert tree(Path("out")) == undisturbed


def test_a_full_disk_keeps_what_is_whole_and_the_run_goes_on_when_there_is_room(
    undisturbed: dict[str, str], mounted: Callable[[str], Path]
) -> None:
    disk = mounted("size=200k")
    code, said = finished(disk / "out")
    assert code == 2
    line = said.splitlines()[-1]
    assert line.startswith(f"tagger: {disk / 'out'}: can't be written (No space left on device)")
    assert line.endswith("go on with --resume")
    assert "Traceback" not in said
    kept = recorded(disk / "out")
    assert kept > 0
    assert not list((disk / "out").glob("*.part"))
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    assert sum(step.kept for step in resumed(str(disk / "out"))) == kept
    assert tree(disk / "out") == undisturbed


def test_a_folder_that_can_not_be_written_is_refused_in_one_line(place: Path, mounted: Callable[[str], Path]) -> None:
    code, said = finished(mounted("ro") / "out")
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "can't be written (Read-only file system); choose another folder" in said


@pytest.mark.parametrize("harm", ["cut", "longer", "gone", "other"])
def test_a_shard_that_is_not_what_was_written_is_named_and_tagged_again(undisturbed: dict[str, str], harm: str) -> None:
    shutil.copytree("undisturbed", "out")
    path = Path("out/shard-00003.jsonl")
    data = path.read_bytes()
    path.write_bytes({"cut": data[:-7], "longer": data + b"x", "other": data[::-1], "gone": b""}[harm])
    if harm == "gone":
        path.unlink()
    again = [step for step in resumed("out") if not step.kept]
    assert [step.record.shard for step in again] == [3]
    assert "shard-00003.jsonl is " in again[0].again
    assert tree(Path("out")) == undisturbed


def test_two_runs_at_once_on_one_folder_are_refused(undisturbed: dict[str, str]) -> None:
    steps = run(["corpus"], "out", "models/default", SMALL, Workers(2, "threading"))
    next(steps)
    for words in ([], ["--resume"]):
        code, said = finished(Path("out"), *words)
        assert code == 2
        assert said.startswith(f"tagger: out: another run writes here (process {os.getpid()} on ")
    list(steps)
    assert tree(Path("out")) == undisturbed


def stopped_after(shards: int) -> None:
    steps = run(["corpus"], "out", "models/default", SMALL, Workers(1, "threading"))
    for _ in range(shards):
        next(steps)
    steps.close()


@pytest.mark.parametrize("when", ["unfinished", "finished"])
def test_an_input_that_changed_between_runs_is_named_and_tagged_again(place: Path, when: str) -> None:
    stopped_after(8 if when == "unfinished" else 0)
    if when == "finished":
        resumed("out")
    path = Path("corpus/a00.txt")
    about = path.stat()
    changed = path.read_text("utf-8").replace(paragraph(0)[-5:], "修好了。。")
    path.write_text(changed, "utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert path.stat().st_size == about.st_size
    again = [step.again for step in resumed("out") if step.again]
    assert again == ["corpus/a00.txt has changed"]
    whole(Path("out"), PARAGRAPHS)
    list(run(["corpus"], "new", "models/default", SMALL, Workers(2, "threading")))
    assert tree(Path("out")) == tree(Path("new"))


@pytest.mark.parametrize("change", ["removed", "added", "row"])
def test_a_corpus_that_grew_or_shrank_between_runs_ends_as_if_it_always_had_been_so(place: Path, change: str) -> None:
    stopped_after(0)
    resumed("out")
    if change == "removed":
        Path("corpus/a03.txt").unlink()
        shutil.rmtree("corpus/sub")
    elif change == "added":
        shutil.copy("corpus/a00.txt", "corpus/a01b.txt")
    else:
        with Path("corpus/t.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"text": "又修了一条路。"}\n')
    resumed("out")
    list(run(["corpus"], "new", "models/default", SMALL, Workers(2, "threading")))
    assert tree(Path("out")) == tree(Path("new"))
    _, shards, end = manifest_of(Path("out"))
    assert end["paragraphs"] == sum(shard["paragraphs"] for shard in shards)


def test_an_input_that_could_not_be_read_and_now_can_is_tagged(place: Path) -> None:
    path = Path("corpus/a02.txt")
    text = path.read_bytes() if path.exists() else Path("corpus/a00.txt").read_bytes()
    path.write_bytes(b"")
    stopped_after(0)
    assert any(one.path == "corpus/a02.txt" for step in resumed("out") for one in step.record.unread)
    path.write_bytes(text)
    assert [step.again for step in resumed("out") if step.again] == ["corpus/a02.txt has changed"]
    assert not any(one["path"] == "corpus/a02.txt" for shard in manifest_of(Path("out"))[1] for one in shard["unread"])


def test_a_table_that_changes_under_the_run_stops_it_with_its_name(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = run(["corpus/t.jsonl"], "out", "models/default", SMALL, Workers(1, "threading"))
    next(steps)
    os.utime("corpus/t.jsonl", (1, 1))
    with pytest.raises(UsageError, match=r"corpus/t\.jsonl changed while the run went on"):
        list(steps)


def test_a_manifest_that_is_damaged_or_newer_is_refused(place: Path) -> None:
    stopped_after(0)
    resumed("out")
    path = Path("out/manifest.jsonl")
    for text, part in [("x", "not a manifest"), ('{"format": 99}', "newer tagger (format 99)")]:
        path.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=part.replace("(", r"\(").replace(")", r"\)")):
            resumed("out")


def test_shards_without_a_manifest_are_not_written_over(place: Path) -> None:
    Path("out").mkdir()
    Path("out/shard-00001.jsonl").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="shards without their manifest"):
        resumed("out")
    assert Path("out/shard-00001.jsonl").read_text("utf-8") == "mine"
