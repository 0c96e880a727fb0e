"""Reports as Markdown, CSV and JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tagger.article import KINDS
from tagger.cells import Cell, csv_text, one_line
from tagger.coverage import UNITS, Coverage, Group, Share
from tagger.phrases import Lang, phrases
from tagger.report import (
    Table,
    by_article,
    counts,
    coverage_tables,
    facts,
    figure_table,
    headline,
    key,
    missing,
    name_of,
    rows_of,
    spelt,
    summary_table,
)
from tagger.summary import ArticleSummary

if TYPE_CHECKING:
    from tagger.ledger import LedgerRow

BOM = "\ufeff"  # stands first in a CSV file: without it Excel takes UTF-8 for the system's old encoding
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]#|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return one_line(text).translate(MARKS)


def render_table_markdown(table: Table) -> str:
    """Return a table as Markdown."""
    rule = ["---:" if place in table.numbers else "---" for place in range(len(table.head))]
    rows = [[markdown(cell) for cell in row] for row in (table.head, *table.rows)]
    rows.insert(1, rule)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def render_summary_markdown(
    summaries: Iterable[ArticleSummary], names: Mapping[str, str], lang: Lang, ledger: Iterable["LedgerRow"] = ()
) -> str:
    """Return the summaries as one Markdown page, each article's quantities under its measures."""
    say, figures = phrases(lang), by_article(ledger)
    parts = [f"# {say.summary}\n"]
    for summary in summaries:
        table = summary_table(summary, names, say)
        parts.append(f"## {markdown(table.title)}\n")
        parts.append("".join(f"- {label}{say.colon}{markdown(text)}\n" for label, text in facts(summary, say)))
        parts.append(render_table_markdown(table) if table.rows else f"{table.note}\n")
        parts.append(f"{markdown(missing(summary, names, say))}\n")
        if rows := figures.get(key(summary)):
            counted = figure_table(rows, names, say)
            parts += [f"### {counted.title}\n", render_table_markdown(counted)]
            parts += [f"{markdown(counted.note)}\n"] if counted.note else []
    return "\n".join([*parts, f"*{say.reading_summary}*\n"])


def render_summary_json(summaries: Iterable[ArticleSummary], ledger: Iterable["LedgerRow"] | None = None) -> str:
    """Return the summaries as a JSON array; with a ledger, each measure has its quantities as "figures"."""
    figures = None if ledger is None else by_article(ledger)
    rows = []
    for summary in summaries:
        value: dict[str, Any] = asdict(summary) | {"untagged": summary.untagged}
        if figures is not None:
            from tagger.ledger import as_row

            for measure in value["measures"]:
                held = (row for row in figures.get(key(summary), ()) if row.measure == measure["measure"])
                measure["figures"] = [as_row(row) for row in held]
        rows.append(value)
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def render_summary_csv(summaries: Iterable[ArticleSummary], names: Mapping[str, str]) -> str:
    """Return the summaries as CSV, a row per article and measure (one, empty, if it has none)."""
    about = ["file", "article", "title", "date", "place", "body_paragraphs", "tagged_paragraphs"]
    found = [
        "measure",
        "name",
        "paragraphs",
        "lines",
        "characters",
        "share",
        "probability",
        "sentence",
        "words",
    ]
    rows: list[list[Cell]] = []
    for summary in summaries:
        start: list[Cell] = [summary.file, summary.number, summary.title]
        start += [summary.date, summary.place, summary.paragraphs, summary.tagged]
        rows += [
            [
                *start,
                row.measure,
                names.get(row.measure, row.measure),
                spelt(row.paragraphs),
                spelt(row.lines),
                row.characters,
                round(row.share, 4),
                round(row.probability, 4),
                row.sentence,
                " ".join(row.words),
            ]
            for row in summary.measures
        ] or [[*start, *[None] * len(found)]]
    return csv_text(about + found, rows)


def render_coverage_markdown(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> str:
    """Return a coverage as one Markdown page."""
    say = phrases(lang)
    parts = [f"# {say.coverage}\n", f"{headline(coverage, say)}\n"]
    parts.append("".join(f"- {line}\n" for line in counts(coverage, say)))
    for table in coverage_tables(coverage, names, say):
        parts += [f"## {table.title}\n", render_table_markdown(table)]
        parts += [f"*{table.note}*\n"] if table.note else []
    return "\n".join(parts)


def render_coverage_csv(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> str:
    """Return every share as CSV, a row per group, measure and unit; the whole has an empty group."""
    head = ["by", "group", "measure", "name", "unit", "count", "total", "share", "low", "high"]
    say = phrases(lang)
    rows: list[Sequence[Cell]] = []
    for by, group in (("", coverage.whole), *((coverage.by or "", group) for group in coverage.groups)):
        for row in rows_of(group):
            for unit, share in zip(UNITS, (row.articles, row.paragraphs, row.characters), strict=True):
                ends = [round(end, 6) for end in share.interval] if share.interval else [None, None]
                about = [by, group.name, _id(row.measure), name_of(row, names, say), unit]
                rows.append([*about, share.count, share.total, round(share.value, 6), *ends])
    return csv_text(head, rows)


def render_matrix_csv(coverage: Coverage) -> str:
    """Return articles by measures as CSV: how many paragraphs of each."""
    head = [
        "file",
        "article",
        "title",
        "date",
        "place",
        "paragraphs",
        "characters",
        *coverage.measures,
        "none",
    ]
    rows: list[list[Cell]] = []
    for article in coverage.articles:
        start: list[Cell] = [article.file, article.number, article.title, article.date, article.place]
        rows.append([*start, article.paragraphs, article.characters, *article.measures.values(), article.none])
    return csv_text(head, rows)


def render_coverage_json(coverage: Coverage) -> str:
    """Return a coverage as a JSON object."""
    groups = [_group(group) for group in coverage.groups]
    unread = [{"path": unread.path, "reason": unread.reason} for unread in coverage.unread]
    value = {
        "inputs": {"all": coverage.inputs, "read": coverage.read, "unread": len(coverage.unread)},
        "blocks": {kind: coverage.blocks.get(kind, 0) for kind in KINDS},
        **_group(coverage.whole, named=False),
        "together": [{"measures": list(pair), "paragraphs": n} for pair, n in coverage.together.items()],
        "matrix": [asdict(article) for article in coverage.articles],
        "unlisted": coverage.unlisted,
        "by": coverage.by,
        "groups": groups,
        "unread": unread,
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _id(measure: str) -> str:
    return {"": "none", "+": "several"}.get(measure, measure)


def _group(group: Group, *, named: bool = True) -> dict[str, object]:
    value: dict[str, object] = {"group": group.name} if named else {}
    value |= {"articles": group.articles, "paragraphs": group.paragraphs, "characters": group.characters}
    shares = {
        _id(row.measure): {
            unit: _share(share)
            for unit, share in zip(UNITS, (row.articles, row.paragraphs, row.characters), strict=True)
        }
        for row in rows_of(group)
    }
    return value | {"shares": shares}


def _share(share: Share) -> dict[str, object]:
    ends = [round(end, 6) for end in share.interval] if share.interval else None
    return {"count": share.count, "share": round(share.value, 6), "interval": ends}
