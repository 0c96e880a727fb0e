"""Codes given by people are never lost, and come out as labels that check and train."""

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.codebook import load_codebook
from tagger.corrections import Coding, Journal, Passage, coder_name
from tagger.errors import TaggerError, UsageError
from tagger.labels import check, load_labels
from tagger.training import gather
from tagger.workspace import Workspace

TEXTS = [
    "合作社今年试种了六十亩金银花，收的干花由县里的药厂包销。",
    "村医每个周三背着药箱上山，给卧床的老人换药量血压。",
    "一场大雪封了垭口，邮车停了三天才重新开上来。",
    "扶贫超市的货架是木匠老段打的，桐油味还没散尽。",
]
PASSAGES = [Passage(f"page-x-1-p{n:02}", "page-x-1", text, "山里的事") for n, text in enumerate(TEXTS, start=1)]


@pytest.fixture
def coding(workspace: Path) -> Coding:
    return again(workspace)


def again(workspace: Path) -> Coding:
    """Return the coding as a server that starts anew would find it."""
    place = Workspace(workspace)
    return Coding(place.paragraphs, load_codebook(place.codebook))


def ids(workspace: Path) -> tuple[str, ...]:
    return load_codebook(Workspace(workspace).codebook).ids


def test_a_code_is_found_again_after_a_restart(coding, workspace) -> None:
    one, two = ids(workspace)
    coding.code("ann", PASSAGES[0], [two, one], [one])
    (code,) = again(workspace).codes("ann").values()
    assert (code.passage, code.measures, code.model, code.coder) == (PASSAGES[0], (one, two), (one,), "ann")


def test_the_last_code_of_a_paragraph_stands_and_undo_brings_back_the_one_before(coding, workspace) -> None:
    one, two = ids(workspace)
    coding.code("ann", PASSAGES[0], [one])
    coding.code("ann", PASSAGES[0], [two])
    assert coding.codes("ann")[PASSAGES[0].id].measures == (two,)
    assert coding.undo("ann").measures == (two,)
    assert coding.codes("ann")[PASSAGES[0].id].measures == (one,)
    coding.undo("ann")
    assert coding.codes("ann") == {}
    assert coding.undo("ann") is None
    assert again(workspace).codes("ann") == {}


def test_undoing_writes_a_line_and_changes_none(coding, workspace) -> None:
    coding.code("ann", PASSAGES[0], [])
    path = workspace / "labels" / "coding" / "ann.jsonl"
    before = path.read_bytes()
    coding.undo("ann")
    after = path.read_bytes()
    assert after.startswith(before)
    assert json.loads(after.splitlines()[-1])["do"] == "undo"


def test_what_is_coded_checks_and_is_trained_on(coding, workspace) -> None:
    before = len(gather(Workspace(workspace), "default").labels)
    for passage in PASSAGES:
        coding.code("ann", passage, ids(workspace)[:1])
    place = Workspace(workspace)
    codebook = load_codebook(place.codebook)
    assert [finding for finding in check(place.paragraphs, codebook) if finding.severity == "error"] == []
    rows = load_labels(place.paragraphs / "page-ann.jsonl", codebook)
    assert [(row.id, row.text, row.coder, row.script) for row in rows] == [
        (passage.id, passage.text, "ann", "hans") for passage in PASSAGES
    ]
    assert len(gather(place, "default").labels) == before + len(PASSAGES)


def test_a_text_coded_in_another_file_of_labels_is_left_to_that_file(coding, workspace) -> None:
    place = Workspace(workspace)
    codebook = load_codebook(place.codebook)
    known = load_labels(place.paragraphs, codebook)[0]
    coding.code("ann", Passage("page-y-1-p01", "page-y-1", known.text), [])
    assert coding.elsewhere(known.text)
    assert not (place.paragraphs / "page-ann.jsonl").exists()
    assert coding.codes("ann")
    assert [finding for finding in check(place.paragraphs, codebook) if finding.severity == "error"] == []


def test_the_same_text_under_two_ids_is_one_label_the_last(coding, workspace) -> None:
    one, two = ids(workspace)
    coding.code("ann", PASSAGES[0], [one])
    coding.code("ann", Passage("page-z-1-p09", "page-z-1", PASSAGES[0].text + " "), [two])
    place = Workspace(workspace)
    (row,) = load_labels(place.paragraphs / "page-ann.jsonl", load_codebook(place.codebook))
    assert row.measures == (two,)


def test_with_everything_undone_no_label_file_is_left_to_break_training(coding, workspace) -> None:
    coding.code("ann", PASSAGES[0], [])
    assert (workspace / "labels" / "paragraphs" / "page-ann.jsonl").exists()
    coding.undo("ann")
    assert not (workspace / "labels" / "paragraphs" / "page-ann.jsonl").exists()


def test_whoever_comes_second_codes_blind_and_is_kept_out_of_training(coding, workspace) -> None:
    one, two = ids(workspace)
    assert not coding.blind("ben", "page-x-1")
    coding.code("ann", PASSAGES[0], [one])
    assert coding.blind("ben", "page-x-1")
    assert not coding.blind("ann", "page-x-1")
    coding.code("ben", PASSAGES[0], [two])
    place = Workspace(workspace)
    assert not (place.paragraphs / "page-ben.jsonl").exists()
    (row,) = load_labels(workspace / "labels" / "coders" / "page-ben.jsonl", load_codebook(place.codebook))
    assert (row.id, row.measures) == (PASSAGES[0].id, (two,))
    assert coding.owner("page-x-1") == "ann"
    assert again(workspace).owner("page-x-1") == "ann"


def test_taking_all_back_does_not_make_another_the_first_coder(coding) -> None:
    coding.code("ann", PASSAGES[0], [])
    coding.undo("ann")
    coding.code("ben", PASSAGES[0], [])
    assert coding.owner("page-x-1") == "ann"


def test_progress_counts_paragraphs_articles_and_changes_of_each_coder(coding, workspace) -> None:
    one, _ = ids(workspace)
    coding.code("ann", PASSAGES[0], [one], [one])
    coding.code("ann", PASSAGES[1], [one], [])
    coding.code("ben", PASSAGES[0], [])
    assert [(row.coder, row.paragraphs, row.articles, row.changed) for row in coding.progress()] == [
        ("ann", 2, 1, 1),
        ("ben", 1, 1, 0),
    ]


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_half_a_line_left_by_a_crash_loses_nothing_else(coding, workspace, cut) -> None:
    coding.code("ann", PASSAGES[0], [])
    coding.code("ann", PASSAGES[1], [])
    path = workspace / "labels" / "coding" / "ann.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    fresh = again(workspace)
    fresh.code("ann", PASSAGES[2], [])
    standing = set(again(workspace).codes("ann"))
    assert {PASSAGES[0].id, PASSAGES[2].id} <= standing
    assert len(standing) == (3 if cut == 1 else 2)  # a line that lacks its end alone is whole
    assert fresh.broken() == (cut != 1)


def test_a_kill_at_any_moment_leaves_every_answered_code_on_the_disk(workspace) -> None:
    code = (
        "import sys; from pathlib import Path; from tagger.corrections import Journal, Passage\n"
        "journal = Journal(Path(sys.argv[1]), 'ann')\n"
        "for n in range(1000):\n"
        "    journal.code(Passage(f'p{n}', 'a', '一段话'), []); print(n, flush=True)\n"
    )
    path = workspace / "labels" / "coding" / "ann.jsonl"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as child:
        answered = [int(next(child.stdout)) for _ in range(20)]
        child.kill()
    assert {f"p{number}" for number in answered} <= set(Journal(path, "ann").codes())


def _many(path: str, start: int) -> None:
    journal = Journal(Path(path), "ann")
    for number in range(start, start + 20):
        journal.code(Passage(f"p{number}", "a", "一段话"), [])


@pytest.mark.skipif(os.name != "posix", reason="the system has no locks for files between processes")
def test_processes_that_write_at_once_lose_no_line(tmp_path) -> None:
    path = tmp_path / "ann.jsonl"
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_many, [(str(path), 0), (str(path), 100)])
    journal = Journal(path, "ann")
    assert len(journal.codes()) == 40
    assert journal.broken == 0


def test_threads_that_code_at_once_lose_nothing(coding, workspace) -> None:
    threads = [
        Thread(target=coding.code, args=(name, Passage(f"{name}-{n}", "a", f"第{n}段话"), []))
        for name in ("ann", "ben")
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: len(again(workspace).codes(name)) for name in ("ann", "ben")} == {"ann": 8, "ben": 8}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 3), st.booleans())), max_size=12))
def test_the_journal_says_what_a_stack_of_codes_would(tmp_path_factory, steps) -> None:
    path = tmp_path_factory.mktemp("journal") / "ann.jsonl"
    journal = Journal(path, "ann")
    stack: list[tuple[str, tuple[str, ...]]] = []
    for step in steps:
        if step is None:
            last = journal.undo()
            assert (last is None) == (not stack)
            stack = stack[:-1]
        else:
            place, chosen = step
            measures = ("industry",) if chosen else ()
            journal.code(PASSAGES[place], measures)
            stack.append((PASSAGES[place].id, measures))
    expected = dict(stack)
    for kept in (journal, Journal(path, "ann")):
        assert {key: code.measures for key, code in kept.codes().items()} == expected


@pytest.mark.parametrize(
    "name", ["", " ", "../ann", "a/b", "a b", "-ann", "x" * 33, "a\0", "\u202eann", ".", "con.txt"]
)
def test_a_name_that_could_leave_the_folder_is_refused(name) -> None:
    with pytest.raises(UsageError, match="one word"):
        coder_name(name)


def test_names_differ_by_more_than_capitals() -> None:
    assert coder_name(" Ann ") == coder_name("ann") == "ann"
    assert coder_name("王小明") == "王小明"


def test_an_unknown_measure_is_refused_and_nothing_is_written(coding, workspace) -> None:
    with pytest.raises(UsageError, match="unknown measure 'helth'"):
        coding.code("ann", PASSAGES[0], ["helth"])
    assert not (workspace / "labels" / "coding" / "ann.jsonl").exists()


def test_a_full_disk_is_said_and_the_earlier_codes_stay(coding, workspace, monkeypatch) -> None:
    coding.code("ann", PASSAGES[0], [])

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tagger.corrections.os.fsync", full)
    with pytest.raises(TaggerError, match="No space left"):
        coding.code("ann", PASSAGES[1], [])
    monkeypatch.undo()
    os.chdir(workspace)
    assert PASSAGES[0].id in again(workspace).codes("ann")
