import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from tagger.article import TaggedArticle, Unread
from tagger.coverage import Coverage, add_up
from tagger.ledger import LedgerRow
from tagger.report_text import (
    BOM,
    markdown,
    render_coverage_csv,
    render_coverage_json,
    render_coverage_markdown,
    render_matrix_csv,
    render_summary_csv,
    render_summary_json,
    render_summary_markdown,
)
from tagger.summary import summarise
from tests.articles import MEASURES, NAMES, plain, tag, tagged

TEXT = "合作社|分红*八万*元。"


def sample() -> TaggedArticle:
    terms = {"分红": 2.0}
    parts = [
        ("title", "=题", ()),
        ("body", TEXT, [tag(TEXT, "industry", 0.91, terms=terms)]),
        ("body", "晴。", ()),
    ]
    return tagged(parts, title="=题", date="2020-05", place="青禾县")  # type: ignore[arg-type]


def added() -> Coverage:
    return add_up([sample(), plain([["industry", "health"]]), Unread("b.doc", "old")], MEASURES, by="place")


def test_markdown_shows_every_mark_as_it_is() -> None:
    assert markdown("a|b*c*<d>\n[e]") == r"a\|b\*c\*&lt;d&gt; \[e\]"


@given(st.text())
def test_markdown_cells_never_end_a_row_or_a_column(text: str) -> None:
    cell = markdown(text)
    assert "\n" not in cell
    assert cell.count("|") == cell.count("\\|")


def test_a_summary_in_markdown() -> None:
    page = render_summary_markdown([summarise(sample(), MEASURES)], NAMES, "zh")
    assert "## =题\n" in page
    assert "- 地点：青禾县\n" in page
    assert "| 产业帮扶 | 1 | 3 | 86% | 0.91 | 合作社\\|分红\\*八万\\*元。 | 分红 |\n" in page
    assert "没有报告的措施：教育帮扶、健康帮扶\n" in page


def test_a_summary_in_english() -> None:
    page = render_summary_markdown([summarise(sample(), MEASURES)], {"industry": "Industry"}, "en")
    assert "| Industry | 1 | 3 | 86% |" in page
    assert "- Paragraphs: 2 of body text: 1 with a measure, 1 without\n" in page


def test_a_summary_in_json_holds_every_field() -> None:
    (row,) = json.loads(render_summary_json([summarise(sample(), MEASURES)]))
    assert (row["title"], row["paragraphs"], row["tagged"], row["untagged"]) == ("=题", 2, 1, 1)
    (measure,) = row["measures"]
    assert (measure["measure"], measure["lines"], measure["sentence"]) == ("industry", [3], TEXT)
    assert measure["words"] == ["分红"]


def test_a_summary_in_csv_has_a_row_per_measure_and_one_for_none() -> None:
    summaries = [summarise(article, MEASURES) for article in (sample(), plain([["health", "industry"]]), plain([[]]))]
    rows = list(csv.DictReader(io.StringIO(render_summary_csv(summaries, NAMES))))
    assert [row["measure"] for row in rows] == ["industry", "industry", "health", ""]
    assert rows[0]["title"] == "'=题"


def test_a_coverage_in_markdown_accounts_for_everything() -> None:
    page = render_coverage_markdown(added(), NAMES, "en")
    assert "- inputs 3 = read 2 + unread 1" in page
    assert "- blocks 4 = titles 1" in page
    assert "| b.doc | old |" in page


def test_a_coverage_in_csv_has_every_share_of_every_group() -> None:
    rows = list(csv.DictReader(io.StringIO(render_coverage_csv(added(), NAMES, "zh"))))
    assert len(rows) == (1 + 2) * (len(MEASURES) + 2) * 3
    whole = {(row["measure"], row["unit"]): row for row in rows if not row["by"]}
    assert (whole["industry", "paragraphs"]["count"], whole["industry", "paragraphs"]["total"]) == ("2", "3")
    assert whole["none", "articles"]["share"] == "0.0"
    assert whole["none", "paragraphs"]["low"] != ""
    assert {row["group"] for row in rows if row["by"] == "place"} == {"青禾县", ""}


def test_the_matrix_in_csv_has_a_row_per_article() -> None:
    rows = list(csv.DictReader(io.StringIO(render_matrix_csv(added()))))
    assert [(row["title"], row["industry"], row["health"], row["none"]) for row in rows] == [
        ("'=题", "1", "0", "1"),
        ("", "1", "1", "0"),
    ]


def test_a_coverage_in_json_adds_up() -> None:
    value = json.loads(render_coverage_json(added()))
    assert value["inputs"] == {"all": 3, "read": 2, "unread": 1}
    assert value["blocks"]["body"] == value["paragraphs"] == 3
    assert value["shares"]["industry"]["articles"]["count"] == 2
    assert {"measures": ["industry", "health"], "paragraphs": 1} in value["together"]
    assert [group["group"] for group in value["groups"]] == ["青禾县", ""]
    assert value["unread"] == [{"path": "b.doc", "reason": "old"}]


def figure(quote: str = "八万元") -> LedgerRow:
    return LedgerRow(
        file="report.txt", article=1, lines=(3,), measure="industry", value=80_000, high=None, unit="元", counted=quote,
        act=quote, approximate=False, year=None, quote=quote, sentence=TEXT, start=6, end=9,
    )  # fmt: skip


def test_figures_stand_under_an_articles_measures_in_markdown() -> None:
    summaries = [summarise(sample(), MEASURES), summarise(plain([["industry"]], number=2), MEASURES)]
    page = render_summary_markdown(summaries, NAMES, "zh", [figure("a|b*")])
    assert page.count("### 文中的数字\n") == 1
    assert "| 产业帮扶 | a\\|b\\* | 80,000 元 | a\\|b\\* | a\\|b\\* |  | 3 |  |\n" in page
    assert "总数：产业帮扶 80,000 元\n" in page
    assert "文中的数字" not in render_summary_markdown(summaries, NAMES, "zh")


def test_figures_stand_with_their_measure_in_json() -> None:
    summaries = [summarise(sample(), MEASURES)]
    (row,) = json.loads(render_summary_json(summaries, [figure()]))
    assert [one["value"] for one in row["measures"][0]["figures"]] == [80_000]
    (row,) = json.loads(render_summary_json(summaries, []))
    assert row["measures"][0]["figures"] == []
    assert "figures" not in json.loads(render_summary_json(summaries))[0]["measures"][0]


def test_a_csv_file_opens_with_the_mark_that_excel_looks_for() -> None:
    text = BOM + render_summary_csv([summarise(sample(), MEASURES)], NAMES)
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(text.encode().decode("utf-8-sig"))))[0] == "file"
