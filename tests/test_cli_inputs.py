"""What the command line says of inputs that are wrong in other ways, and what it still writes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tagger.cli import app

REPORT = "水通了\n\n镇里建起水厂，铺了管网，家家拧开龙头就有自来水。\n\n乡里的六公里土路硬化了，班车开到了村口。\n"


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a report."""
    (workspace / "report.txt").write_text(REPORT, "utf-8")
    return workspace


def run(*words: object, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=text)


def refused(result: Result, code: int, *parts: str) -> None:
    """A line on standard error holds all parts, no line is a traceback, and the exit code is as said."""
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert any(all(part in line for part in parts) for line in result.stderr.splitlines()), result.stderr


def test_a_wrong_column_is_named_with_those_that_are_there(place: Path) -> None:
    Path("t.csv").write_text("编号,正文\n1,镇里建起水厂，家家有自来水。\n", "utf-8")
    refused(run("tag", "t.csv", "--column", "正问"), 1, "t.csv", "no column '正问'", "编号, 正文")
    assert run("tag", "t.csv", "--column", "正文").exit_code == 0


def test_an_unknown_encoding_is_named(place: Path) -> None:
    refused(run("tag", "report.txt", "--encoding", "utf-9"), 1, "report.txt", "'utf-9'", "gb18030")


def test_an_empty_folder_is_named_and_the_rest_is_written(place: Path) -> None:
    Path("none").mkdir()
    result = run("tag", "none", "report.txt")
    refused(result, 1, "none", "no file to read in this folder")
    assert [json.loads(line)["measures"] for line in result.stdout.splitlines()] == [["water"], ["roads"]]
    assert result.stderr.splitlines()[-1] == "tagger: 2 paragraphs of 1 article tagged; 1 not read"


def test_no_input_at_all_is_told_with_the_usage(place: Path) -> None:
    for command in ("read", "summary", "coverage"):
        assert run(command).exit_code == 2


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (None, ["in.jsonl", "no such file"]),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), ["in.jsonl:1", "not UTF-8"]),
        (REPORT.encode(), ["in.jsonl:1", "not a JSON object"]),
        ("文本".encode("gb18030"), ["in.jsonl:1", "not UTF-8"]),
    ],
)
def test_paragraphs_that_are_none_are_named(place: Path, content: bytes | None, parts: list[str]) -> None:
    if content is not None:
        Path("in.jsonl").write_bytes(content)
    result = run("tag", "--paragraphs", "in.jsonl")
    refused(result, 1, *parts)
    assert result.stdout == ""


def test_a_tag_file_cut_short_is_named_by_its_line_and_the_others_count(place: Path) -> None:
    run("tag", "report.txt", "-o", "t.jsonl")
    path = Path("t.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    result = run("coverage", "t.jsonl", "--format", "json")
    refused(result, 1, "t.jsonl:2", "not a JSON object")
    assert json.loads(result.stdout)["blocks"]["body"] == 1


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_tag_file_gives_the_counts_of_its_articles(place: Path, ending: str) -> None:
    run("tag", "report.txt", "-o", f"t.{ending}")
    direct, again = (
        json.loads(run("coverage", name, "--format", "json").stdout) for name in ("report.txt", f"t.{ending}")
    )
    assert again["shares"] == direct["shares"]
    assert again["inputs"] == direct["inputs"]


@pytest.mark.parametrize(("ending", "start"), [("md", "# "), ("html", "<!doctype html>"), ("csv", "")])
def test_reports_begin_as_their_form_does(place: Path, ending: str, start: str) -> None:
    for command in ("summary", "coverage"):
        assert run(command, "report.txt", "-o", f"out.{ending}", "--lang", "en").exit_code == 0
        text = Path(f"out.{ending}").read_text("utf-8-sig")
        assert text.lower().startswith(start)
        assert "Water" in text


@pytest.mark.parametrize("command", ["summary", "coverage"])
def test_reports_in_json_are_whole(place: Path, command: str) -> None:
    assert run(command, "report.txt", "-o", "out.json").exit_code == 0
    assert json.loads(Path("out.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("l.csv", "text,measures\n一段话,watr\n", ["l.csv:2", "unknown measure 'watr'", "did you mean 'water'"]),
        ("l.csv", "正文,measures\n一段话,water\n", ["l.csv:1", "no column 'text'"]),
        ("l.jsonl", '{"text": "一段话"}\n', ["l.jsonl:1", "no 'label'"]),
        ("l.json", "{", ["l.json:1", "not JSON"]),
    ],
)
def test_what_can_not_be_imported_is_named_and_nothing_written(
    place: Path, name: str, text: str, parts: list[str]
) -> None:
    Path(name).write_text(text, "utf-8")
    refused(run("labels", "import", name, "-o", "back.jsonl"), 2, *parts)
    assert not Path("back.jsonl").exists()


def test_coders_of_different_texts_are_refused(place: Path) -> None:
    first = Path("labels/paragraphs/first.jsonl")
    rows = [json.loads(line) for line in first.read_text("utf-8").splitlines()]
    rows[0]["text"] += "又一句。"
    Path("other.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    refused(run("labels", "agreement", str(first), "other.jsonl"), 2, "has another text than in")


def test_agreement_shows_where_coders_differ(place: Path) -> None:
    first = Path("labels/paragraphs/first.jsonl")
    rows = [json.loads(line) for line in first.read_text("utf-8").splitlines()]
    rows[0]["measures"] = ["roads"] if rows[0]["measures"] != ["roads"] else ["water"]
    Path("other.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = json.loads(run("labels", "agreement", str(first), "other.jsonl", "--format", "json").stdout)
    assert {row[0] for row in found["disagreements"]} == {rows[0]["id"]}
    assert found["pooled"][0] < 1


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["default"], ["give either MODEL LABELS or --cv"]),
        (["defualt", "labels/paragraphs/first.jsonl"], ["no model named 'defualt'", "default"]),
        (["default", "none.jsonl"], ["none.jsonl", "no labelled paragraphs"]),
    ],
)
def test_evaluate_names_what_it_lacks(place: Path, words: list[str], parts: list[str]) -> None:
    refused(run("evaluate", *words), 2, *parts)


def test_train_without_labels_is_refused_and_the_old_model_stays(place: Path) -> None:
    before = Path("models/default/weights.npz").read_bytes()
    Path("labels/paragraphs/first.jsonl").write_text("", "utf-8")
    refused(run("train"), 2, "at least 4 articles")
    assert Path("models/default/weights.npz").read_bytes() == before
    assert run("tag", "report.txt").exit_code == 0


def test_a_model_that_is_another_codebooks_says_so_or_still_tags(place: Path) -> None:
    """The model's own measures count: a codebook that has lost one names it by its id."""
    path = Path("labels/codebook.toml")
    text = path.read_text("utf-8")
    path.write_text(text.replace('id = "roads"', 'id = "bridges"'), "utf-8")
    result = run("coverage", "report.txt", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "roads" in result.stdout


def test_a_formula_in_a_report_is_only_text_in_a_sheet(place: Path) -> None:
    Path("risky.txt").write_text("题目\n\n=HYPERLINK(1) 镇里建起水厂，家家有自来水。\n", "utf-8")
    for name in ("t.csv", "t.jsonl"):
        assert run("tag", "risky.txt", "-o", name).exit_code == 0
    assert ",'=HYPERLINK(1)" in Path("t.csv").read_text("utf-8-sig")
    assert json.loads(Path("t.jsonl").read_text("utf-8"))["text"].startswith("=HYPERLINK(1)")
