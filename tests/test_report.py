from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Unread
from tagger.coverage import Share, add_up
from tagger.ledger import LedgerRow, Total
from tagger.phrases import EN, ZH
from tagger.report import (
    amount,
    bounds,
    by_article,
    counts,
    coverage_tables,
    facts,
    figure_table,
    grouped,
    headline,
    key,
    missing,
    over_time,
    percent,
    spelt,
    summary_table,
)
from tagger.report_terminal import render_summary_terminal
from tagger.summary import summarise
from tests.articles import MEASURES, NAMES, plain, tagged

FIGURE = LedgerRow(
    file="report.txt", article=1, lines=(7,), measure="industry", value=80_000, high=None, unit="元", counted="分红",
    act="发放", approximate=False, year=2020, quote="八万元", sentence="合作社分红八万元。", start=5, end=8,
)  # fmt: skip


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


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "80,000 元"),
        ({"approximate": True}, "≈ 80,000 元"),
        ({"value": 0.5, "unit": "%"}, "0.5 %"),
        ({"value": 300, "high": 500, "per": "亩"}, "300–500 元 / 亩"),
        ({"value": 1_234_567.25}, "1,234,567.25 元"),
    ],
)
def test_an_amount_is_shown_in_plain_numbers(changes: dict[str, object], shown: str) -> None:
    assert amount(replace(FIGURE, **changes)) == shown  # type: ignore[arg-type]


def test_a_sum_is_shown_as_an_amount() -> None:
    assert amount(Total("industry", "元", 1000, 2, 0, approximate=True)) == "≈ 1,000 元"


def test_figures_stand_by_measure_with_the_sums_that_the_text_allows() -> None:
    rows = [replace(FIGURE, measure="health", unit="人", value=3), FIGURE, replace(FIGURE, doubt="part", value=2)]
    table = figure_table(rows, NAMES, ZH)
    assert [row[0] for row in table.rows] == ["产业帮扶", "产业帮扶", "健康帮扶"]
    assert table.rows[0][1:] == ("八万元", "80,000 元", "分红", "发放", "2020", "7", "")
    assert table.rows[1][-1] == "可能已含在总数内"
    assert table.note == "总数：产业帮扶 80,000 元、健康帮扶 3 人"
    assert all(len(row) == len(table.head) for row in table.rows)


def test_a_figures_article_is_told_by_file_row_and_number() -> None:
    other = replace(FIGURE, row=4)
    found = by_article([FIGURE, other, FIGURE])
    assert found == {key(plain([[]]).article): [FIGURE] * 2, ("report.txt", 4, 1): [other]}


def test_the_terminal_shows_figures_under_the_measures() -> None:
    summaries = [summarise(plain([["industry"]]), MEASURES)]
    shown = render_summary_terminal(summaries, NAMES, "zh", ledger=[FIGURE])
    assert "文中的数字" in shown
    assert "总数：产业帮扶 80,000 元" in shown
    assert "文中的数字" not in render_summary_terminal(summaries, NAMES, "zh", ledger=[replace(FIGURE, article=2)])


def test_groups_that_were_not_asked_for_are_added_up_from_the_listed_articles() -> None:
    items = [plain([["health"], []], place=place) for place in ("甲县", "甲县", "乙县", "")]
    own, other = add_up(items, MEASURES, by="place"), add_up(items, MEASURES)
    assert grouped(own, "place") == own.groups
    for one, two in zip(grouped(other, "place"), own.groups, strict=True):
        assert (one.name, one.articles, one.paragraphs) == (two.name, two.articles, two.paragraphs)
        assert [row.paragraphs for row in one.measures] == [row.paragraphs for row in two.measures]
        assert [row.articles for row in (*one.measures, one.none)] == [
            row.articles for row in (*two.measures, two.none)
        ]
    assert grouped(add_up(items[:2], MEASURES), "place") == ()


def test_one_year_alone_is_no_time() -> None:
    assert over_time(add_up([plain([[]], date="2020年")] * 3, MEASURES)) == ("date", ())
    assert over_time(add_up([plain([[]], date=f"{y}-05") for y in (2019, 2020)], MEASURES, by="date"))[0] == "date"
