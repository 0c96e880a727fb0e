"""The command `tagger`: it parses, calls one function, prints."""

from pathlib import Path
from typing import Annotated

import typer

from tagger import cli_coverage, cli_labels, cli_ledger, cli_model, cli_report, cli_serve, cli_tag
from tagger.console import (
    Account,
    Column,
    Encoding,
    Files,
    Output,
    counted,
    group,
    watched,
)

BLOCK_FIELDS = ("file", "article", "kind", "lines", "text")

app = group("Tag Chinese policy reports with the measures that they report, and show why.")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tagger {version('measure-tagger')}")
        raise typer.Exit


@app.callback()
def main(
    workspace: Annotated[  # read from the context by the commands
        Path | None,
        typer.Option(metavar="DIR", help="Work on this workspace, not the one stood in.", show_default=False),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Tag Chinese policy reports with the measures that they report, and show why."""


@app.command()
def read(files: Files, output: Output = None, column: Column = None, encoding: Encoding = None) -> None:
    """Take articles apart: one row per block (title, heading, byline, caption, furniture, body).

    PATH ends in .jsonl, .csv, .xlsx or .parquet.
    """
    from tagger.read import ReadOptions
    from tagger.read import read as read_files
    from tagger.tagfiles import block_rows, write_rows

    account = Account()
    articles = account.passing(read_files(files, ReadOptions(column=column, encoding=encoding)))
    rows = (row for article in watched(articles, "articles") for row in block_rows(article))
    blocks = write_rows(output, rows, (*BLOCK_FIELDS, "row"))
    account.close(f"{counted(blocks, 'block')} of {counted(account.articles, 'article')} read")


cli_tag.add(app)
cli_report.add(app)
cli_coverage.add(app)
cli_ledger.add(app)
cli_serve.add(app)
cli_model.add(app)
app.add_typer(cli_labels.app, name="labels")
