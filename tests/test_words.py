"""Normalising, sentences, words and n-grams."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.segmenters import retire, segmenter
from tagger.words import Cut, batches, cut, gram_text, normalise

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("貧困戶幹部产业扶贫。！？；”’\n ａＢ１０")), max_size=80)
CHINESE = "镇党委组织驻村工作队走访贫困户，发放公益性岗位补贴。“家庭医生来了！”老人说；易地搬迁3户12人。"


@given(TEXTS)
def test_normalising_keeps_every_offset(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(TEXTS)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_traditional_full_width_and_capitals_become_the_plain_form() -> None:
    assert normalise("駐村幹部ＡＢｃ１２　萬畝") == "驻村干部abc12 万亩"


@given(st.lists(TEXTS, max_size=6))
def test_sentences_cover_each_text_without_gap_or_overlap(texts: list[str]) -> None:
    plain = [normalise(text) for text in texts]
    parts = cut(plain, segmenter())
    for number, text in enumerate(plain):
        mine = parts.sentence_text == number
        spans = list(zip(parts.sentence_start[mine].tolist(), parts.sentence_end[mine].tolist(), strict=True))
        assert "".join(text[start:end] for start, end in spans) == text
        assert all(left[1] == right[0] for left, right in pairwise(spans))


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_every_term_stands_where_it_is_said_to_stand(texts: list[str]) -> None:
    plain = [normalise(text) for text in texts]
    parts = cut(plain, segmenter(), (1, 2, 3))
    for word, sentence, start in zip(parts.word, parts.word_sentence, parts.word_start, strict=True):
        assert plain[parts.sentence_text[sentence]].startswith(word, start)
    for gram, sentence, start in zip(parts.gram, parts.gram_sentence, parts.gram_start, strict=True):
        assert plain[parts.sentence_text[sentence]].startswith(gram_text(int(gram)), start)
        assert parts.sentence_start[sentence] <= start < parts.sentence_end[sentence]


def terms(parts: Cut, text: int) -> tuple[list[str], list[int]]:
    here = parts.sentence_text == text
    words = [word for word, sentence in zip(parts.word, parts.word_sentence, strict=True) if here[sentence]]
    return words, sorted(parts.gram[here[parts.gram_sentence]].tolist())


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_a_text_has_the_same_terms_alone_and_in_a_batch(texts: list[str]) -> None:
    plain = [normalise(text) for text in texts]
    whole = cut(plain, segmenter())
    for number, text in enumerate(plain):
        assert terms(whole, number) == terms(cut([text], segmenter()), 0)


@pytest.mark.parametrize(
    "lexicon", [(), ("驻村工作队", "公益性岗位", "家庭医生", "易地搬迁")], ids=["plain", "lexicon"]
)
@given(text=TEXTS | st.just(CHINESE))
def test_both_segmenters_give_the_same_words(lexicon: tuple[str, ...], text: str) -> None:
    plain = [normalise(text)]
    fast, reference = (cut(plain, segmenter(lexicon, engine)) for engine in ("rjieba", "jieba"))
    assert fast.word == reference.word


def test_the_lexicon_keeps_a_term_whole() -> None:
    assert "防返贫监测帮扶" in cut(["防返贫监测帮扶机制"], segmenter(["防返贫监测帮扶"])).word
    assert "防返贫监测帮扶" not in cut(["防返贫监测帮扶机制"], segmenter()).word


def test_a_lexicon_added_to_a_retired_segmenter_gives_the_same_words_as_one_added_to_a_new_one() -> None:
    text = normalise(CHINESE + "镇里的防返贫监测帮扶机制")
    made_new = segmenter(["防返贫监测帮扶"]).cut(text)
    segmenter().cut(text)
    retire()
    assert segmenter(["防返贫监测帮扶", "镇里的"]).cut(text) == segmenter(["镇里的", "防返贫监测帮扶"], "rjieba").cut(
        text
    )
    assert segmenter(["防返贫监测帮扶"]).cut(text) == made_new
    assert "防返贫监测帮扶" not in segmenter().cut(text)


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    text = normalise("他说：“路修好了。”大家都笑。")
    parts = cut([text], segmenter())
    ends = [text[a:b] for a, b in zip(parts.sentence_start, parts.sentence_end, strict=True) if a < b]
    assert ends == ["他说:“路修好了。”", "大家都笑。"]


def test_nothing_to_cut_gives_nothing() -> None:
    parts = cut([], segmenter())
    assert (parts.texts, parts.word, len(parts.gram), len(parts.sentence_text)) == (0, [], 0, 0)


@given(st.lists(st.text(max_size=9), max_size=9))
def test_batches_hold_all_texts_in_order(texts: list[str]) -> None:
    assert [text for batch in batches(texts) for text in batch] == texts
