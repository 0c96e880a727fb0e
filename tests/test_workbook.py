"""The workbook: a sheet for each question, numbers as numbers, and nothing that Excel would run."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import workbook
from tagger.article import TaggedArticle, Unread
from tagger.cells import FORMULA
from tagger.errors import UsageError
from tagger.ledger import LedgerRow
from tagger.phrases import Lang
from tagger.tally import tally
from tagger.workbook import write_workbook
from tests.articles import MEASURES, NAMES, plain, tag, tagged

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "=cmd|' /C calc'!A0", "#REF!"]


def figure(article: TaggedArticle, **changes: object) -> LedgerRow:
    place = {"file": article.article.file, "article": 1, "lines": (3, 4), "start": 5, "end": 8, "quote": "八万元"}
    said = {"unit": "元", "counted": "分红", "act": "发放", "sentence": "合作社分红八万元。"}
    row = LedgerRow(**place, **said, measure="industry", value=80_000.5, high=None, approximate=True, year=2020)  # type: ignore[arg-type]
    return replace(row, **changes)  # type: ignore[arg-type]


def sample() -> TaggedArticle:
    text = "合作社分红八万元。"
    parts = [("title", "坡上新事", ()), ("body", text, [tag(text, "industry", 0.914)]), ("body", "天气晴好。", ())]
    return tagged(parts, date="2020-05-01", place="青禾县")  # type: ignore[arg-type]


def written(
    folder: Path, items: Iterable[TaggedArticle | Unread], lang: Lang = "zh", **more: Any
) -> dict[str, list[list[Any]]]:
    path = folder / "book.xlsx"
    write_workbook(path, items, NAMES, lang, **more)
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in openpyxl.load_workbook(path)}


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("zh", ["措施覆盖情况", "文章", "段落", "数字台账", "未能读入"]),
        ("en", ["Coverage of measures", "Articles", "Paragraphs", "Ledger of figures", "Could not be read"]),
    ],
)
def test_each_question_has_its_sheet_in_the_readers_language(tmp_path: Path, lang: Lang, titles: list[str]) -> None:
    assert list(written(tmp_path, [sample(), Unread("b.doc", "old")], lang)) == titles
    assert list(written(tmp_path, [sample()], lang)) == titles[:-1]


def test_the_sheets_hold_what_the_articles_do(tmp_path: Path) -> None:
    sheets = written(tmp_path, [sample(), Unread("b.doc", "old")], ledger=lambda article: [figure(article)])
    values = {title: [[cell.value for cell in row] for row in rows] for title, rows in sheets.items()}
    assert values["文章"][1] == ["report.txt", 1, "坡上新事", "2020-05-01", "青禾县", 2, 14, 1, 0, 0, 1]
    assert values["段落"][1][:6] == ["report.txt", 1, 1, "3", "合作社分红八万元。", "产业帮扶"]
    assert values["段落"][1][6:] == [0.914, 0.1, 0.1]
    assert values["段落"][2][5] is None
    row = dict(zip(values["数字台账"][0], values["数字台账"][1], strict=True))
    assert (row["数量"], row["≈"], row["单位"], row["年份"], row["原文行号"]) == (80_000.5, "≈", "元", 2020, "3–4")
    assert values["未能读入"][1] == ["b.doc", "old"]
    coverage = values["措施覆盖情况"][1]
    assert coverage[2:6] == ["产业帮扶", 1, 1, 1]
    assert coverage[8:11] == [1, 2, 0.5]
    assert len(values["措施覆盖情况"]) == 1 + len(MEASURES) + 2


def test_shares_are_numbers_shown_as_per_cent(tmp_path: Path) -> None:
    rows = written(tmp_path, [sample(), plain([["health"], []])])["措施覆盖情况"]
    shares = {head.value: cell for head, cell in zip(rows[0], rows[1], strict=True)}
    for head in ("占文章", "占段落", "占段落 95%区间 ≥", "占字数"):
        assert shares[head].number_format == "0.0%"
        assert isinstance(shares[head].value, int | float)


def test_groups_over_time_and_by_place_follow_the_whole(tmp_path: Path) -> None:
    items = [plain([["health"], []], date=f"2020-0{n}-01", place=place) for n, place in enumerate("甲乙甲", start=1)]
    rows = [[cell.value for cell in row] for row in written(tmp_path, items)["措施覆盖情况"]]
    assert {row[1] for row in rows if row[0] == "按月份"} == {"2020-01", "2020-02", "2020-03"}
    health = next(row for row in rows if row[:3] == ["按地点", "甲", "健康帮扶"])
    assert health[3:6] == [2, 2, 1]
    assert health[8:11] == [2, 4, 0.5]
    assert health[13:] == [None] * 5


def test_the_head_stays_in_sight_and_every_column_filters(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [sample()], NAMES, "zh")
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx"):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.column_dimensions["A"].width > 10


def test_nothing_that_a_text_holds_is_a_formula(tmp_path: Path) -> None:
    for text in HOSTILE:
        about = dict.fromkeys(("file", "title", "date", "place"), text)
        article = tagged([("body", text, [tag(text, "industry")])], **about)  # type: ignore[arg-type]
        said = dict.fromkeys(("unit", "counted", "act", "quote", "sentence", "per", "doubt", "measure"), text)
        sheets = written(tmp_path, [article, Unread(text, text)], ledger=lambda one, said=said: [figure(one, **said)])
        cells = [cell for rows in sheets.values() for row in rows[1:] for cell in row if isinstance(cell.value, str)]
        assert not [cell.value for cell in cells if cell.data_type == "f" or cell.value[:1] in FORMULA]
        assert sum(text.strip("'\t") in cell.value for cell in cells) >= 15


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_can_be_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    sheets = written(tmp_path_factory.mktemp("book"), [tagged([("body", text, ())])])
    assert len(sheets["段落"]) == 2
    assert not any(cell.data_type == "f" for row in sheets["段落"] for cell in row)


def test_a_sheet_that_overflows_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "EXCEL_ROWS", 4)
    with pytest.raises(UsageError, match="段落: an Excel sheet holds 4 rows at most"):
        write_workbook(tmp_path / "a.xlsx", [sample(), sample()], NAMES, "zh")
    assert list(tmp_path.iterdir()) == []


def test_a_reading_that_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    def broken() -> Iterable[TaggedArticle]:
        yield sample()
        raise UsageError("x", "broken")

    (tmp_path / "a.xlsx").write_text("before")
    with pytest.raises(UsageError, match="broken"):
        write_workbook(tmp_path / "a.xlsx", broken(), NAMES, "zh")
    assert (tmp_path / "a.xlsx").read_text() == "before"


def test_articles_pass_one_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []

    def coming() -> Iterable[TaggedArticle]:
        for _ in range(2):
            order.append("read")
            yield sample()

    def ledger(_: TaggedArticle) -> list[LedgerRow]:
        order.append("written")
        return []

    coverage = write_workbook(tmp_path / "a.xlsx", coming(), NAMES, "zh", ledger)
    assert order == ["read", "written"] * 2
    assert coverage.whole.articles == 2


def test_articles_that_come_as_counts_are_counted(tmp_path: Path) -> None:
    sheets = written(tmp_path, [tally(sample()), sample()])
    first, second = ([cell.value for cell in row] for row in sheets["文章"][1:])
    assert first == [*second[:2], None, *second[3:]]  # counts know no title that only a block states
    assert len(sheets["段落"]) == 3
    assert sheets["措施覆盖情况"][1][4].value == 2


def test_no_article_at_all_is_a_workbook_too(tmp_path: Path) -> None:
    assert [len(rows) for rows in written(tmp_path, []).values()] == [1 + len(MEASURES) + 2, 1, 1, 1]


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"pip install 'measure-tagger\[excel\]'"):
        write_workbook(tmp_path / "a.xlsx", [], NAMES, "zh")
