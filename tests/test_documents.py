"""Word and PDF give every paragraph, cell, text box and note, in order; what holds no text says so."""

import io

import pypdf
import pytest

from tagger.article import Source, Unread
from tagger.documents import pdf, word
from tagger.errors import ReadError
from tests import made
from tests.made import SENTENCE

LIMIT = 1_000_000
BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps">'
    "<w:drawing><w:txbxContent><w:p><w:r><w:t>框中的话。</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框中的话。</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def read(data):
    """Return the one source of a Word file."""
    (source,) = word("a.docx", io.BytesIO(data), LIMIT)
    return source


def lines(source):
    """Return each line with its kind."""
    return [(line, source.hints.get(number)) for number, line in enumerate(source.text.split("\n"), start=1)]


def changed(data, old, new):
    """Return a Word file with a change in its body's XML."""
    return made.rezipped(data, "word/document.xml", lambda part: part.replace(old.encode(), new.encode(), 1))


def test_paragraphs_tables_headers_come_in_order_with_their_kinds():
    data = made.word(
        ("东沟村的茶", "Title"), ("一、产业", "Heading 1"), SENTENCE, ("图为茶园", "Caption"), "第一行\n第二行",
        table=[["年份", "户数"], ["2018", "35"]], header="东沟镇简报",
    )  # fmt: skip
    source = read(data)
    assert source.wrapped is False
    assert lines(source) == [
        ("东沟镇简报", "furniture"),
        ("东沟村的茶", "title"),
        ("一、产业", "heading"),
        (SENTENCE, None),
        ("图为茶园", "caption"),
        ("第一行", None),
        ("第二行", None),
        ("年份\t户数", "furniture"),
        ("2018\t35", "furniture"),
    ]


def test_a_first_heading_is_the_title_where_there_is_none():
    source = read(made.word(("东沟村的茶", "Heading 1"), ("产业", "Heading 2"), SENTENCE))
    assert [kind for _, kind in lines(source)] == ["title", "heading", None]


def test_a_table_of_text_gives_its_rows_and_no_kind():
    source = read(made.word("表", table=[["做法", SENTENCE], ["成效", "户均增收两千元。"]]))
    assert lines(source)[1:] == [(f"做法\t{SENTENCE}", None), ("成效\t户均增收两千元。", None)]


def test_a_table_that_frames_whole_paragraphs_gives_them_as_lines():
    source = read(made.word("表", table=[[f"{SENTENCE}\n第二段。"]]))
    assert source.text == f"表\n{SENTENCE}\n第二段。"
    end = "</w:t></w:r></w:p>"
    beside = changed(
        made.word("表", table=[["做法", "第一段。"]]), f"第一段。{end}", f"第一段。{end}<w:p><w:r><w:t>第二段{end}"
    )
    assert read(beside).text == "表\n做法\n第一段。\n第二段"


def test_text_boxes_content_controls_and_insertions_are_read_once_and_deletions_not():
    data = made.word("甲乙丙", "丁")
    run = "<w:r><w:t>甲乙丙</w:t></w:r>"
    ins = '<w:ins w:id="1" w:author="a"><w:r><w:t>新</w:t></w:r></w:ins>'
    gone = '<w:del w:id="2" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    control = "<w:sdt><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt>"
    assert read(changed(data, run, run + ins + gone + control + BOX)).text == "甲乙丙新控\n框中的话。\n丁"


def test_footnotes_are_read_as_furniture():
    root = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    notes = root + '<w:footnote w:id="2"><w:p><w:r><w:t>数据见年报。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/>'
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/>'
    data = made.added(made.word(SENTENCE), "word/footnotes.xml", notes.encode())
    for part, end, entry in [
        ("word/_rels/document.xml.rels", b"</Relationships>", relation),
        ("[Content_Types].xml", b"</Types>", override),
    ]:
        data = made.rezipped(data, part, lambda xml, end=end, entry=entry: xml.replace(end, entry.encode() + end))
    assert lines(read(data)) == [(SENTENCE, None), ("数据见年报。", "furniture")]


def test_a_word_file_over_the_limit_or_without_text_says_so():
    with pytest.raises(ReadError, match="more than 100 characters for one document"):
        list(word("a.docx", io.BytesIO(made.word(*[SENTENCE] * 4)), 100))
    with pytest.raises(ReadError, match=r"no text in it \(pictures only\?\)"):
        read(made.word("", "  "))


def test_an_entity_in_a_word_file_is_not_expanded():
    tricked = changed(made.word(SENTENCE), "?>", '?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>')
    assert read(changed(tricked, SENTENCE, SENTENCE + "&b;")).text == SENTENCE


def test_a_pdf_gives_its_lines_and_a_blank_line_between_pages():
    data = made.pdf(["东沟村的茶", SENTENCE[:20], SENTENCE[20:]], ["第二页 2020"])
    (source,) = pdf("a.pdf", io.BytesIO(data), LIMIT)
    assert [line for line in source.text.split("\n") if line] == [
        "东沟村的茶",
        SENTENCE[:20],
        SENTENCE[20:],
        "第二页 2020",
    ]
    assert "\n\n第二页" in source.text
    assert source.wrapped is True


def test_a_pdf_of_pictures_asks_for_ocr():
    with pytest.raises(ReadError, match="holds pictures of text only; run OCR first"):
        list(pdf("a.pdf", io.BytesIO(made.pdf(None, None)), LIMIT))


def test_the_pages_of_a_pdf_that_are_pictures_are_named_beside_its_text():
    found = list(pdf("a.pdf", io.BytesIO(made.pdf([SENTENCE], None, [SENTENCE], None, None)), LIMIT))
    assert isinstance(found[0], Source)
    assert found[1:] == [Unread("a.pdf, pages 2, 4-5", "pictures with no text layer; if they hold text, run OCR first")]


def test_a_pdf_whose_font_has_no_map_is_not_taken_for_text():
    with pytest.raises(ReadError, match="its fonts don't say which characters they show"):
        list(pdf("a.pdf", io.BytesIO(made.pdf([SENTENCE] * 9, map_characters=False)), LIMIT))


@pytest.mark.parametrize(("password", "readable"), [("", True), ("geheim", False)])
def test_a_pdf_locked_for_readers_says_so_and_one_locked_for_writers_is_read(password, readable):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made.pdf([SENTENCE])))
    writer.encrypt(password, "other", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    if readable:
        assert SENTENCE in next(pdf("a.pdf", out, LIMIT)).text
    else:
        with pytest.raises(ReadError, match="locked with a password; save it without one"):
            list(pdf("a.pdf", out, LIMIT))


def test_a_damaged_page_is_named_and_the_others_are_read():
    first, second = made.pdf([SENTENCE], [SENTENCE]).rsplit(b"/F1 12 Tf", 1)
    found = list(pdf("a.pdf", io.BytesIO(first + b"/F1 (( Tf" + second), LIMIT))
    assert isinstance(found[0], Source)
    assert found[1:] == [Unread("a.pdf, page 2", "damaged; open it and save it again")]


def test_a_pdf_over_the_limit_says_so():
    with pytest.raises(ReadError, match="more than 30 characters"):
        list(pdf("a.pdf", io.BytesIO(made.pdf([SENTENCE])), 30))
