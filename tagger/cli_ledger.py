"""The command that lists results in numbers: ledger."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.console import Account, Column, Encoding, Files, ModelName, Output, counted, watched, workspace
from tagger.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagger.article import TaggedArticle
    from tagger.ledger import Cues, LedgerRow

FORMS = (".xlsx", ".csv", ".jsonl")


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(ledger)


def ledger(
    ctx: typer.Context,
    files: Files,
    output: Output = None,
    totals: Annotated[
        bool, typer.Option("--totals", help="Write sums of money and people by measure, not the rows.")
    ] = False,
    model: ModelName = "default",
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """List the results in numbers: a row for each quantity, with its unit, what it counts and its measure.

    PATH ends in .xlsx, .csv or .jsonl.
    """
    from tagger.codebook import load_codebook
    from tagger.ledger import FIELDS, TOTAL_FIELDS, as_row, total_row
    from tagger.ledger import totals as add_up
    from tagger.read import ReadOptions, read
    from tagger.store import load
    from tagger.tag import tag
    from tagger.tagfiles import write_rows

    if output not in (None, "-") and Path(output or "").suffix.lower() not in FORMS:
        raise UsageError(output or "", f"a ledger is written as {', '.join(FORMS)}; choose one of these endings")
    place = workspace(ctx)
    loaded = load(place.model(model))
    cues = {measure.id: measure.cues for measure in load_codebook(place.codebook).measures}
    account = Account()
    tagged = account.passing(tag(read(files, ReadOptions(column=column, encoding=encoding)), loaded))
    rows = _rows(watched(tagged, "articles"), cues)
    if totals:
        number = write_rows(output, map(total_row, add_up(rows)), TOTAL_FIELDS)
        account.close(f"{counted(number, 'sum')} of {counted(account.articles, 'article')} written")
        return
    number = write_rows(output, map(as_row, rows), FIELDS)
    done = "1 quantity" if number == 1 else f"{number:,} quantities"
    account.close(f"{done} of {counted(account.articles, 'article')} listed")


def _rows(articles: "Iterable[TaggedArticle]", cues: "Cues") -> "Iterator[LedgerRow]":
    from tagger.ledger import ledger as rows_of

    return (row for article in articles for row in rows_of(article, cues))
