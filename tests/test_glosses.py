"""Pinyin in converted pages."""

from hypothesis import given
from hypothesis import strategies as st

from tagger.decode import decode
from tagger.glosses import without_glosses

PLAIN = "鎮黨委書記帶隊進村，送去種苗，幫扶幹部發動鄉親種植油茶。"
GLOSSED = "鎮(zhèn)黨(dǎng)委書(shū)記帶隊(duì )進村，送去種(zhǒng)苗，幫（bāng）扶幹部發動鄉親種植油茶。"


def test_pinyin_behind_many_characters_is_taken_out() -> None:
    assert without_glosses(GLOSSED) == PLAIN


def test_a_file_with_pinyin_is_read_without_it_line_by_line() -> None:
    text, _ = decode("a.txt", f"{GLOSSED}\n\n他們(men)來(lái)了(le)。\n".encode())
    assert text == f"{PLAIN}\n\n他們來了。\n"


def test_a_writer_s_own_pinyin_stays() -> None:
    text = "垚（yáo）山村的产业园（PPP模式）建成了，App(bang)上能看到。"
    assert without_glosses(text) == text


@given(st.text(alphabet="幫扶村(（)）bāngde ,\n", max_size=80))
def test_nothing_but_pinyin_and_its_brackets_goes(text: str) -> None:
    kept = [char for char in without_glosses(text) if char not in "(（)）bāngde \n"]
    assert kept == [char for char in text if char not in "(（)）bāngde \n"]


@given(st.text(alphabet="幫扶村(a)", max_size=40))
def test_a_text_with_no_tones_is_left_alone(text: str) -> None:
    assert without_glosses(text) == text
