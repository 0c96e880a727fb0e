"""Whatever table a text was written by, it comes back as it was, or its reader hears where it doesn't fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.decode import decode, guess, likeness, tidied
from tagger.errors import ReadError
from tests.made import SENTENCE, TRADITIONAL

CLAUSES = [
    "村里的老人",
    "合作社年底分红",
    "孩子们在镇上读书",
    "家庭医生上门看病",
    "新房子已经建好",
    "到工厂上班",
    "三百亩茶叶",
    "每户增收两千元",
    "驻村工作队",
    "危房全部改造",
    "党支部书记带头",
    "水电路都通了",
    "销往外地",
    "培训了四十人",
    "银行发放贷款",
]
CLAUSES_TRADITIONAL = [
    "村裡的老人",
    "合作社年底分紅",
    "孩子們在鎮上讀書",
    "家庭醫生上門看病",
    "新房子已經建好",
    "到工廠上班",
    "三百畝茶葉",
    "每戶增收兩千元",
    "駐村工作隊",
    "危房全部改造",
    "黨支部書記帶頭",
    "水電路都通了",
    "銷往外地",
    "培訓了四十人",
    "銀行發放貸款",
]


def texts(clauses: list[str]) -> st.SearchStrategy[str]:
    """Return texts of clauses, parted as print parts them, of eight characters and more."""
    marks = st.sampled_from(["，", "。", "、", "\n", "；", "：", "2018年，", " A4 "])
    pairs = st.tuples(st.sampled_from(clauses), marks).map("".join)
    return st.lists(pairs, min_size=1, max_size=30).map("".join).filter(lambda text: len(text) > 7)


@given(text=texts(CLAUSES), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-be"]))
def test_simplified_text_comes_back_from_every_encoding(text, encoding):
    assert decode("a.txt", text.encode(encoding))[0] == text


@given(
    text=texts(CLAUSES_TRADITIONAL),
    encoding=st.sampled_from(["utf-8", "big5", "big5hkscs", "cp950", "gb18030", "utf-16", "utf-16-le", "utf-32"]),
)
def test_traditional_text_comes_back_from_every_encoding(text, encoding):
    assert decode("a.txt", text.encode(encoding))[0] == text


@given(st.text())
def test_any_text_in_utf8_comes_back_but_for_what_is_not_seen(text):
    data = text.encode("utf-8", "replace")
    assert decode("a.txt", b"\xef\xbb\xbf" + data) == (tidied(data.decode()), "utf-8-sig")


@given(st.text(st.characters(codec=None)))
def test_tidied_text_is_tidy_and_splits_at_line_feeds_alone(text):
    tidy = tidied(text)
    assert tidied(tidy) == tidy
    assert len(tidy.splitlines()) in (len(tidy.split("\n")), len(tidy.split("\n")) - 1)
    tidy.encode()


def test_every_line_break_becomes_a_line_feed():
    assert tidied("一\r\n二\r三\u2028四\u2029五\x85六\f七\n\n八") == "一\n二\n三\n四\n五\n六\n七\n\n八"


def test_what_shows_nothing_goes_and_what_shows_stays():
    assert tidied("茶\u200b叶\x07\ufeff，\t　\xa0种\ud800") == "茶叶，\t　\xa0种\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_and_without_chinese_is_read(encoding):
    assert decode("a.txt", "A report,\nin English.".encode(encoding)) == ("A report,\nin English.", encoding)


def test_control_characters_do_not_make_utf8_binary():
    assert decode("a.txt", "彩色\x1b[0m的 log".encode())[0] == "彩色[0m的 log"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_stray_byte_is_named_with_its_line_and_what_to_do(encoding):
    line = (TRADITIONAL + "\n").encode(encoding, "replace")
    data = line * 2 + b"\xff" + line
    with pytest.raises(ReadError) as caught:
        decode("a.txt", data)
    shown = {"big5": "big5hkscs"}.get(encoding, encoding)
    advice = f"is not {shown}; mend it, or say --encoding {shown}:replace"
    assert str(caught.value) == f"a.txt: line 3: byte {2 * len(line)} {advice}"
    text, used = decode("a.txt", data, f"{shown}:replace")
    assert used == shown
    assert "\N{REPLACEMENT CHARACTER}" in text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_cut_through_a_character_is_not_taken_for_another_encoding(encoding):
    with pytest.raises(ReadError, match=f"is not {encoding}"):
        decode("a.txt", (SENTENCE * 3).encode(encoding)[:-5])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", "a PNG picture, not text; unpack or convert it"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"\x1f\x8b\x08\0\xff", "a gzip archive"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b"\0\0\0 ftypisom\xff", "a film"),
        (b"\0\1\2\3" * 9, "binary, not text"),
        ("Café résumé naïve façade".encode("latin-1"), "neither UTF-8, GB18030, Big5 nor UTF-16; say --encoding"),
    ],
)
def test_what_is_no_text_is_refused_by_the_name_of_what_it_looks_like(data, reason):
    with pytest.raises(ReadError, match=reason):
        decode("a.txt", data)


def test_an_encoding_given_overrules_and_is_held_to():
    assert decode("a.txt", "é".encode("latin-1"), "latin-1") == ("é", "latin-1")
    with pytest.raises(ReadError, match="line 1: byte 0 is not utf-8"):
        decode("a.txt", SENTENCE.encode("gb18030"), "utf-8")


@pytest.mark.parametrize("name", ["utf-9", "hex", "", "utf-8:nothing"])
def test_an_encoding_that_is_none_is_an_error_with_those_there_are(name):
    with pytest.raises(ReadError, match="try utf-8, gb18030, big5 or utf-16"):
        decode("a.txt", b"\xff", name)


def test_a_text_read_by_its_own_table_is_likelier_than_by_another():
    data = TRADITIONAL.encode("big5")
    assert likeness(data.decode("big5")) > 0.5
    assert likeness(data.decode("gb18030")) < 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_markup_shows_in_the_first_bytes_of_any_encoding(encoding):
    assert "<html>" in guess(f"<html>{SENTENCE}".encode(encoding)[:41])


def test_names_of_characters_that_a_page_left_become_the_characters() -> None:
    assert tidied("首页&nbsp;&gt;&nbsp;新闻 A&amp;B &ldquo;好&rdquo; &x; &") == "首页 > 新闻 A&B “好” &x; &"
