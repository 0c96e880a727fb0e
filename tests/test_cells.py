import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.cells import EXCEL_CELL, FORMULA, bare_cell, columns, csv_text, excel_cell, one_line, printable, safe_cell

RISKY = st.text(alphabet="'=+-@\t\n a一", max_size=8)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5%", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x"])
def test_a_cell_that_starts_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "产业帮扶", "3-5月", "'", "''", "’=1"])
def test_an_ordinary_cell_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(RISKY | st.text())
def test_no_safe_cell_starts_like_a_formula_and_the_text_comes_back(text: str) -> None:
    assert safe_cell(text)[:1] not in FORMULA
    assert bare_cell(safe_cell(text)) == text


def test_two_texts_never_get_the_same_cell() -> None:
    assert safe_cell("=1") != safe_cell("'=1")
    assert bare_cell(safe_cell("'=1")) == "'=1"


@given(st.text(alphabet=st.characters()))
def test_printable_text_is_as_long_and_holds_no_control_character(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert not {char for char in shown if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}


def test_marks_that_turn_text_around_are_shown_instead() -> None:
    assert printable("甲\u202e乙\u2066丙\x1b[31m") == "甲\ufffd乙\ufffd丙\ufffd[31m"


def test_half_a_surrogate_pair_can_be_written_after_printable() -> None:
    assert printable("一\ud83d二").encode() == "一\ufffd二".encode()


def test_one_line_has_single_spaces() -> None:
    assert one_line(" 一\n\n二\t三 ") == "一 二 三"


def test_wide_characters_take_two_columns() -> None:
    assert columns("abc产业，") == 9


@given(st.lists(st.tuples(st.text(alphabet="=a,\"'\n一", min_size=1), st.integers()), min_size=1))
def test_csv_text_reads_back(rows: list[tuple[str, int]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["text", "n"], rows))))
    assert read[0] == ["text", "n"]
    assert [(bare_cell(text), int(n)) for text, n in read[1:]] == rows


@given(st.text("村ax𠮷", max_size=30))
def test_a_cell_of_excel_keeps_all_that_it_holds_and_no_half_character(text: str) -> None:
    assert excel_cell(text) == text
    kept = excel_cell(text + "𠮷" * EXCEL_CELL)
    assert len(kept.encode("utf-16-le")) // 2 in (EXCEL_CELL, EXCEL_CELL - 1)
    assert (text + "𠮷" * EXCEL_CELL).startswith(kept)
