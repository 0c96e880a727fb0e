import pytest

from tagger.article import Unread
from tagger.cells import columns
from tagger.coverage import add_up
from tagger.phrases import Lang
from tagger.report_terminal import render_coverage_terminal, render_summary_terminal
from tagger.summary import summarise
from tests.articles import MEASURES, NAMES, plain, tag, tagged

HOSTILE = "\x1b[31m红\u202e[bold]粗[/bold]\x07"


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(width: int, lang: Lang) -> None:
    text = "合作社年底分红八万元，户均两千元。" * 5
    article = tagged([("body", text, [tag(text, "industry")])], file="reports/2020/a.txt", title="题目" * 30)
    summary = render_summary_terminal([summarise(article, MEASURES)], NAMES, lang, width=width)
    coverage = render_coverage_terminal(add_up([article] * 3, MEASURES, by="source"), NAMES, lang, width=width)
    assert max(columns(line) for line in (summary + coverage).split("\n")) <= width


@pytest.mark.parametrize("width", [70, 120])
def test_the_sentence_and_its_words_are_shown_at_any_width(width: int) -> None:
    text = "合作社分红八万元。"
    article = tagged([("body", text, [tag(text, "industry", terms={"分红": 1.0})])])
    shown = render_summary_terminal([summarise(article, MEASURES)], NAMES, "zh", width=width)
    assert text in shown
    assert "分红" in shown.replace(text, "")


def test_what_a_text_holds_never_reaches_the_terminal_as_a_command() -> None:
    article = tagged([("body", HOSTILE, [tag(HOSTILE, "health")])], file="a\x1b]0;x.txt", title=HOSTILE)
    shown = render_summary_terminal([summarise(article, MEASURES)], NAMES, "zh")
    shown += render_coverage_terminal(add_up([article, Unread(HOSTILE, HOSTILE)], MEASURES), NAMES, "zh")
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "[bold]粗[/bold]" in shown


def test_colour_is_only_there_when_asked_for() -> None:
    coverage = add_up([plain([["health"]])], MEASURES)
    assert "\x1b[" not in render_coverage_terminal(coverage, NAMES, "zh")
    assert "\x1b[" in render_coverage_terminal(coverage, NAMES, "zh", colour=True)


def test_the_counts_are_printed() -> None:
    shown = render_coverage_terminal(add_up([plain([["health"], []])], MEASURES), NAMES, "zh")
    assert "输入1份 = 读入1 + 未读0" in shown
    assert "文本块2个 = 标题 0" in shown


def test_an_article_without_measures_says_so() -> None:
    shown = render_summary_terminal([summarise(plain([[]]), MEASURES)], NAMES, "en")
    assert "No paragraph of this article reports any of the measures." in shown
