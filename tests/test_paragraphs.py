"""Paragraphs that come already cut: each line is a paragraph or is named."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import paragraphs as module
from tagger.article import Unread
from tagger.errors import ReadError
from tagger.paragraphs import Given
from tagger.paragraphs import given as read

PAIRS = st.tuples(st.text() | st.integers(), st.text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("given")


def lines(folder: Path, data: bytes) -> list[Given | Unread]:
    path = folder / "in.jsonl"
    path.write_bytes(data)
    return list(read(str(path)))


@given(pairs=st.lists(PAIRS), escaped=st.booleans())
def test_ids_and_texts_come_as_they_are(folder: Path, pairs: list[tuple[str | int, str]], *, escaped: bool) -> None:
    rows = [json.dumps({"id": key, "text": text}, ensure_ascii=escaped) for key, text in pairs]
    assert lines(folder, "".join(row + "\r\n" for row in rows).encode()) == [Given(*pair) for pair in pairs]


@given(data=st.binary().filter(lambda data: b"\n" not in data and data.strip()))
def test_whatever_a_line_holds_it_is_a_paragraph_or_is_named(folder: Path, data: bytes) -> None:
    (found,) = lines(folder, data)
    assert isinstance(found, Unread)
    assert found.path.endswith("in.jsonl:1")


def test_a_byte_order_mark_and_a_last_line_without_an_end_do_no_harm(folder: Path) -> None:
    assert lines(folder, '\ufeff{"id": 1, "text": "水"}\n{"id": 2, "text": "路"}'.encode()) == [
        Given(1, "水"),
        Given(2, "路"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": 1, "text": "水"'.encode(), "not a JSON object"),
        (b"[" * 100_000, "not a JSON object"),
        (b"9" * 5_000, "not a JSON object"),
        (b'["a"]', "no 'text' that is a string"),
        (b'{"id": 1, "text": null}', "no 'text' that is a string"),
        (b'{"id": 1, "text": ["a"]}', "no 'text' that is a string"),
        (b'{"text": "a"}', "no 'id' that is a string or a number"),
        (b'{"id": 1.5, "text": "a"}', "no 'id' that is a string or a number"),
        (b'{"id": false, "text": "a"}', "no 'id' that is a string or a number"),
        ('{"id": 1, "text": "村路"}'.encode("gb18030"), "not UTF-8; save the file as UTF-8"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_wrong_is_told_and_the_next_line_is_read(folder: Path, line: bytes, says: str) -> None:
    bad, good = lines(folder, b"\n" + line + b'\n{"id": "x", "text": "y"}\n')
    assert isinstance(bad, Unread)
    assert bad.path.endswith("in.jsonl:2")
    assert bad.reason.startswith(says)
    assert good == Given("x", "y")


@pytest.mark.parametrize("longer", [0, 1, 2, 31, 32, 33])
def test_a_line_too_long_is_named_whole_and_the_count_goes_on(folder: Path, longer: int, monkeypatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 32)
    long = b'{"id": 1, "text": "' + b"a" * (11 + longer) + b'"}\n'
    assert len(long) == 33 + longer
    bad, good, worse = lines(folder, long + b'{"id": 2, "text": "b"}\n' + b"c" * 80)
    assert [item.path.rsplit(":", 1)[1] for item in (bad, worse)] == ["1", "3"]
    assert bad.reason == worse.reason == "longer than 32 bytes; cut it into paragraphs"
    assert good == Given(2, "b")


def test_a_line_of_just_the_length_is_read(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 32)
    assert lines(folder, b'{"id": 1, "text": "aaaaaaaaaa"}\n') == [Given(1, "a" * 10)]


def test_a_dash_is_standard_input(monkeypatch) -> None:
    data = io.BytesIO('{"id": 1, "text": "水"}\nx\n'.encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data))
    good, bad = read("-")
    assert good == Given(1, "水")
    assert bad.path == "standard input:2"


def test_a_folder_or_a_missing_file_is_refused(folder: Path) -> None:
    with pytest.raises(ReadError, match="can't be opened"):
        list(read(str(folder)))
    with pytest.raises(ReadError, match="no such file"):
        list(read(str(folder / "none.jsonl")))
