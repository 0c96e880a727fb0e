"""Each row of an Excel or Parquet file is a source, or an Unread that says what is wrong with it."""

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pytest

from tagger.article import Unread
from tagger.errors import ReadError
from tagger.sheets import excel_rows, parquet_rows
from tests import made
from tests.made import SENTENCE


def from_excel(*sheets, column=None):
    return list(excel_rows("a.xlsx", io.BytesIO(made.excel(*sheets)), column))


def from_parquet(column=None, **values):
    return list(parquet_rows("a.parquet", io.BytesIO(made.parquet(**values)), column))


def about(found):
    return [(source.row, source.id, source.title, source.date) for source in found]


def test_a_sheet_gives_its_rows_below_its_header_wherever_that_stands():
    head = ["序号", " 标题 ", "日期", "正文"]
    rows = [
        [7, "甲", dt.datetime(2020, 6, 1), SENTENCE],
        [None] * 4,
        ["8", "乙", None, SENTENCE],
        [9, "丙", None, 3.5],
        [10],
    ]
    found = from_excel([["某镇简报汇总"], [], head, *rows])
    assert about(found[:2]) == [(4, "7", "甲", "2020-06-01"), (6, "8", "乙", "")]
    assert found[2:] == [
        Unread("a.xlsx:7", "'正文' is not text but 3.5; say the right --column, or quote it"),
        Unread("a.xlsx:8", "'正文' is empty; fill it in or take the row out"),
    ]


def test_the_first_sheet_with_a_column_of_text_is_the_one_read():
    sheets = [["说明"], ["本表由各村填写"]], [["id", "text"], [1, SENTENCE]]
    assert [source.row for source in from_excel(*sheets)] == [2]
    assert from_excel(*sheets, column="说明")[0].text == "本表由各村填写"


def test_a_parquet_file_gives_its_rows():
    text = [SENTENCE, None, SENTENCE]
    found = from_parquet(text=text, id=[7, 8, 9], date=[dt.date(2020, 6, 1)] * 3, cost=[Decimal(1)] * 3)
    assert about([found[0], found[2]]) == [(1, "7", "", "2020-06-01"), (3, "9", "", "2020-06-01")]
    assert found[1] == Unread("a.parquet:2", "'text' is empty; fill it in or take the row out")
    assert len(from_parquet(text=pa.array([SENTENCE] * 200).dictionary_encode())) == 200


def test_a_parquet_column_that_is_no_text_is_an_error_for_the_whole():
    with pytest.raises(ReadError, match="column 'text' holds int64, not text; say --column NAME"):
        from_parquet(text=[1, 2])


def test_a_parquet_value_that_is_not_utf8_costs_its_row_only():
    offsets, data = pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfeab")
    found = from_parquet(text=pa.StringArray.from_buffers(2, offsets, data))
    assert found[0] == Unread("a.parquet:1", "a value that can't be read; write the table again")
    assert found[1].text == "ab"


def test_a_column_that_is_not_there_is_an_error_with_those_there_are():
    with pytest.raises(ReadError, match=r"a\.xlsx: which column holds the text\? say --column NAME; there are: 甲, 乙"):
        from_excel([["甲", "乙"], [1, 2]])
    with pytest.raises(ReadError, match="no column 'x'; there are: a"):
        from_parquet("x", a=[1])
