import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Unread
from tagger.coverage import Share, add_up
from tagger.phrases import EN, ZH
from tagger.report import (
    bounds,
    counts,
    coverage_tables,
    facts,
    headline,
    missing,
    percent,
    spelt,
    summary_table,
)
from tagger.summary import summarise
from tests.articles import MEASURES, NAMES, plain, tagged


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0%"), (0.0412, "4.1%"), (0.0994, "9.9%"), (0.0996, "10%"), (0.5, "50%"), (1.0, "100%")],
)
def test_small_shares_have_a_decimal(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_an_interval_is_shown_in_brackets_and_its_lack_not_at_all() -> None:
    assert bounds(Share(1, 4, (0.046, 0.699))) == "[4.6–70]"
    assert bounds(Share(0, 4, None)) == ""


def test_numbers_in_a_row_are_one_range() -> None:
    assert spelt([7, 1, 2, 3, 3, 9, 10]) == "1–3, 7, 9–10"
    assert spelt([]) == ""


@given(st.lists(st.integers(1, 40)))
def test_ranges_hold_every_number_and_no_other(numbers: list[int]) -> None:
    ends = [[int(end) for end in part.split("–")] for part in spelt(numbers).split(", ") if part]
    assert {n for part in ends for n in range(part[0], part[-1] + 1)} == set(numbers)


def test_the_counts_that_are_printed_add_up() -> None:
    article = tagged([("title", "题", ()), ("heading", "一", ()), ("body", "正文", ()), ("furniture", "版", ())])
    inputs, blocks = counts(add_up([article, Unread("b.doc", "old")], MEASURES), EN)
    assert inputs == "inputs 2 = read 1 + unread 1; articles 1, characters 2"
    assert blocks == "blocks 4 = titles 1 + headings 1 + bylines 0 + captions 0 + furniture 1 + body 1"


def test_the_headline_counts_the_paragraphs_with_a_measure() -> None:
    coverage = add_up([plain([["health"], ["health", "industry"], [], []])], MEASURES)
    assert headline(coverage, ZH) == "1篇文章共4个正文段落，其中2段（50%）至少报告了一项措施。"


def test_a_coverage_has_a_table_for_each_question() -> None:
    items = [plain([["health"]], place="青禾县", title="题"), Unread("b.doc", "old")]
    tables = coverage_tables(add_up(items, MEASURES, by="place"), NAMES, ZH)
    titles = ["各项措施的覆盖面", "同段出现的措施", "按地点：段落", "各篇文章的措施", "未能读入"]
    assert [table.title for table in tables] == titles
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)
    assert tables[0].rows[2][:3] == ("健康帮扶", "1", "100% [21–100]")
    assert tables[2].rows[0][:3] == ("青禾县", "1", "1")
    assert tables[4].rows == (("b.doc", "old"),)


def test_together_is_the_same_from_both_sides() -> None:
    coverage = add_up([plain([["industry", "health"], ["health"]])], MEASURES)
    table = coverage_tables(coverage, NAMES, ZH)[1]
    counted = [row[1:] for row in table.rows]
    assert counted == [("1", "0", "1"), ("0", "0", "0"), ("1", "0", "2")]


def test_articles_not_listed_are_told() -> None:
    coverage = add_up([plain([[]]) for _ in range(3)], MEASURES, listed=1)
    assert coverage_tables(coverage, NAMES, ZH)[-1].note == "另有2篇文章已计入，未逐一列出。"


def test_facts_that_are_not_stated_are_left_out() -> None:
    labels = [label for label, _ in facts(summarise(plain([[]]), MEASURES), ZH)]
    assert labels == ["文件", "段落"]


def test_the_facts_of_a_tables_row_name_the_row() -> None:
    summary = summarise(plain([[]], file="t.xlsx", row=3, id="k1", date="2021", place="县"), MEASURES)  # type: ignore[arg-type]
    assert dict(facts(summary, EN))["File"] == "t.xlsx · row 3 · article 1 · k1"


def test_measures_that_are_missing_are_named() -> None:
    assert missing(summarise(plain([["health"]]), MEASURES), NAMES, ZH) == "没有报告的措施：产业帮扶、教育帮扶"
    assert missing(summarise(plain([list(MEASURES)]), MEASURES), NAMES, ZH) == "各项措施均有报告。"


def test_an_article_without_measures_has_a_note_in_place_of_rows() -> None:
    table = summary_table(summarise(plain([[]]), MEASURES), NAMES, EN)
    assert (table.rows, table.note) == ((), "No paragraph of this article reports any of the measures.")
