"""The command line end to end: what it writes, what it says, how it exits."""

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from tagger.cli import app
from tests.conftest import ROOT

REPORT = """水通了，路也通了

李家沟从前吃水靠挑。去年镇里建起水厂，铺了管网，家家拧开龙头就有自来水。

今年春天，通往乡里的六公里土路也硬化了，班车开到了村口。
"""


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a report."""
    (workspace / "report.txt").write_text(REPORT, "utf-8")
    return workspace


def run(*words: object, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=text)


def rows(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(result: Result, code: int, *parts: str) -> None:
    """One line on standard error that holds the parts, no traceback, and the exit code."""
    assert result.exit_code == code, result.output
    last = [line for line in result.stderr.splitlines() if line.startswith("tagger: ")]
    assert "Traceback" not in result.output
    assert any(all(part in line for part in parts) for line in last), result.stderr


def test_read_writes_a_row_per_block_and_loses_no_line(place: Path) -> None:
    found = rows(run("read", "report.txt"))
    assert [row["kind"] for row in found] == ["title", "body", "body"]
    assert sorted(line for row in found for line in row["lines"]) == [1, 3, 5]
    assert set(found[0]) == {"file", "article", "kind", "lines", "text"}


def test_tag_writes_the_rows_of_its_contract(place: Path) -> None:
    found = rows(run("tag", "report.txt"))
    assert [(row["paragraph"], row["lines"], row["measures"]) for row in found] == [
        (1, [3], ["water"]),
        (2, [5], ["roads"]),
    ]
    contract = ["file", "article", "paragraph", "lines", "text", "measures", "scores"]
    assert list(found[0])[: len(contract)] == contract
    assert set(found[0]["scores"]) == {"water", "roads"}


def test_every_form_of_tag_file_holds_the_same(place: Path) -> None:
    expected = [row["text"] for row in rows(run("tag", "report.txt"))]
    for name in ("t.jsonl", "t.csv", "t.xlsx", "t.parquet"):
        assert run("tag", "report.txt", "-o", name).exit_code == 0
    assert [json.loads(line)["text"] for line in Path("t.jsonl").read_text("utf-8").splitlines()] == expected
    with Path("t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == expected
    sheet = openpyxl.load_workbook("t.xlsx").active
    assert [cells[4] for cells in sheet.iter_rows(min_row=2, values_only=True)] == expected
    assert pyarrow.parquet.read_table("t.parquet").column("text").to_pylist() == expected


def test_paragraphs_already_cut_are_tagged_as_they_are(place: Path) -> None:
    Path("in.jsonl").write_text('{"id": 7, "text": "修了一口水窖。"}\n\n{"id": "b", "text": ""}\n', "utf-8")
    found = rows(run("tag", "--paragraphs", "in.jsonl"))
    assert [(row["id"], set(row)) for row in found] == [(7, {"id", "measures", "scores"}), ("b", set(found[0]))]


def test_a_bad_line_among_paragraphs_is_named_and_the_rest_goes_on(place: Path) -> None:
    Path("in.jsonl").write_text('{"id": 1, "text": "水厂"}\n{"id": 2}\n{"id": 3, "text": "路"}\n', "utf-8")
    result = run("tag", "--paragraphs", "in.jsonl")
    refused(result, 1, "in.jsonl:2", "no 'text'")
    assert [row["id"] for row in rows(result)] == [1, 3]


def test_standard_input_and_output_are_a_dash(place: Path) -> None:
    result = run("tag", "-", "-o", "-", text=REPORT.encode("gb18030"))
    assert [row["measures"] for row in rows(result)] == [["water"], ["roads"]]


@pytest.mark.parametrize(
    ("ending", "mark"), [("md", "# "), ("html", "<!doctype html>"), ("json", "["), ("csv", "file")]
)
def test_summary_and_coverage_come_in_every_form(place: Path, ending: str, mark: str) -> None:
    for command in ("summary", "coverage"):
        assert run(command, "report.txt", "-o", f"out.{ending}").exit_code == 0
        text = Path(f"out.{ending}").read_text("utf-8-sig").lower()
        assert text.startswith((mark, "{", "by"))


@pytest.mark.parametrize(("lang", "word"), [("zh", "饮水安全"), ("en", "Water")])
def test_a_summary_speaks_the_language_asked_for(place: Path, lang: str, word: str) -> None:
    shown = run("summary", "report.txt", "--lang", lang)
    assert word in shown.stdout
    assert "自来水" in shown.stdout


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_coverage_of_a_tag_file_is_that_of_the_files(place: Path, ending: str) -> None:
    run("tag", "report.txt", "-o", f"t.{ending}")
    names = ("report.txt", f"t.{ending}")
    direct, again = (json.loads(run("coverage", name, "--format", "json").stdout) for name in names)
    assert direct["articles"] == again["articles"] == 1
    assert direct["shares"] == again["shares"]


def test_explanations_add_up(place: Path) -> None:
    for row in json.loads(run("explain", "镇里建起水厂，修通公路。", "--format", "json").stdout):
        total = row["intercept"] + sum(term["weight"] for term in row["terms"])
        assert total == pytest.approx(row["logit"], abs=1e-9)
    assert "水厂" in run("explain", "-", text="镇里建起水厂。").stdout


def test_labels_are_checked_counted_and_exchanged(place: Path) -> None:
    assert "0 errors" in run("labels", "check").stdout
    assert json.loads(run("labels", "stats", "--format", "json").stdout)["paragraphs"] == 10
    for name in ("l.csv", "l.xlsx", "l.json", "l.jsonl"):
        assert run("labels", "export", name).exit_code == 0
        assert run("labels", "import", name, "-o", "back.jsonl").exit_code == 0
        assert [json.loads(line)["text"] for line in Path("back.jsonl").read_text("utf-8").splitlines()] == [
            json.loads(line)["text"] for line in Path("labels/paragraphs/first.jsonl").read_text("utf-8").splitlines()
        ]
    same = run("labels", "agreement", "back.jsonl", "labels/paragraphs/first.jsonl", "--format", "json")
    assert json.loads(same.stdout)["pooled"][0] == 1.0


def test_a_model_is_trained_under_a_name_listed_and_measured(place: Path) -> None:
    assert run("train", "--name", "second").exit_code == 0
    assert {line.split()[0] for line in run("models").stdout.splitlines()} == {"default", "second"}
    first, second = (Path("models", name, "weights.npz").read_bytes() for name in ("default", "second"))
    assert first == second
    measured = run("evaluate", "second", "labels/paragraphs/first.jsonl", "--format", "json")
    assert json.loads(measured.stdout)["overall"]["micro_f1"][0] > 0.9


BAD = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b"  \n\n", "empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG"),
    "cut.docx": ((ROOT / "examples" / "4-summary.docx").read_bytes()[:3000], "cut short"),
    "cut.pdf": ((ROOT / "examples" / "5-notice.pdf").read_bytes()[:3000], "damaged"),
    "cut.xlsx": ((ROOT / "examples" / "6-reports.xlsx").read_bytes()[:3000], "cut short"),
    "cut.parquet": (b"PAR1" + bytes(40), "parquet"),
    "table.csv": (b"a,b\n1,2\n", "--column"),
    "odd.txt": ("好文章，修水厂。".encode() + b"\xff\xfe\xfa" + "通公路。".encode(), "--encoding"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_named_and_the_rest_is_written(place: Path, name: str) -> None:
    data, part = BAD[name]
    Path(name).write_bytes(data)
    result = run("tag", name, "report.txt", "-o", "out.jsonl")
    refused(result, 1, name)
    assert part.lower() in result.stderr.lower()
    assert len(Path("out.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_file_with_the_wrong_ending_is_read_by_its_content(place: Path) -> None:
    shutil.copy(ROOT / "examples" / "4-summary.docx", "report2.txt")
    assert len(rows(run("tag", "report2.txt"))) > 5


def test_a_huge_line_is_refused_in_one_line(place: Path) -> None:
    with Path("big.txt").open("wb") as file:
        file.seek(100_000_000)
        file.write(b"a")
    refused(run("tag", "big.txt"), 1, "big.txt", "50,000,000")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["tag"], ["either FILE... or --paragraphs"]),
        (["tag", "report.txt", "--paragraphs", "x.jsonl"], ["either FILE... or --paragraphs"]),
        (["tag", "report.txt", "--model", "defualt"], ["no model named 'defualt'", "default"]),
        (["tag", "report.txt", "-o", "out.doc"], ["out.doc", ".jsonl, .csv, .xlsx, .parquet"]),
        (["summary", "report.txt", "-o", "out.doc"], ["out.doc", ".md"]),
        (["train", "--recipe", "nope"], ["nope.toml", "no such recipe"]),
        (["train", "--name", "a/b"], ["single word"]),
        (["init", "."], ["not empty"]),
        (["explain", " "], ["the paragraph is empty"]),
        (["labels", "agreement", "labels/paragraphs/first.jsonl"], ["two coders"]),
        (["labels", "export", "x.doc"], ["x.doc", "--format"]),
        (["--workspace", "labels", "tag", "report.txt"], ["no workspace", "tagger init"]),
    ],
)
def test_wrong_use_is_told_in_one_line(place: Path, words: list[str], parts: list[str]) -> None:
    refused(run(*words), 2, *parts)


def test_a_missing_file_is_named(place: Path) -> None:
    refused(run("tag", "nowhere.txt"), 1, "nowhere.txt", "no such file")


def test_a_model_with_a_changed_byte_is_refused(place: Path) -> None:
    path = Path("models/default/weights.npz")
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    refused(run("tag", "report.txt"), 2, "models", "weights.npz was changed")


def test_a_typing_error_in_the_codebook_is_named_with_its_line(place: Path) -> None:
    path = Path("labels/codebook.toml")
    path.write_text(path.read_text("utf-8").replace('id = "water"', 'id = "water'), "utf-8")
    refused(run("train"), 2, "codebook.toml", "line")


def test_a_label_of_another_codebook_is_named_with_its_line(place: Path) -> None:
    path = Path("labels/paragraphs/first.jsonl")
    path.write_text(path.read_text("utf-8").replace('"roads"', '"raods"', 1), "utf-8")
    refused(run("train"), 2, "first.jsonl:3", "unknown measure 'raods'", "did you mean 'roads'")
    refused(run("labels", "check"), 1, "first.jsonl:3", "did you mean 'roads'")


def test_an_output_that_cannot_be_written_leaves_what_stood_there(place: Path) -> None:
    Path("out.jsonl").mkdir()
    refused(run("tag", "report.txt", "-o", "out.jsonl"), 2, "out.jsonl", "can't be written")
    assert Path("out.jsonl").is_dir()
    assert not Path("out.jsonl.part").exists()


def test_the_examples_account_for_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    coverage = json.loads(run("coverage", "examples", "--format", "json").stdout)
    assert coverage["inputs"]["unread"] == 0
    blocks = rows(run("read", "examples"))
    assert sum(coverage["blocks"].values()) == len(blocks)
    for file in ("examples/1-newspaper.txt",):
        lines = Path(file).read_text("utf-8").split("\n")
        printed = [number for number, line in enumerate(lines, start=1) if line.strip()]
        assert sorted(n for block in blocks if block["file"] == file for n in block["lines"]) == printed
