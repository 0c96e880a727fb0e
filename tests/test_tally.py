import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Article, Block, TaggedArticle, Unread
from tagger.tagfiles import tag_rows, write_rows
from tagger.tally import Tally, characters, is_tag_file, tally, tally_file
from tests.articles import MEASURES, plain, tagged

FIELDS = [
    "file",
    "article",
    "paragraph",
    "lines",
    "text",
    "measures",
    "scores",
    "row",
    "title",
    "date",
    "place",
]


def row(**fields: object) -> dict[str, object]:
    return {"file": "a.txt", "article": 1, "text": "一二三", "measures": ["health"]} | fields


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), "utf-8")
    return path


def test_characters_leave_out_white_space() -> None:
    assert characters(" 一二\u3000三\n4 ") == 4


def test_an_articles_counts() -> None:
    counts = tally(plain([["industry", "health"], ["health"], []], text="一二三四"))
    assert counts.size == (3, 12)
    assert counts.paragraphs == {"industry": 1, "health": 2, "": 1, "+": 1}
    assert counts.characters == {"industry": 4, "health": 8, "": 4, "+": 4}
    assert counts.together == {("industry", "health"): 1}


def test_blocks_of_every_kind_are_counted() -> None:
    counts = tally(tagged([("title", "题", ()), ("body", "正文", ()), ("caption", "图", ())]))
    assert counts.blocks == {"title": 1, "body": 1, "caption": 1}


def test_a_body_paragraph_that_was_not_tagged_is_an_error() -> None:
    article = Article("a.txt", 1, (Block("body", (1,), "文"),))
    with pytest.raises(ValueError, match=r"a\.txt: 1 body paragraphs but 0 tagged ones"):
        tally(TaggedArticle(article, ()))


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
@given(
    rows=st.lists(
        st.lists(st.lists(st.sampled_from(MEASURES), unique=True, max_size=3), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_a_tag_file_counts_like_the_articles_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory, ending: str, rows: list[list[list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("tags") / f"tags{ending}"
    about = {"title": "=题，“引”", "date": "2020-05-01", "place": "青禾县"}
    articles = [plain(measures, number=n, file="-a.txt", **about) for n, measures in enumerate(rows, 1)]
    write_rows(str(path), (r for article in articles for r in tag_rows(article)), FIELDS, MEASURES)
    assert list(tally_file(path, MEASURES)) == [tally(article) for article in articles]


def test_a_bad_row_is_named_and_the_others_count(tmp_path: Path) -> None:
    bad = [
        "{",
        "[]",
        row(measures=["helth"]),
        row(text=" "),
        row(article="x"),
        row(file=""),
        row(measures=3),
        "{}",
    ]
    path = write(tmp_path / "t.jsonl", row(), "", *bad, row())
    items = list(tally_file(path, MEASURES))
    counts = [item for item in items if isinstance(item, Tally)]
    unread = [item for item in items if isinstance(item, Unread)]
    assert [item.size for item in counts] == [(2, 6)]
    assert [item.path for item in unread] == [f"{path}:{line}" for line in range(3, 11)]
    assert unread[2].reason == "unknown measure 'helth'; did you mean 'health'?"


def test_a_measure_like_no_other_is_answered_with_the_list(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", row(measures=["天气"]))
    assert [item.reason for item in tally_file(path, MEASURES)] == [
        "unknown measure '天气'; the codebook has industry, education, health"
    ]


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes('{"text": "产业"}\n'.encode("gb18030") + json.dumps(row()).encode())
    unread, counts = tally_file(path, MEASURES)
    assert unread == Unread(f"{path}:1", "not UTF-8; save the file as UTF-8")
    assert counts.size == (1, 3)


def test_a_csv_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"file,article,text,measures\na,1," + "产业,\n".encode("gb18030") + b"a,1,x,\n")
    unread, counts = tally_file(path, MEASURES)
    assert unread.path == f"{path}:2"
    assert counts.size == (1, 1)


def test_a_csv_without_a_column_is_one_unread(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("file,article,text\na,1,x\na,1,y\n", "utf-8")
    assert list(tally_file(path, MEASURES)) == [
        Unread(f"{path}:1", "no 'measures'; tag files have file, article, text, measures")
    ]


@pytest.mark.parametrize("cell", ["industry;health", "health; industry", '["industry", "health"]', "industry、health"])
def test_a_csv_cell_of_measures_may_be_written_in_several_ways(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["file", "article", "text", "measures"], ["a", "1", "文", cell]])
    (counts,) = tally_file(path, MEASURES)
    assert counts.paragraphs == {"industry": 1, "health": 1, "+": 1}


def test_an_article_that_goes_on_after_others_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", row(), row(article=2), row(), row(article=2))
    items = list(tally_file(path, MEASURES))
    assert items[1] == Unread(f"{path}:3", "article 1 of a.txt ended above; sort the rows by file and article")
    assert [item.size for item in items if isinstance(item, Tally)] == [(1, 3), (2, 6)]


def test_a_missing_tag_file_is_unread(tmp_path: Path) -> None:
    (unread,) = tally_file(tmp_path / "none.jsonl", MEASURES)
    assert "No such file" in unread.reason


def test_rows_of_a_table_are_sources_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", row(row=2), row(row=3))
    assert [item.row for item in tally_file(path, MEASURES)] == [2, 3]


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("t.jsonl", '{"file": "a", "article": 1, "text": "文", "measures": []}', True),
        ("t.jsonl", '{"oops\n{"file": "a", "article": 1, "text": "文", "measures": []}', True),
        ("t.jsonl", '{"id": "a", "text": "文"}', False),
        ("t.jsonl", "", False),
        ("t.csv", "file,article,text,measures\na,1,文,\n", True),
        ("t.csv", "title,text\n题,文\n", False),
    ],
)
def test_a_tag_file_is_told_from_a_table_of_texts(tmp_path: Path, name: str, content: str, *, is_one: bool) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    assert is_tag_file(path) is is_one


def test_a_file_that_is_not_there_is_no_tag_file(tmp_path: Path) -> None:
    assert not is_tag_file(tmp_path / "none.csv")
