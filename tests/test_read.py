"""Every input is articles or an Unread, whatever is in it; nothing is raised, nothing lost."""

import io
import itertools
import json
import os
import subprocess
import sys
import unicodedata
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.article import Article, Source, Unread
from tagger.read import ReadOptions, read, sources
from tests import made
from tests.made import SENTENCE, TRADITIONAL

BODY = SENTENCE * 3
GOOD = {
    "a.txt": f"东沟村的茶\n\n{BODY}\n".encode(),
    "a.md": f"# 东沟村的茶\n\n{BODY}\n".encode(),
    "a.html": f"<html><body><h1>东沟村的茶</h1><p>{BODY}</p></body></html>".encode(),
    "a.docx": made.word(("东沟村的茶", "Title"), BODY),
    "a.pdf": made.pdf(["东沟村的茶", *(BODY[at : at + 30] for at in range(0, len(BODY), 30))]),
    "a.jsonl": json.dumps({"text": BODY, "title": "东沟村的茶"}).encode(),
    "a.csv": f"title,text\n东沟村的茶,{BODY}\n".encode("gb18030"),
    "a.xlsx": made.excel([["title", "text"], ["东沟村的茶", BODY]]),
    "a.parquet": made.parquet(title=["东沟村的茶"], text=[BODY]),
}


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Write a file in a folder to stand in, and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(name, data):
        Path(name).write_bytes(data)
        return name

    return write


def bodies(items):
    return [
        "".join(block.text for block in item.blocks if block.kind == "body")
        for item in items
        if isinstance(item, Article)
    ]


@pytest.mark.parametrize("name", GOOD)
def test_every_format_gives_the_same_article(put, name):
    (article,) = read([put(name, GOOD[name])])
    assert (article.file, article.number, article.title) == (name, 1, "东沟村的茶")
    assert [block.text for block in article.paragraphs] == [BODY]


@pytest.mark.parametrize("name", GOOD)
def test_a_wrong_ending_is_seen_through(put, name):
    if name not in ("a.md", "a.csv"):  # these two are told by their ending alone
        (article,) = read([put("wrong.txt", GOOD[name])])
        assert bodies([article]) == [BODY]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_a_file_cut_short_is_read_or_named_and_never_raises(put, name, part):
    data = GOOD[name][: int(len(GOOD[name]) * part)]
    found = list(sources(put(name, data)))
    assert found
    if name.endswith(("docx", "xlsx", "parquet", "pdf")):
        assert [type(item) for item in found] == [Unread]
        assert found[0].path == name
        assert ";" in found[0].reason
        assert "\n" not in found[0].reason


@settings(max_examples=400)
@given(name=st.sampled_from(sorted(GOOD)), at=st.integers(0, 10**6), junk=st.binary(min_size=1, max_size=40))
def test_a_file_with_bytes_overwritten_never_raises_and_is_never_silent(tmp_path_factory, name, at, junk):
    data = GOOD[name]
    at %= len(data)
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data[:at] + junk + data[at + len(junk) :])
    found = list(sources(path))
    assert found
    for item in found:
        if isinstance(item, Unread):
            assert item.path.startswith(str(path))
            assert len(item.reason.encode().splitlines()) == 1
            assert not any(unicodedata.category(character) == "Cc" for character in item.reason)
        else:
            item.text.encode()


def test_rows_keep_their_fields_and_articles_are_numbered_over_the_whole_file(put):
    rows = [{"id": "x", "title": "甲", "date": "2020-06-01", "text": BODY}, {"text": ""}, {"id": "y", "text": BODY}]
    found = list(read([put("a.jsonl", "\n".join(map(json.dumps, rows)).encode())]))
    assert [(a.number, a.row, a.id, a.title, a.date) for a in found if isinstance(a, Article)] == [
        (1, 1, "x", "甲", "2020-06-01"),
        (2, 3, "y", "", ""),
    ]
    assert found[1] == Unread("a.jsonl:2", "'text' is empty; fill it in or take the row out")


def test_the_good_files_of_a_run_are_read_around_the_bad_ones(put):
    put("1.txt", GOOD["a.txt"])
    put("2.docx", GOOD["a.docx"][:500])
    put("3.pdf", GOOD["a.pdf"])
    found = list(read(["1.txt", "2.docx", "nowhere", "3.pdf"]))
    assert [item.file if isinstance(item, Article) else f"! {item.path}" for item in found] == [
        "1.txt",
        "! 2.docx",
        "! nowhere",
        "3.pdf",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_text_is_the_same_in_every_encoding(put, encoding):
    (article,) = read([put("a.txt", GOOD["a.txt"].decode().encode(encoding))])
    assert bodies([article]) == [BODY]


def test_options_reach_every_reader(put):
    put("a.csv", f"甲,乙\n1,{SENTENCE}\n".encode())
    put("b.txt", TRADITIONAL.encode("big5"))
    assert next(sources("a.csv", ReadOptions(column="乙"))).text == SENTENCE
    assert next(sources("b.txt", ReadOptions(encoding="big5"))).encoding == "big5"
    assert "not utf-8" in next(sources("b.txt", ReadOptions(encoding="utf-8"))).reason
    for name, data in GOOD.items():
        if name[2:] in ("txt", "md", "html", "docx", "pdf"):
            (found,) = sources(put(name, data), ReadOptions(max_bytes=50))
            assert found.reason.startswith(("more than 50 bytes for one document", "more than 50 characters"))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty; nothing to read"),
        ("a.txt", " 　\n".encode(), "nothing in it but white space; nothing to read"),
        ("a.csv", b"id,text\n", "no rows of text in it; nothing to read"),
        ("a.jsonl", b"[]", "no rows of text in it; nothing to read"),
        (
            "a.txt",
            b"\x89PNG\r\n\x1a\n\xff\0",
            "a PNG picture, not text; unpack or convert it to text, Word, PDF or HTML",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file; save it as .docx"),
        (
            "a.pdf",
            b"%PDF-1.4\n%%EOF",
            "damaged, or not what it looks like (startxref not found); open it and save it again",
        ),
    ],
)
def test_what_holds_nothing_to_read_says_so(put, name, data, reason):
    assert list(sources(put(name, data))) == [Unread(name, reason)]


def test_a_hundred_megabytes_on_one_line_are_refused_with_advice(put):
    with Path(put("a.txt", b"")).open("wb") as file:
        file.truncate(100_000_000)
        file.write("茶".encode() * 3000)
    (found,) = sources("a.txt")
    assert found.reason == "more than 50,000,000 bytes for one document; split it, or make it a table of texts (.jsonl)"


def test_pages_of_a_pdf_in_a_circle_end(put):
    catalog = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    loop = b"2 0 obj\n<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R] >>\nendobj\n"
    data = b"%PDF-1.4\n" + catalog + loop + b"trailer << /Root 1 0 R >>\n%%EOF"
    (found,) = sources(put("a.pdf", data))
    assert isinstance(found, Unread)


def test_word_tables_nested_without_end_are_refused(put):
    def nested(part):
        inside = b"<w:tbl><w:tr><w:tc>" * 9000, b"</w:tc></w:tr></w:tbl>" * 9000
        return part.replace(b"<w:body>", b"<w:body>" + inside[0]).replace(b"</w:body>", inside[1] + b"</w:body>")

    (found,) = sources(put("a.docx", made.rezipped(GOOD["a.docx"], "word/document.xml", nested)))
    assert isinstance(found, Unread)


def test_entities_of_a_word_file_that_multiply_are_refused_or_ignored(put):
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(names))
    start = f'?><!DOCTYPE x [<!ENTITY a "茶">{entities}]>'.encode()

    def tricked(part):
        return part.replace(b"?>", start, 1).replace(SENTENCE.encode(), b"&j;" + SENTENCE.encode(), 1)

    (found,) = sources(put("a.docx", made.rezipped(GOOD["a.docx"], "word/document.xml", tricked)))
    assert isinstance(found, Unread) or len(found.text) < 1000


def test_a_folder_among_files_and_a_device_are_no_files(put):
    put("x.txt", b"x")
    assert list(sources("/dev/null")) == [Unread("/dev/null", "not a file; name a file, a folder or -")]
    assert list(sources("x.txt/y")) == [
        Unread("x.txt/y", "can't be read (Not a directory); check the name, and your leave to read it")
    ]
    assert list(sources("nowhere")) == [Unread("nowhere", "no such file, or a link that leads nowhere; check the name")]


def test_a_file_that_may_not_be_read_is_unread(put, monkeypatch):
    name = put("a.txt", b"x")

    def closed(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)  # a mode of 0 would not stop root
    reason = "can't be read (Permission denied); check the name, and your leave to read it"
    assert list(sources(name)) == [Unread("a.txt", reason)]


@pytest.mark.parametrize("name", GOOD)
def test_standard_input_is_read_by_its_content(monkeypatch, name):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD[name])))
    found = list(read(["-"]))
    if name == "a.csv":  # nothing but its ending tells it
        found = found[:1]
    assert [item.file for item in found] == ["-"]


def test_an_empty_standard_input_is_named_in_words(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert list(sources("-")) == [Unread("standard input", "empty; nothing to read")]


def test_a_pipe_is_read(put):
    put("a.txt", b"")
    os.mkfifo("pipe")
    with subprocess.Popen([sys.executable, "-c", f"open('pipe', 'w', encoding='utf-8').write({BODY!r})"]):
        assert [source.text for source in sources("pipe")] == [BODY]


def test_no_warning_of_a_library_comes_through_and_the_callers_filters_hold(put, recwarn):
    shown = []
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("error", UserWarning)
        for _ in sources(put("a.xlsx", GOOD["a.xlsx"])):
            with pytest.raises(UserWarning, match="mine"):
                warnings.warn("mine", UserWarning, stacklevel=1)
            shown.append(1)
    assert shown == [1]
    assert not recwarn.list


def test_nothing_reaches_the_terminal(put, tmp_path):
    for name, data in GOOD.items():
        put(name, data)
        put(f"cut-{name}", data[: len(data) // 2])
        put(f"bad-{name}", data[:200] + b"\xff\xfe" * 60 + data[320:])
    script = "from tagger.read import read; import sys; print(sum(1 for _ in read(sys.argv[1:])))"
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert int(done.stdout) >= 3 * len(GOOD)


def test_no_library_is_imported_before_a_file_needs_it():
    script = "import sys, tagger.read; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    libraries = ["docx", "lxml", "openpyxl", "pyarrow", "pypdf", "trafilatura"]
    done = subprocess.run([sys.executable, "-c", script, *libraries], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_library_that_is_not_there_is_named_with_the_line_that_installs_it(put, monkeypatch):
    libraries = {
        "docx": ("word", "a.docx"),
        "pypdf": ("pdf", "a.pdf"),
        "trafilatura": ("html", "a.html"),
        "openpyxl": ("excel", "a.xlsx"),
        "pyarrow.parquet": ("parquet", "a.parquet"),
    }
    for module, (extra, name) in libraries.items():
        monkeypatch.setitem(sys.modules, module, None)
        (found,) = sources(put(name, GOOD[name]))
        assert found == Unread(name, f"this needs an extra: pip install 'measure-tagger[{extra}]'")


def test_sources_keep_what_their_readers_found(put):
    (source,) = sources(put("a.html", GOOD["a.html"]))
    assert source == Source("a.html", f"东沟村的茶\n{BODY}", title="东沟村的茶", hints={1: "title"}, wrapped=False)
