from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Evidence, Tag, TaggedArticle
from tagger.summary import summarise, words_that_told
from tests.articles import MEASURES, plain, tag, tagged

FIRST = "村里建了药材基地。去年分红八万元。"
SECOND = "卫生院为老人免费体检，药材基地另雇了人。"


def sample() -> TaggedArticle:
    return tagged(
        [
            ("title", "坡上新事", ()),
            ("body", FIRST, [tag(FIRST, "industry", 0.7, "去年分红八万元。", {"分红": 1.5, "基地": 0.5})]),
            ("caption", "图为药材基地", ()),
            ("body", SECOND, [tag(SECOND, "health", 0.8), tag(SECOND, "industry", 0.95, "", {"药材": 2.0})]),
            ("body", "天气晴好。", ()),
        ],
        date="2020-05-01",
        place="青禾县",
    )


def test_a_measure_has_its_paragraphs_lines_and_share_of_the_body() -> None:
    summary = summarise(sample(), MEASURES)
    industry, health = summary.measures
    assert (industry.measure, industry.paragraphs, industry.lines) == ("industry", (1, 2), (3, 7))
    whole = len(FIRST) + len(SECOND) + 5
    assert industry.characters == len(FIRST) + len(SECOND)
    assert health.share == len(SECOND) / whole
    assert summary.missing == ("education",)


def test_the_strongest_sentence_is_of_the_paragraph_with_the_highest_probability() -> None:
    industry = summarise(sample(), MEASURES).measures[0]
    assert (industry.strongest, industry.probability, industry.sentence) == (2, 0.95, SECOND)
    assert industry.words == ("药材",)


def test_of_equal_paragraphs_the_first_has_the_strongest_sentence() -> None:
    summary = summarise(plain([["health"], ["health"]]), MEASURES)
    assert summary.measures[0].strongest == 1


def test_the_facts_of_the_article_are_told() -> None:
    summary = summarise(sample(), MEASURES)
    assert (summary.title, summary.date, summary.place) == ("坡上新事", "2020-05-01", "青禾县")
    assert (summary.paragraphs, summary.tagged, summary.untagged) == (3, 2, 1)
    assert summary.blocks == {"title": 1, "body": 3, "caption": 1}


def test_an_article_without_body_has_an_empty_summary() -> None:
    summary = summarise(tagged([("title", "题", ())]), MEASURES)
    assert (summary.measures, summary.missing, summary.characters) == ((), MEASURES, 0)


@given(st.lists(st.lists(st.sampled_from(MEASURES), unique=True), max_size=6))
def test_tagged_and_untagged_paragraphs_add_up(rows: list[list[str]]) -> None:
    summary = summarise(plain(rows), MEASURES)
    assert summary.tagged + summary.untagged == summary.paragraphs == len(rows)
    assert {r.measure for r in summary.measures} | set(summary.missing) == set(MEASURES)
    assert all(0 < r.share <= 1 for r in summary.measures)


def test_words_that_spoke_against_are_left_out() -> None:
    told = words_that_told(tag("一村一品", "industry", terms={"一品": 1.0, "一村": -2.0}), "一村一品")
    assert [word.text for word in told] == ["一品"]


def test_a_pair_inside_a_word_gives_way_to_it_and_lends_its_place() -> None:
    text = "家庭医生到村，合作医疗报销。"
    terms = {"医生": 3.0, "报销": 2.0, "家庭医生": 1.0, "庭医": 0.5}
    assert [w.text for w in words_that_told(tag(text, "health", terms=terms), text)] == ["家庭医生", "报销"]


def test_a_pair_that_also_stands_elsewhere_is_told() -> None:
    text = "家庭医生走了，医生又来。"
    told = words_that_told(tag(text, "health", terms={"家庭医生": 1.0, "医生": 2.0}), text)
    assert [word.text for word in told] == ["医生", "家庭医生"]


def test_words_are_told_as_the_text_prints_them() -> None:
    text = "發展產業"
    one = Tag("industry", 0.9, (0, 4), (Evidence("产业", 1.0, ((2, 4),)),))
    assert [word.text for word in words_that_told(one, text)] == ["產業"]


def test_no_more_than_six_words_are_told() -> None:
    text = "甲乙丙丁戊己庚辛"
    terms = {char: float(place + 1) for place, char in enumerate(text)}
    told = words_that_told(tag(text, "health", terms=terms), text)
    assert "".join(word.text for word in told) == "辛庚己戊丁丙"
