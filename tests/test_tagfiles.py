"""Rows come back from every form as they went in, and no form runs or loses what a report says."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import tagfiles
from tagger.cells import bare_cell, printable
from tagger.errors import UsageError
from tagger.tagfiles import Row, tag_rows, write_rows, writer
from tests.articles import plain

FIELDS = ("file", "article", "paragraph", "lines", "text", "measures", "scores")
MEASURES = ("industry", "health")
RISKY = ["=HYPERLINK(1)", "'=1", "+86", "-300元", "@甲", "\t表", "＝1", "a,b;c", '他说："好"', "一\n二", "粮🌾"]
RISKY += ["#N/A", "甲\ufffe\uffff"]  # an error to Excel; what no XML can hold
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(RISKY)
ROWS = st.builds(
    lambda number, text, measures, score: {
        "file": "乡.txt",
        "article": 1,
        "paragraph": number,
        "lines": [number, number + 1],
        "text": text,
        "measures": measures,
        "scores": {"industry": score, "health": round(1 - score, 4)},
    },
    st.integers(1, 999),
    TEXTS,
    st.lists(st.sampled_from(MEASURES), unique=True),
    st.integers(0, 10_000).map(lambda n: n / 10_000),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows")


def written(folder: Path, ending: str, rows: list[Row]) -> Path:
    path = folder / f"t.{ending}"
    assert write_rows(str(path), rows, FIELDS, MEASURES) == len(rows)
    return path


@given(rows=st.lists(ROWS, max_size=4))
def test_json_lines_hold_each_row_to_the_letter(folder: Path, rows: list[Row]) -> None:
    lines = written(folder, "jsonl", rows).read_text("utf-8").split("\n")
    assert [json.loads(line) for line in lines[:-1]] == rows
    assert lines[-1] == ""


@given(rows=st.lists(ROWS, max_size=4))
def test_csv_holds_each_row_with_control_characters_made_visible(folder: Path, rows: list[Row]) -> None:
    with written(folder, "csv", rows).open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [bare_cell(row["text"]) for row in found] == [printable(row["text"]) for row in rows]
    assert [row["measures"].split(";") if row["measures"] else [] for row in found] == [row["measures"] for row in rows]
    assert [float(row["score:health"]) for row in found] == [row["scores"]["health"] for row in rows]
    assert [row["lines"] for row in found] == [f"{row['paragraph']};{row['paragraph'] + 1}" for row in rows]


@settings(max_examples=40)
@given(rows=st.lists(ROWS, max_size=4))
def test_excel_holds_each_row_as_text_and_numbers_never_as_a_formula(folder: Path, rows: list[Row]) -> None:
    sheet = openpyxl.load_workbook(written(folder, "xlsx", rows)).active
    head, *found = list(sheet.iter_rows())
    assert [cell.value for cell in head] == [*FIELDS[:-1], "score:industry", "score:health"]
    assert [bare_cell(cells[4].value or "") for cells in found] == [printable(row["text"]) for row in rows]
    assert [cells[6].value for cells in found] == [row["scores"]["industry"] for row in rows]
    assert all(cell.data_type != "f" for cells in found for cell in cells)


@settings(max_examples=40)
@given(rows=st.lists(ROWS, max_size=4))
def test_parquet_holds_lists_as_lists_and_scores_as_columns(folder: Path, rows: list[Row]) -> None:
    found = pyarrow.parquet.read_table(written(folder, "parquet", rows)).to_pylist()
    for name in FIELDS[:-1]:
        wanted = [printable(row[name]) if name == "text" else row[name] for row in rows]
        assert [row[name] for row in found] == wanted
    assert [row["score:health"] for row in found] == [row["scores"]["health"] for row in rows]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_half_a_surrogate_pair_breaks_no_form(folder: Path, ending: str) -> None:
    assert written(folder, ending, [{"file": "a", "article": 1, "text": "粮\ud83c仓"}]).stat().st_size > 0


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_no_rows_still_make_a_whole_file(folder: Path, ending: str) -> None:
    path = written(folder, ending, [])
    read = {
        "jsonl": lambda: path.read_text("utf-8").splitlines(),
        "csv": lambda: path.read_text("utf-8-sig").splitlines()[1:],
        "xlsx": lambda: list(openpyxl.load_workbook(path).active.iter_rows(min_row=2)),
        "parquet": lambda: pyarrow.parquet.read_table(path).to_pylist(),
    }[ending]
    assert read() == []


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_a_field_that_a_row_lacks_is_empty(folder: Path, ending: str) -> None:
    written(folder, ending, [{"file": "a.txt", "article": 1}])
    if ending == "csv":
        assert (folder / "t.csv").read_text("utf-8-sig").splitlines()[1] == "a.txt,1,,,,,,"
    elif ending == "parquet":
        assert pyarrow.parquet.read_table(folder / "t.parquet").to_pylist()[0]["measures"] is None


@pytest.mark.parametrize("path", [None, "-"])
def test_no_name_or_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str], path: str | None) -> None:
    write_rows(path, [{"text": "水"}, {"text": "半\ud83c"}], FIELDS)
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"text": "水"}, {"text": "半\ud83c"}]


def test_endings_may_be_in_capitals(folder: Path) -> None:
    assert write_rows(str(folder / "T.CSV"), [{"file": "a"}], FIELDS) == 1
    assert (folder / "T.CSV").read_bytes().startswith(b"\xef\xbb\xbffile,")


def test_a_text_longer_than_an_excel_cell_is_cut_there_and_only_there(folder: Path) -> None:
    row: Row = {"file": "a", "article": 1, "text": "粮" * 40_000}
    assert len(openpyxl.load_workbook(written(folder, "xlsx", [row])).active.cell(2, 5).value) == 32_767
    assert pyarrow.parquet.read_table(written(folder, "parquet", [row])).to_pylist()[0]["text"] == row["text"]


def test_more_rows_than_excel_holds_are_refused_and_nothing_written(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(tagfiles, "EXCEL_ROWS", 2)
    path = folder / "full.xlsx"
    with pytest.raises(UsageError, match="2 rows at most"):
        write_rows(str(path), [{"file": "a"}] * 3, FIELDS)
    assert not path.exists()
    assert write_rows(str(path), [{"file": "a"}] * 2, FIELDS) == 2


def test_parquet_of_several_row_groups_is_one_table(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(tagfiles, "PARQUET_ROWS", 2)
    rows: list[Row] = [{"file": "a", "article": number} for number in range(5)]
    file = pyarrow.parquet.ParquetFile(written(folder, "parquet", rows))
    assert file.num_row_groups == 3
    assert file.read().column("article").to_pylist() == list(range(5))


def test_an_interrupted_run_leaves_no_part_behind(folder: Path) -> None:
    path = folder / "cut.jsonl"
    with pytest.raises(KeyboardInterrupt), writer(str(path), FIELDS) as write:  # noqa: PT012 - the block is the test
        write({"file": "a"})
        raise KeyboardInterrupt
    assert not list(folder.glob("cut*"))


def test_what_is_known_of_the_article_stands_behind_the_contract() -> None:
    (row,) = tag_rows(plain([["health"]], title="题目", date="2019-05-06"))
    assert list(row) == [*FIELDS, "title", "date"]
    assert row["measures"] == ["health"]
