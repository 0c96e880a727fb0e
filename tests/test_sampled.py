"""A sample drawn, coded, and read back."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tagger.cli import app
from tagger.errors import TaggerError
from tagger.sampled import Placed, draw, estimated, placed_before, read_codes
from tagger.tagfiles import write_rows

MEASURES = ("industry", "health")
TEXTS = ["村里种了三百亩茶叶，合作社年底给农户分红。", "家庭医生上门给老人体检。", "东沟河从村口流过，两岸长满了竹子。"]


def corpus(number: int) -> list[Placed]:
    return [Placed(f"a#1:{n}", "a", (n,), TEXTS[n % 3], ("industry",) if n % 3 == 0 else ()) for n in range(number)]


def test_every_paragraph_is_as_likely_as_any_other() -> None:
    seen = Counter(one.id for seed in range(2_000) for one in draw(corpus(10), 3, seed))
    assert len(seen) == 10
    assert max(seen.values()) - min(seen.values()) < 150  # 600 each; six standard deviations are 123


def test_the_first_of_a_sample_are_a_sample_too() -> None:
    first = Counter(draw(corpus(10), 5, seed)[0].id for seed in range(3_000))
    assert len(first) == 10
    assert max(first.values()) < 400


def test_a_seed_draws_the_same_paragraphs_again() -> None:
    assert draw(corpus(50), 5, 1) == draw(corpus(50), 5, 1) != draw(corpus(50), 5, 2)


def test_a_small_corpus_is_drawn_whole() -> None:
    assert sorted(one.id for one in draw(corpus(4), 9, 0)) == [one.id for one in corpus(4)]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.jsonl", "{}\n", ":1: no 'id'"),
        ("a.jsonl", '{"id": "x", "measures": []}\nnonsense\n', ":2: not a JSON object"),
        ("a.jsonl", '{"id": "x", "measures": ["wealth"]}\n', ":1: unknown measure 'wealth'"),
        ("a.jsonl", '{"id": "x", "measures": 3}\n', ":1: 'measures' is not a list"),
        ("a.jsonl", '{"id": "x", "measures": []}\n' * 2, ":2: x is there twice"),
        ("a.csv", "id,text\nx,y\n", ":2: no 'id' or no 'measures'"),
        ("a.txt", "x", "codes are read from"),
        ("a.xlsx", "x", "damaged, or no Excel file"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path, name: str, text: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(TaggerError, match=reason):
        read_codes(path, MEASURES)


def test_an_empty_cell_is_not_coded_yet_and_none_is_a_code(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,measures\na,\nb,none\nc,health industry\n", "utf-8")
    assert read_codes(path, MEASURES) == {"b": (), "c": ("industry", "health")}


def test_codes_of_another_corpus_are_refused() -> None:
    codes = dict.fromkeys((one.id for one in corpus(40)), ())
    with pytest.raises(TaggerError, match="not in this corpus"):
        estimated(corpus(39), codes, MEASURES)


def test_too_few_codes_are_refused() -> None:
    with pytest.raises(TaggerError, match="at least 30"):
        estimated(corpus(40), {"a#1:1": ()}, MEASURES)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def many(workspace: Path) -> Path:
    path = workspace / "many.jsonl"
    rows = [{"text": f"{TEXTS[n % 3]}这是第{n}篇报道里的话。"} for n in range(60)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_a_sample_shows_no_tags_and_its_codes_correct_the_shares(many: Path, workspace: Path, form: str) -> None:
    sample = workspace / f"sample.{form}"
    assert run("coverage", many, "--audit", 40, "-o", sample).exit_code == 0
    if form == "jsonl":
        rows = [json.loads(line) for line in sample.read_text("utf-8").splitlines()]
        assert all(row["measures"] is None and "scores" not in row for row in rows)
        for row in rows:
            row["measures"] = ["water"] if "茶叶" in row["text"] else []
        sample.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    elif form == "csv":
        with sample.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["measures"] for row in rows} == {""}
        with sample.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.DictWriter(file, rows[0])
            out.writeheader()
            out.writerows(row | {"measures": "water" if "茶叶" in row["text"] else "none"} for row in rows)
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(sample)
        sheet = book.active
        head = [cell.value for cell in sheet[1]]
        for line in range(2, sheet.max_row + 1):
            text = sheet.cell(line, head.index("text") + 1).value
            sheet.cell(line, head.index("measures") + 1).value = "water" if "茶叶" in text else "none"
        book.save(sample)
        book.close()
    result = run("coverage", many, "--codes", sample, "-o", workspace / "shares.json")
    assert result.exit_code == 0, result.output
    shares = {row["measure"]: row for row in json.loads((workspace / "shares.json").read_text("utf-8"))}
    assert shares["water"]["coded"] == 40
    assert shares["water"]["low"] <= 1 / 3 <= shares["water"]["high"]


def test_a_batch_run_and_the_files_themselves_give_the_same_figures(many: Path, workspace: Path) -> None:
    sample = workspace / "sample.jsonl"
    run("coverage", many, "--audit", 40, "-o", sample)
    rows = [json.loads(line) | {"measures": []} for line in sample.read_text("utf-8").splitlines()]
    sample.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    assert run("tag", many, "-o", workspace / "out/", "--jobs", 1).exit_code == 0
    assert run("tag", many, "-o", workspace / "tags.csv").exit_code == 0
    found = [
        run("coverage", source, "--codes", sample).stdout
        for source in (many, workspace / "out", workspace / "tags.csv")
    ]
    assert found[0] == found[1] == found[2]


def test_codes_do_not_fall_on_other_paragraphs_when_the_corpus_has_changed(many: Path, workspace: Path) -> None:
    sample = workspace / "sample.jsonl"
    run("coverage", many, "--audit", 40, "-o", sample)
    rows = [json.loads(line) | {"measures": []} for line in sample.read_text("utf-8").splitlines()]
    sample.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    first, *others = many.read_text("utf-8").splitlines(keepends=True)
    many.write_text("".join([*others, first]), "utf-8")  # every place still exists, under another text
    result = run("coverage", many, "--codes", sample)
    assert result.exit_code == 2
    assert "not in this corpus" in result.stderr


@pytest.mark.parametrize("text", ["=三百亩茶叶。", "'=三百亩茶叶。", "第一行\r\n第二行", "坏字\x07和\t空格"])
def test_a_paragraph_has_the_same_name_in_every_form_of_tag_file(tmp_path: Path, text: str) -> None:
    row = {"file": "a", "article": 1, "row": 1, "lines": [1], "text": text, "measures": ["health"]}
    names = set()
    for form in (".jsonl", ".csv", ".xlsx"):
        write_rows(str(tmp_path / f"t{form}"), [row], tuple(row))
        names |= {one.id for one in placed_before(tmp_path / f"t{form}") if isinstance(one, Placed)}
    assert len(names) == 1


def test_drawing_and_correcting_at_once_is_refused(many: Path, workspace: Path) -> None:
    result = run("coverage", many, "--audit", 5, "--codes", many)
    assert result.exit_code == 2
    assert "--audit" in result.stderr
