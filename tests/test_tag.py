"""Articles to tags, rows to files, and what stands around them."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest

from tagger import tag as module
from tagger.article import Article, Block, TaggedArticle, Unread
from tagger.errors import ReadError, UsageError, WorkspaceError
from tagger.explain import explained, render_text
from tagger.model import Model
from tagger.paragraphs import Given, given
from tagger.starter import PLACES, start
from tagger.tag import tag, tag_given, tag_texts
from tagger.tagfiles import block_rows, tag_rows, write_rows
from tagger.workspace import Workspace, find

TEXTS = ("合作社种植茶叶，年底分红。", "家庭医生上门签约。", "山高路远。", "=1+1 合作社请医生体检。")
FIELDS = ("file", "article", "paragraph", "lines", "text", "measures", "scores")


def article(number: int, *texts: str) -> Article:
    title = Block("title", (1,), "一个题目")
    body = [Block("body", (line,), text) for line, text in enumerate(texts, start=2)]
    return Article("a.txt", number, (title, *body), title="一个题目", date="2019-05-06")


@pytest.fixture
def tagged(model: Model) -> TaggedArticle:
    (found,) = tag([article(1, *TEXTS)], model, evidence=True)
    assert isinstance(found, TaggedArticle)
    return found


def test_only_body_paragraphs_are_tagged_and_all_of_them(tagged: TaggedArticle) -> None:
    assert [p.block.text for p in tagged.paragraphs] == list(TEXTS)
    assert [p.number for p in tagged.paragraphs] == [1, 2, 3, 4]
    assert [p.measures for p in tagged.paragraphs][:3] == [("industry",), ("health",), ()]


def test_what_could_not_be_read_passes_through_in_its_place(model: Model) -> None:
    items = [article(1, TEXTS[0]), Unread("b.txt", "empty"), article(2, TEXTS[1])]
    kinds = [type(item).__name__ for item in tag(items, model)]
    assert kinds == ["TaggedArticle", "Unread", "TaggedArticle"]


def test_batches_of_any_size_give_the_same_tags(model: Model, monkeypatch) -> None:
    items = [article(number, *TEXTS[number % 4 :]) for number in range(1, 8)]
    whole = list(tag(items, model))
    monkeypatch.setattr(module, "MAX_CHARACTERS", 20)
    assert list(tag(items, model)) == whole


def test_evidence_is_built_only_when_asked(model: Model, tagged: TaggedArticle) -> None:
    (plain,) = tag([article(1, *TEXTS)], model)
    assert all(not t.evidence for p in plain.paragraphs for t in p.tags)
    assert all(t.evidence for p in tagged.paragraphs for t in p.tags)


def test_a_tags_sentence_lies_within_its_paragraph(tagged: TaggedArticle) -> None:
    for paragraph in tagged.paragraphs:
        for one in paragraph.tags:
            start_, end = one.sentence
            assert 0 <= start_ < end <= len(paragraph.block.text)


def test_paragraphs_keep_their_ids_and_their_order(model: Model) -> None:
    items = [Given(3, TEXTS[0]), Unread("in.jsonl:2", "broken"), Given("b", TEXTS[1])]
    found = list(tag_given(items, model))
    assert [item.path if isinstance(item, Unread) else item[0].id for item in found] == [3, "in.jsonl:2", "b"]
    assert found[0][1] == next(tag_texts([TEXTS[0]], model))


def test_lines_that_are_no_paragraphs_are_named(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b'{"id": 1, "text": "a"}\n[]\n{"text": "b"}\n{"id": true, "text": "c"}\n\xff\n\n{"id": "2", "text": ""}\n'
    )
    found = list(given(str(path)))
    assert [item.id for item in found if isinstance(item, Given)] == [1, "2"]
    assert [item.path.rsplit(":", 1)[1] for item in found if isinstance(item, Unread)] == ["2", "3", "4", "5"]
    with pytest.raises(ReadError, match="no such file"):
        list(given(str(tmp_path / "none.jsonl")))


def test_rows_come_back_from_every_form(tagged: TaggedArticle, tmp_path: Path) -> None:
    rows = list(tag_rows(tagged))
    measures = ("industry", "health")
    for ending in ("jsonl", "csv", "xlsx", "parquet"):
        assert write_rows(str(tmp_path / f"t.{ending}"), rows, FIELDS, measures) == len(rows)
    assert [json.loads(line) for line in (tmp_path / "t.jsonl").read_text("utf-8").splitlines()] == rows
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["measures"] for row in table] == [";".join(row["measures"]) for row in rows]
    assert table[3]["text"] == "'" + TEXTS[3]  # a spreadsheet would run it
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[4][4] == "'" + TEXTS[3]
    parquet = pyarrow.parquet.read_table(tmp_path / "t.parquet").to_pylist()
    assert [row["measures"] for row in parquet] == [row["measures"] for row in rows]
    assert parquet[0]["score:industry"] == rows[0]["scores"]["industry"]


def test_every_block_is_a_row(tagged: TaggedArticle) -> None:
    assert [row["kind"] for row in block_rows(tagged.article)] == ["title"] + ["body"] * 4


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.jsonl, \.csv, \.xlsx, \.parquet"):
        write_rows(str(tmp_path / "t.doc"), [], FIELDS)


def test_rows_that_break_off_leave_the_old_file(tmp_path: Path) -> None:
    def broken():
        yield {"file": "a"}
        raise ReadError("a", "gone")

    for ending in ("jsonl", "csv", "xlsx", "parquet"):
        path = tmp_path / f"t.{ending}"
        path.write_text("old")
        with pytest.raises(ReadError):
            write_rows(str(path), broken(), FIELDS)
        assert path.read_text() == "old"
    assert not list(tmp_path.glob("*.part"))


def test_an_explanation_shows_the_strongest_terms_and_the_sum_of_the_others(model: Model) -> None:
    rows = explained(model, TEXTS[0])
    shown = render_text(rows, top=2)
    assert rows[0].measure == "industry"
    assert "other terms" in shown
    assert f"{rows[0].logit:+.3f}" in shown


def test_a_workspace_is_found_from_a_folder_below_it(tmp_path: Path, monkeypatch) -> None:
    start(tmp_path / "mine")
    below = tmp_path / "mine" / "reports" / "2019"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find().root.resolve() == (tmp_path / "mine").resolve()
    with pytest.raises(WorkspaceError, match="tagger train"):
        find().model("default")
    monkeypatch.chdir(tmp_path)
    assert find().packaged
    with pytest.raises(WorkspaceError, match="tagger init"):
        find(tmp_path)


def test_a_models_folder_may_be_named_by_its_path(tmp_path: Path) -> None:
    assert Workspace(tmp_path).model("models/mine") == Path("models/mine")


def test_a_new_workspace_has_all_its_files_and_takes_no_folder_that_is_in_use(tmp_path: Path) -> None:
    written = start(tmp_path / "mine")
    assert [path.relative_to(tmp_path / "mine").as_posix() for path in written] == list(PLACES.values())
    with pytest.raises(UsageError, match="not empty"):
        start(tmp_path / "mine")
