"""Each row of a table is a source with its number and fields, or an Unread that says what is wrong with it."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import rows
from tagger.article import Source, Unread
from tagger.errors import ReadError
from tagger.tables import csv_rows, json_rows
from tests.made import SENTENCE, TRADITIONAL

ROWS = [(2, "7", "甲", "2020-06-01"), (3, "8", "乙", "")]


def from_json(data, column=None, encoding=None, limit=10_000):
    return list(json_rows("a.jsonl", io.BytesIO(data), column, encoding, limit))


def from_csv(data, column=None, encoding=None):
    return list(csv_rows("a.csv", io.BytesIO(data), column, encoding))


def about(found):
    return [(source.row, source.id, source.title, source.date) for source in found]


def test_a_csv_file_gives_its_rows_numbered_as_a_spreadsheet_does():
    text = f'编号,标题,发布时间,正文\r\n7,甲,2020-06-01,"{SENTENCE}\r\n第二行，""引文"""\r\n8,乙,,{SENTENCE}\r\n'
    found = from_csv(text.encode("gb18030"))
    assert about(found) == ROWS
    assert [source.text for source in found] == [f'{SENTENCE}\n第二行，"引文"', SENTENCE]
    assert {source.encoding for source in found} == {"gb18030"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "big5", "utf-16"])
def test_a_csv_file_of_any_delimiter_and_encoding_is_read(delimiter, encoding):
    text = delimiter.join(["id", "內容"]) + "\n" + delimiter.join(["1", TRADITIONAL]) + "\n"
    assert [source.text for source in from_csv(text.encode(encoding))] == [TRADITIONAL]


CELLS = st.text(st.sampled_from('茶村，",\n; a'), min_size=1).filter(lambda text: text.strip() and "\r" not in text)


@given(st.lists(CELLS, min_size=1))
def test_what_a_csv_writer_wrote_comes_back(texts):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([["text", "id"], *([text, str(number)] for number, text in enumerate(texts))])
    found = from_csv(b"\xef\xbb\xbf" + out.getvalue().encode())
    assert [(source.text, source.id, source.row) for source in found] == [
        (text, str(number), number + 2) for number, text in enumerate(texts)
    ]


def test_a_bad_csv_row_is_unread_and_the_rest_goes_on():
    text = f"id,text\n1,{SENTENCE}\n2,\n3,a,b\n,,\n\n4\n5,{SENTENCE}\n"
    found = from_csv(text.encode())
    assert [item.row for item in found if isinstance(item, Source)] == [2, 8]
    assert [item for item in found if isinstance(item, Unread)] == [
        Unread("a.csv:3", "'text' is empty; fill it in or take the row out"),
        Unread("a.csv:4", "3 cells where the header has 2; put the text in quotation marks"),
        Unread("a.csv:7", "no 'text' in this row; fill it in"),
    ]


def test_a_quotation_mark_never_closed_is_named_where_it_opens():
    found = from_csv(f'id,text\n1,{SENTENCE}\n2,"{SENTENCE}\n3,{SENTENCE}\n'.encode())
    assert [item.row for item in found if isinstance(item, Source)] == [2]
    assert found[-1].path == "a.csv:3"
    assert found[-1].reason.startswith("a quotation mark opened here is never closed")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_that_do_not_fit_cost_their_row_only(encoding):
    row = f"1,{SENTENCE}\n".encode(encoding)
    data = b"id,text\n" + row + b"2,\xff" + row[2:] + row
    found = from_csv(data)
    assert [item.row for item in found if isinstance(item, Source)] == [2, 4]
    assert found[1] == Unread(
        "a.csv:3", f"bytes in it are not {encoding}; mend them, or say --encoding {encoding}:replace"
    )
    assert len([item for item in from_csv(data, encoding=f"{encoding}:replace") if isinstance(item, Source)]) == 3


def test_a_row_too_long_is_unread_whatever_the_format(monkeypatch):
    monkeypatch.setattr(rows, "MAX_ROW", 1000)
    reason = "a row of more than 1,000 characters; split it, or mend its quotation marks"
    good = json.dumps({"text": SENTENCE}) + "\n"
    for size in (990, 5000):
        found = from_json((good + json.dumps({"text": "a" * size}) + "\n" + good).encode())
        assert [type(item) for item in found] == [Source, Unread, Source]
        assert found[1] == Unread("a.jsonl:2", reason)
    found = from_csv(f"text,id\n{'a' * 5000},1\n{SENTENCE},2\n".encode())
    assert found[0] == Unread("a.csv:2", reason)
    assert found[1].row == 3


def test_json_lines_give_their_rows_numbered_by_line():
    data = [
        {"id": 7, "title": "甲", "date": "2020-06-01", "text": SENTENCE},
        {"text": SENTENCE, "id": 8.0, "title": "乙"},
    ]
    text = "\n" + "\n".join(json.dumps(row, ensure_ascii=False) for row in data)
    found = from_json(text.encode("gb18030"))
    assert about(found) == ROWS
    assert {source.text for source in found} == {SENTENCE}


def test_a_bad_json_line_is_unread_and_the_rest_goes_on():
    good = json.dumps({"text": SENTENCE})
    bad = [
        '{"text": broken',
        good,
        '{"text": 5}',
        '{"text": " "}',
        "null",
        '{"id": 3}',
        '{"text":' + "[" * 50_000,
        '{"text": ' + "9" * 5000,
    ]
    found = from_json("\n".join([*bad, good]).encode())
    assert [item.row for item in found if isinstance(item, Source)] == [2, 9]
    assert [(item.path, item.reason) for item in found if isinstance(item, Unread)] == [
        ("a.jsonl:1", "not JSON (Expecting value); a line is one object in { }"),
        ("a.jsonl:3", "'text' is not text but 5; say the right --column, or quote it"),
        ("a.jsonl:4", "'text' is empty; fill it in or take the row out"),
        ("a.jsonl:5", "not an object; a row has its fields in { }"),
        ("a.jsonl:6", "no 'text' in this row; fill it in"),
        ("a.jsonl:7", "not JSON (too deep, or a number too long); a line is one object in { }"),
        ("a.jsonl:8", "not JSON (too deep, or a number too long); a line is one object in { }"),
    ]


def test_half_a_surrogate_pair_in_json_does_not_reach_the_text():
    assert from_json(b'{"text": "\\ud800\\u8336\\r\\n\\u6751"}')[0].text == "\N{REPLACEMENT CHARACTER}茶\n村"


def test_a_json_list_and_a_single_object_will_do():
    data = [{"正文": SENTENCE, "编号": "x"}, 5]
    found = from_json(json.dumps(data).encode())
    assert about(found[:1]) == [(1, "x", "", "")]
    assert found[1] == Unread("a.jsonl:2", "not an object; a row has its fields in { }")
    assert from_json(json.dumps(data[0], indent=1).encode())[0].text == SENTENCE
    with pytest.raises(ReadError, match="line 2: not JSON"):
        from_json(b'[{"text": "a"},\n')
    with pytest.raises(ReadError, match="a JSON list of more than 10 characters"):
        from_json(json.dumps(data).encode(), limit=10)


def test_a_column_that_is_not_there_is_an_error_with_those_there_are():
    with pytest.raises(ReadError, match=r"a\.csv: no column 'x'; there are: 甲, 乙"):
        from_csv("甲,乙\n1,2\n".encode(), "x")
    with pytest.raises(ReadError, match="there are: a"):
        from_json(b'{"a": 1}')


@pytest.mark.parametrize("name", ["utf-9", "utf-8:nothing"])
def test_an_encoding_that_is_none_is_an_error(name):
    with pytest.raises(ReadError, match="no encoding has the name"):
        from_csv(b"text\na\n", encoding=name)


def test_tables_are_streamed_and_a_row_is_there_before_the_next_is_read():
    class Endless(io.RawIOBase):
        def __init__(self):
            self.at = 0

        def readable(self):
            return True

        def seekable(self):
            return True

        def seek(self, at, _whence=0):
            self.at = at
            return at

        def readinto(self, room):
            line = b"text\n" if self.at == 0 else b"tea\n" * (len(room) // 4)
            room[: len(line)] = line
            self.at += len(line)
            return len(line)

    rows = csv_rows("a.csv", io.BufferedReader(Endless()), None, None)
    assert [next(rows).row for _ in range(1000)] == list(range(2, 1002))
