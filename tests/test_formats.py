"""A file is what its content shows; the ending counts where the content doesn't tell."""

import io
import zipfile

import pytest

from tagger import formats
from tagger.errors import ReadError
from tagger.formats import kind
from tests import made
from tests.made import SENTENCE

TEXT = SENTENCE.encode()
WORD = made.word(SENTENCE)
EXCEL = made.excel([["text"], [SENTENCE]])


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "ending", "found"),
    [
        (TEXT, ".txt", "text"), (TEXT, "", "text"), (TEXT, ".md", "markdown"), (TEXT, ".html", "text"),
        (TEXT, ".docx", "text"), (TEXT, ".pdf", "text"), (TEXT, ".parquet", "text"), (TEXT, ".csv", "csv"),
        (TEXT, ".xlsx", "csv"), (TEXT, ".tsv", "csv"), (TEXT, ".jsonl", "json"),
        (b'{"text": "a"}\n', ".txt", "json"), (b'{"text": broken}\n', ".txt", "text"), (b"{}", ".csv", "json"),
        (b"<!DOCTYPE html>\n<p>", ".txt", "page"), (b"  <HTML>", "", "page"), (b"\xef\xbb\xbf<html>", ".md", "page"),
        ("<html>茶".encode("utf-16"), ".txt", "page"), ("<html>茶".encode("utf-16-le"), ".txt", "page"),
        (b'<?xml version="1.0"?>\n<!-- saved -->\n<html>', ".xml", "page"), (b"<p>" + TEXT, ".doc", "page"),
        (TEXT + b"<br>", ".htm", "page"), (b"From: <Saved>\nContent-Type: multipart/related; x", ".mht", "archive"),
        (WORD, ".txt", "word"), (WORD, ".pdf", "word"), (EXCEL, ".csv", "excel"),
        (made.pdf([SENTENCE]), ".txt", "pdf"), (b"\n\n" + made.pdf([SENTENCE]), ".pdf", "pdf"),
        (made.parquet(text=["a"]), ".csv", "parquet"),
    ],
)  # fmt: skip
def test_content_tells_the_format_and_then_the_ending(data, ending, found):
    file = io.BytesIO(data)
    assert kind("a", file, ending) == found
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("data", "ending", "reason"),
    [
        (b"", ".docx", "empty; nothing to read"),
        (b"\xef\xbb\xbf", ".txt", "empty"),
        (b" \r\n\t", ".html", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc", "an old Office file; save it as .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls", "an old Office file; save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ".docx", "locked with a password"),
        (b"{\\rtf1 x}", ".doc", "an RTF file; save it as .docx"),
        (WORD[: len(WORD) // 2], ".docx", "damaged or cut short"),
        (EXCEL[:-30], ".xlsx", "damaged or cut short"),
        (zipped(a_txt="x"), ".zip", "a zip archive; unpack it"),
        (zipped(OFD_xml="x"), ".ofd", "a file of the kind .ofd; save it as .pdf or .docx"),
        (zipped(content_xml="x"), ".odt", "a file of the kind .odt; save it as .docx"),
        (zipped(ppt__presentation_xml="x"), ".pptx", "a file of the kind .pptx; save its text"),
        (zipped(xl__workbook_bin="x"), ".xlsb", "a file of the kind .xlsb; save it as .xlsx"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name_with_what_to_do(data, ending, reason):
    with pytest.raises(ReadError) as caught:
        kind("a", io.BytesIO(data), ending)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize("limit", ["MAX_PART", "MAX_ALL"])
def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(monkeypatch, limit):
    monkeypatch.setattr(formats, limit, 100_000)
    bomb = zipped(word__document_xml=b"a" * 60_000, word__more_xml=b"a" * 60_000)
    if limit == "MAX_PART":
        bomb = zipped(word__document_xml=b"a" * 120_000)
    with pytest.raises(ReadError, match="unpacks to more than"):
        kind("a", io.BytesIO(bomb), ".docx")
