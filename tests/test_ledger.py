"""The ledger: rows of quantities under their measures, sums, and the command."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from tagger import cli_ledger
from tagger.article import Article, Block, Evidence, Tag, TaggedArticle, TaggedParagraph
from tagger.cli import app, main
from tagger.console import group
from tagger.ledger import FIELDS, LedgerRow, as_row, ledger, totals

CUES = {"industry": ("合作社", "茶园"), "housing": ("危房",), "employment": ("岗位", "培训")}


def tagged(*paragraphs: tuple[str, tuple[str, ...] | tuple[Tag, ...]], row: int | None = None) -> TaggedArticle:
    """Return an article of paragraphs with measures, or with tags made by hand."""
    blocks, held = [], []
    for number, (text, given) in enumerate(paragraphs, start=1):
        block = Block("body", (number * 2, number * 2 + 1), text)
        tags = tuple(tag if isinstance(tag, Tag) else Tag(tag, 0.9, (0, len(text))) for tag in given)
        blocks.append(block)
        held.append(TaggedParagraph(number, block, tags, {tag.measure: tag.probability for tag in tags}))
    return TaggedArticle(Article("a.txt", 1, tuple(blocks), row=row), tuple(held))


def rows(text: str, *measures: str) -> list[LedgerRow]:
    return ledger(tagged((text, measures)), CUES)


def sums(*texts: str) -> list[tuple[str, float, int, int]]:
    article = tagged(*((text, ("housing",)) for text in texts))
    return [(total.unit, total.value, total.rows, total.doubtful) for total in totals(ledger(article))]


def test_a_row_says_where_its_quantity_stands() -> None:
    text = "开春以后很忙。2019年，危房改造18户。"
    (row,) = rows(text, "housing")
    assert (row.file, row.article, row.lines, row.measure) == ("a.txt", 1, (2, 3), "housing")
    assert (row.value, row.unit, row.counted, row.year) == (18, "户", "危房改造", 2019)
    assert (row.quote, text[row.start : row.end]) == ("18户", "18户")
    assert row.sentence == "2019年，危房改造18户。"


def test_a_paragraph_without_a_measure_gives_no_row() -> None:
    assert rows("全村三百户。") == []


def test_each_quantity_goes_to_the_measure_named_nearest_in_its_clause() -> None:
    text = "合作社种下茶园300亩，改造危房18户，开发岗位40个。"
    found = rows(text, "industry", "housing", "employment")
    assert [(row.value, row.measure) for row in found] == [(300, "industry"), (18, "housing"), (40, "employment")]


def test_a_cue_in_the_sentence_decides_where_the_clause_has_none() -> None:
    text = "危房都修好了，惠及18户。合作社发展得快，拿出2万元。"
    assert [row.measure for row in rows(text, "industry", "housing")] == ["housing", "industry"]


def test_evidence_decides_where_no_cue_stands() -> None:
    text = "缝纫很受欢迎，40人参加。"
    evidence = (Evidence("缝纫", 0.8, ((0, 2),)),)
    tags = (Tag("industry", 0.9, (0, 0)), Tag("employment", 0.6, (0, 0), evidence))
    assert [row.measure for row in ledger(tagged((text, tags)))] == ["employment"]


def test_the_best_sentence_decides_next_and_then_the_probability() -> None:
    text = "先后来了18户。又来了20户。"
    tags = (Tag("industry", 0.9, (0, 0)), Tag("housing", 0.6, (0, 7)))
    assert [row.measure for row in ledger(tagged((text, tags)))] == ["housing", "industry"]


def test_money_and_people_are_added_up_by_measure() -> None:
    assert sums("发放补贴2万元。", "发放补贴3万元，改造危房18户。") == [("元", 50_000, 2, 0), ("户", 18, 1, 0)]


def test_other_units_are_never_added_up() -> None:
    assert sums("修路3公里。", "修渠4公里。") == []


def test_a_total_and_its_parts_are_in_doubt_and_not_added() -> None:
    assert sums("共投入50万元，修房30万元，修路20万元。") == [("元", 0, 0, 3)]
    assert sums("投入50万元，其中修房30万元。") == [("元", 500_000, 1, 1)]


def test_a_total_that_stands_alone_is_added() -> None:
    assert sums("共发放补贴50万元。", "发放补贴20万元。") == [("元", 700_000, 2, 0)]


def test_what_counts_different_things_makes_no_sum() -> None:
    assert sums("住院花了1.1万元，自己付了900元。") == []


def test_rates_and_averages_are_not_added() -> None:
    assert sums("每户补助2万元，户均增收3000元。") == []


def test_levels_and_ranges_are_in_doubt() -> None:
    assert sums("收入由3000元增加到8000元。") == [("元", 0, 0, 2)]
    assert sums("借款3万元至5万元。") == [("元", 0, 0, 1)]


def test_what_is_told_twice_is_added_once() -> None:
    assert sums("改造危房18户。", "年底再看，改造危房18户全部住人。") == [("户", 18, 1, 1)]


def test_people_who_may_be_the_same_are_not_added_twice() -> None:
    assert sums("培训300人，带动200人。") == [("人", 300, 1, 1)]


def test_people_of_two_measures_have_two_sums_and_no_third() -> None:
    article = tagged(("茶园用工30人。", ("industry",)), ("开班培训30人。", ("employment",)))
    assert [(total.measure, total.value) for total in totals(ledger(article))] == [("industry", 30), ("employment", 30)]


def test_a_sum_of_approximate_rows_says_so() -> None:
    (total,) = totals(rows("发放补贴2万余元。", "housing"))
    assert total.approximate


def test_a_written_row_has_whole_numbers_and_the_row_of_its_table() -> None:
    (row,) = ledger(tagged(("发放补贴22.5万元。", ("housing",)), row=7))
    written = as_row(row)
    assert tuple(written) == FIELDS
    assert (written["value"], written["row"], written["lines"]) == (225_000, 7, [2, 3])
    assert json.dumps(written["value"]) == "225000"


def commands() -> Typer:
    """Return an application that has the command, whether or not the real one has."""
    if any(getattr(command.callback, "__name__", "") == "ledger" for command in app.registered_commands):
        return app
    own = group("Test.")
    own.callback()(main)
    cli_ledger.add(own)
    return own


@pytest.fixture
def run(workspace: Path) -> Callable[..., object]:
    (workspace / "one.txt").write_text(
        "石桥村年度报告\n\n石桥村合作社种植茶叶300亩，年底给社员分红22.5万元，户均增收2000元，大家都说这一年没有白忙。\n",
        "utf-8",
    )
    return lambda *words: CliRunner().invoke(commands(), ["ledger", *words])


def test_the_command_writes_a_row_for_each_quantity(run: Callable[..., object], workspace: Path) -> None:
    answer = run("one.txt", "-o", "out.csv")
    assert answer.exit_code == 0, answer.output
    with (workspace / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == list(FIELDS)
    assert [(row["value"], row["unit"]) for row in found] == [("300", "亩"), ("225000", "元"), ("2000", "元")]
    assert "3 quantities of 1 article listed" in answer.stderr


def test_the_command_writes_a_workbook_and_json_lines_alike(run: Callable[..., object], workspace: Path) -> None:
    import openpyxl

    for name in ("out.xlsx", "out.jsonl"):
        assert run("one.txt", "-o", name).exit_code == 0
    lines = [json.loads(line) for line in (workspace / "out.jsonl").read_text("utf-8").splitlines()]
    book = openpyxl.load_workbook(workspace / "out.xlsx")
    assert [row[4] for row in book.active.iter_rows(min_row=2, values_only=True)] == [row["value"] for row in lines]
    book.close()


def test_the_command_can_write_sums(run: Callable[..., object]) -> None:
    answer = run("one.txt", "--totals")
    assert answer.exit_code == 0
    assert [json.loads(line)["value"] for line in answer.stdout.splitlines()] == [225_000]


def test_an_unreadable_file_is_said_and_the_rest_goes_on(run: Callable[..., object]) -> None:
    answer = run("one.txt", "missing.txt")
    assert answer.exit_code == 1
    assert "missing.txt" in answer.stderr
    assert "1 not read" in answer.stderr


def test_another_ending_is_refused(run: Callable[..., object]) -> None:
    answer = run("one.txt", "-o", "out.parquet")
    assert answer.exit_code == 2
    assert "a ledger is written as .xlsx, .csv, .jsonl" in answer.stderr
