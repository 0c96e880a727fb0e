"""`tagger labels audit` and `tagger labels suggest` from end to end, in a new workspace."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tagger.cli import app

REPORT = """水渠修到田头

乡里修了蓄水池，自来水通到各家，吃水不再靠肩挑。

村道加宽了一米，拉货的车开得进来。

寨子里有四十户人家，多数姓龙。
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a report."""
    (workspace / "new.txt").write_text(REPORT, "utf-8")
    return workspace


def test_audit_shows_a_line_for_each_code_with_its_place(place: Path) -> None:
    shown = run("labels", "audit", "-n", 3)
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert len(lines) == 3
    for line in lines:
        name, where, measure, coded, probability, *_ = line.split("  ")
        file, _, number = where.rpartition(":")
        row = json.loads(Path(file).read_text("utf-8").splitlines()[int(number) - 1])
        assert row["id"] == name
        assert (measure in row["measures"]) == (coded == "coded")
        assert 0 <= float(probability) <= 1
    assert "3 codes of 20 to look at" in shown.stderr


@pytest.mark.parametrize("name", ["doubts.jsonl", "doubts.csv"])
def test_audit_writes_all_that_it_knows(place: Path, name: str) -> None:
    assert run("labels", "audit", "labels/paragraphs/first.jsonl", "-o", name).stdout == ""
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file)) if name.endswith("csv") else [json.loads(line) for line in file]
    fields = {"id", "place", "article", "measure", "coded", "probability", "words", "quote", "text"}
    assert len(rows) == 20
    assert all(set(row) == fields for row in rows)
    assert all(row["quote"] in row["text"] for row in rows)


def test_suggest_writes_paragraphs_to_code(place: Path) -> None:
    told = run("labels", "suggest", "new.txt", "-o", "next.jsonl", "--number", 2)
    assert told.exit_code == 0, told.output
    assert "2 of 3 paragraphs written to next.jsonl" in told.stderr
    rows = [json.loads(line) for line in Path("next.jsonl").read_text("utf-8").splitlines()]
    assert [row["measures"] for row in rows] == [[], []]
    assert {row["article"] for row in rows} == {"new.txt:1"}
    assert all(row["text"] in REPORT and row["note"].startswith("model: ") for row in rows)
    assert run("labels", "check", "next.jsonl").exit_code == 0


@pytest.mark.parametrize("name", ["next.csv", "next.xlsx"])
def test_what_suggest_writes_can_be_imported(place: Path, name: str) -> None:
    assert run("labels", "suggest", "new.txt", "-o", name, "--per-article", 1).exit_code == 0
    assert run("labels", "import", name, "-o", "back.jsonl").exit_code == 0
    assert len(Path("back.jsonl").read_text("utf-8").splitlines()) == 1


def test_suggest_goes_on_without_what_can_not_be_read(place: Path) -> None:
    told = run("labels", "suggest", "new.txt", "absent.txt", "-o", "next.json")
    assert told.exit_code == 1
    assert "absent.txt" in told.stderr
    assert len(json.loads(Path("next.json").read_text("utf-8"))) == 3


def test_an_unknown_ending_is_refused_by_both(place: Path) -> None:
    for words in (["audit", "-o", "x.doc"], ["suggest", "new.txt", "-o", "x.doc"]):
        refused = run("labels", *words)
        assert refused.exit_code == 2
        assert "x.doc" in refused.stderr
