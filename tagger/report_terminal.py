"""Reports as tables for the terminal."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tagger.cells import columns, one_line, printable
from tagger.coverage import Coverage
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
    summary_table,
)
from tagger.summary import ArticleSummary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Grid

    from tagger.ledger import LedgerRow

SENTENCE, WORDS = 5, 6  # their columns in a summary's table
LONGEST, LEAST = 18, 5  # columns of a text cut short, of a number's head beside it
WIDE = 90  # below this many columns the sentences stand under the table


def render_summary_terminal(  # noqa: PLR0913 - what to show, in which language, on what
    summaries: Iterable[ArticleSummary],
    names: Mapping[str, str],
    lang: Lang,
    *,
    width: int = 100,
    colour: bool = False,
    ledger: Iterable["LedgerRow"] = (),
) -> str:
    """Return the summaries as text for a terminal of a width, each article's quantities under its measures."""
    say, figures = phrases(lang), by_article(ledger)
    console, out = _console(width, colour=colour)
    for summary in summaries:
        table = summary_table(summary, names, say)
        _print(console, table.title, style="bold")
        for label, text in facts(summary, say):
            _print(console, f"{label}{say.colon}{text}", style="dim")
        if not table.rows:
            _print(console, table.note)
        elif width >= WIDE:
            console.print(_grid(_told_together(table)))
        else:
            console.print(_grid(_without(table, SENTENCE, WORDS)))
            for row in table.rows:
                _print(console, f"{row[0]}{say.colon}{row[SENTENCE]}")
                _print(console, f"  {row[WORDS]}", style="dim")
        if rows := figures.get(key(summary)):
            counted = figure_table(rows, names, say)
            _print(console, counted.title, style="bold")
            console.print(_grid(counted))
            _print(console, counted.note, style="dim")
        _print(console, f"{missing(summary, names, say)}\n", style="dim")
    return out.getvalue()


def render_coverage_terminal(
    coverage: Coverage, names: Mapping[str, str], lang: Lang, *, width: int = 100, colour: bool = False
) -> str:
    """Return a coverage as text for a terminal of a width."""
    say = phrases(lang)
    console, out = _console(width, colour=colour)
    _print(console, headline(coverage, say), style="bold")
    for line in counts(coverage, say):
        _print(console, line, style="dim")
    for table in coverage_tables(coverage, names, say):
        _print(console, f"\n{table.title}", style="bold")
        console.print(_grid(table))
        if table.note:
            _print(console, table.note, style="dim")
    return out.getvalue()


def _console(width: int, *, colour: bool) -> tuple["Console", io.StringIO]:
    from rich.console import Console

    out = io.StringIO()
    plain = Console(file=out, width=width, force_terminal=False, color_system=None, legacy_windows=False)
    bright = Console(file=out, width=width, force_terminal=True, color_system="standard", legacy_windows=False)
    return (bright if colour else plain), out


def _print(console: "Console", text: str, style: str = "") -> None:
    """Print text as it is: no markup, no control characters."""
    from rich.text import Text

    start = "\n" if text.startswith("\n") else ""
    end = "\n\n" if text.endswith("\n") else "\n"
    console.print(Text(start + one_line(text), style=style), end=end, highlight=False)


def _grid(table: Table) -> "Grid":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(table.head):
        side: Literal["left", "right"] = "right" if place in table.numbers else "left"
        if place in table.cut:
            grid.add_column(Text(one_line(head)), no_wrap=True, overflow="ellipsis", max_width=LONGEST)
        else:
            least = min(LEAST, columns(head)) if table.cut else None
            grid.add_column(Text(one_line(head)), justify=side, overflow="fold", min_width=least)
    for row in table.rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    return grid


def _told_together(table: Table) -> Table:
    """Return the table with each sentence and its words in one cell."""
    short = _without(table, SENTENCE, WORDS)
    told = (f"{one_line(row[SENTENCE])}\n{one_line(row[WORDS])}" for row in table.rows)
    rows = tuple((*row, cell) for row, cell in zip(short.rows, told, strict=True))
    return replace(short, head=(*short.head, f"{table.head[SENTENCE]} · {table.head[WORDS]}"), rows=rows)


def _without(table: Table, *places: int) -> Table:
    """Return the table without some columns; the numbers stand before them."""
    keep = [place for place in range(len(table.head)) if place not in places]
    rows = tuple(tuple(row[place] for place in keep) for row in table.rows)
    return replace(table, head=tuple(table.head[place] for place in keep), rows=rows)
