"""What goes out to a spreadsheet or a coding tool comes back the same, and what is wrong in it is named."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.codebook import Codebook, load_codebook
from tagger.errors import LabelError, ReadError, UsageError
from tagger.exchange import export_labels, import_labels
from tagger.labels import LabelledParagraph

ROOT = Path(__file__).parent.parent
BOOK = load_codebook(ROOT / "labels" / "codebook.toml")
FORMS = {"csv": ".csv", "xlsx": ".xlsx", "labelstudio": ".json", "doccano": ".jsonl"}

PLAIN = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\n\t")
TEXTS = st.text(PLAIN, min_size=1).filter(str.strip)
RISKY = st.sampled_from(
    ["=1+1", "'=1", "-300元", "@今日", "\t空格", "''+", "'", "软\xad连\u2028行", "007", "1e5", "#N/A"]
)
PARAGRAPHS = st.builds(
    LabelledParagraph,
    id=TEXTS | RISKY.filter(str.strip),
    article=TEXTS | RISKY.filter(str.strip),
    text=TEXTS | RISKY,
    measures=st.sets(st.sampled_from(BOOK.ids)).map(lambda chosen: tuple(m for m in BOOK.ids if m in chosen)),
    title=st.text(PLAIN) | RISKY,
    script=st.sampled_from(["hans", "hant", "mixed"]),
    split=st.sampled_from(["train", "test"]),
    note=RISKY,
)


@pytest.fixture
def codebook() -> Codebook:
    return BOOK


@pytest.mark.parametrize("form", list(FORMS))
@settings(max_examples=30)
@given(labels=st.lists(PARAGRAPHS, min_size=1, max_size=4))
def test_what_is_exported_is_imported(
    tmp_path_factory: pytest.TempPathFactory, form: str, labels: list[LabelledParagraph]
) -> None:
    path = tmp_path_factory.getbasetemp() / f"labels{FORMS[form]}"
    export_labels(labels, path)
    assert import_labels(path, BOOK) == labels


def label(text: str = "村里修了水窖。", **more: str) -> LabelledParagraph:
    return LabelledParagraph(id="p1", article="a1", text=text, measures=("health",), **more)


def test_csv_opens_in_excel_and_runs_nothing_there(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    export_labels([label("=HYPERLINK(1)", title="@x"), label("-1")], path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [(r["text"], r["title"]) for r in rows] == [("'=HYPERLINK(1)", "'@x"), ("'-1", "")]


@pytest.mark.parametrize("text", ["铃\x07声", "长" * 32_768])
def test_what_no_excel_cell_holds_is_refused_and_nothing_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.xlsx"
    with pytest.raises(UsageError, match=r"paragraph 'p1' has .* no Excel cell can hold; write \.csv instead"):
        export_labels([label(), label(text)], path)
    assert not path.exists()


def test_measures_may_be_parted_by_any_comma_or_semicolon(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "hand.csv"
    path.write_text('text,measures\n水窖,"health, housing"\n粮站,industry；employment\n戏台,\n\n', "utf-8")
    found = import_labels(path, codebook, coder="甲")
    assert [(x.id, x.article, x.coder, x.measures) for x in found] == [
        ("row-2", "row-2", "甲", ("health", "housing")),
        ("row-3", "row-3", "甲", ("industry", "employment")),
        ("row-4", "row-4", "甲", ()),
    ]


def test_a_csv_of_a_chinese_windows_is_read(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "hand.csv"
    path.write_bytes("text,measures\n村里给孩子们修了一所新的小学校,education\n".encode("gb18030"))
    assert import_labels(path, codebook)[0].text == "村里给孩子们修了一所新的小学校"


def test_the_projects_own_lines_keep_their_measures(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(label().as_row()), "utf-8")
    assert import_labels(path, codebook) == [label()]


def test_the_last_annotation_of_label_studio_counts_unless_cancelled(tmp_path: Path, codebook: Codebook) -> None:
    def annotation(*choices: str, cancelled: bool = False) -> dict[str, object]:
        chosen = {"type": "choices", "from_name": "x", "value": {"choices": list(choices)}}
        return {"id": 9, "was_cancelled": cancelled, "result": [{"type": "textarea", "value": {}}, chosen]}

    told = [annotation("health"), annotation("housing", "education"), annotation("industry", cancelled=True)]
    tasks = [
        {"id": 4, "data": {"text": "甲"}, "annotations": told},
        {"data": {"text": "乙"}, "annotations": [{"result": []}]},
    ]
    path = tmp_path / "project.json"
    path.write_text(json.dumps(tasks), "utf-8")
    assert [x.measures for x in import_labels(path, codebook)] == [("education", "housing"), ()]


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("a.csv", "", 1, "is empty; the first row names the columns"),
        ("a.csv", "text\n甲\n", 1, "no column 'measures'; there is: text"),
        ("a.csv", "text,measures\n甲,health\n乙,helth\n", 3, "unknown measure 'helth'; did you mean 'health'?"),
        ("a.csv", "text,measures\n,health\n", 2, "'text' is empty"),
        ("a.csv", 'text,measures\n"甲"乙,health\n', 2, "not CSV ("),
        ("a.csv", "text,measures,split\n甲,health,dev\n", 2, "'script' is one of hans, hant, mixed; 'split' one of"),
        ("a.jsonl", '\n{"text": 1\n', 2, "not a JSON object"),
        ("a.jsonl", '{"text": "甲"}\n', 1, "no 'label'; export the project from doccano as JSONL"),
        ("a.jsonl", '{"text": "甲", "label": [[0, 1, "health"]]}\n', 1, "its measures are no list of measure ids"),
        ("a.jsonl", '{"text": 7, "label": []}\n', 1, "'text' is empty"),
        ("a.json", "{", 1, "not JSON; export the project from Label Studio as JSON"),
        ("a.json", "{}", 1, "not a list of tasks"),
        ("a.json", "[{}]", 1, "a task without 'data'"),
        ("a.json", '[{"data": {"text": "甲"}}]', 1, "a task that is not annotated; export annotated tasks only"),
        ("a.json", '[{"data": {"text": "甲"}, "annotations": []}]', 1, "a task that is not annotated"),
        ("a.json", '[{"data": {"text": "甲"}, "annotations": [{"result": [1]}]}]', 1, "a task that is not annotated"),
    ],
)
def test_what_is_wrong_is_named_by_its_row(tmp_path: Path, name: str, text: str, line: int, says: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(LabelError) as caught:
        import_labels(path, BOOK)
    assert caught.value.line == line
    assert caught.value.reason.startswith(says)


def test_a_damaged_or_missing_file_is_one_line(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "a.xlsx"
    export_labels([label()], path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(ReadError, match="no whole Excel file"):
        import_labels(path, codebook)
    with pytest.raises(ReadError, match="can't be read"):
        import_labels(tmp_path / "none.csv", codebook)


def test_an_unknown_ending_asks_for_the_form(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(UsageError, match="say --format"):
        export_labels([label()], tmp_path / "labels.txt")
    export_labels([label()], tmp_path / "labels.txt", "doccano")
    assert import_labels(tmp_path / "labels.txt", codebook, "doccano") == [label()]
