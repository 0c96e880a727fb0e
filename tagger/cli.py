"""The command `tagger`: it parses, calls one function, prints."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger import cli_labels, cli_model, cli_report
from tagger.console import (
    Account,
    Column,
    Encoding,
    Files,
    ModelName,
    Output,
    counted,
    group,
    watched,
    workspace,
)
from tagger.errors import UsageError

if TYPE_CHECKING:
    from tagger.article import TaggedArticle
    from tagger.model import Model
    from tagger.tagfiles import Row

BLOCK_FIELDS = ("file", "article", "kind", "lines", "text")
TAG_FIELDS = ("file", "article", "paragraph", "lines", "text", "measures", "scores", "title", "date", "place")

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


@app.command()
def tag(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...", help="Files, folders or globs to tag; - is standard input.", show_default=False
        ),
    ] = None,
    output: Output = None,
    paragraphs: Annotated[
        str | None,
        typer.Option(
            metavar="IN.jsonl",
            help='Tag paragraphs {"id", "text"} as they are, with no reading.',
            show_default=False,
        ),
    ] = None,
    model: ModelName = "default",
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """Tag every body paragraph with its measures and each measure's probability.

    PATH ends in .jsonl, .csv, .xlsx or .parquet.
    """
    from tagger.store import load
    from tagger.tag import tag as tag_articles

    if bool(files) == bool(paragraphs):
        raise UsageError("tagger tag", "give either FILE... or --paragraphs IN.jsonl")
    loaded = load(workspace(ctx).model(model))
    account = Account()
    if paragraphs:
        _tag_paragraphs(paragraphs, output, loaded, account)
        return
    from tagger.read import ReadOptions
    from tagger.read import read as read_files
    from tagger.tagfiles import write_rows

    tagged = tag_articles(read_files(files or [], ReadOptions(column=column, encoding=encoding)), loaded)
    rows = _rows(watched(account.passing(tagged), "articles"))
    number = write_rows(output, rows, TAG_FIELDS, loaded.measures)
    account.close(f"{counted(number, 'paragraph')} of {counted(account.articles, 'article')} tagged")


def _rows(articles: "Iterable[TaggedArticle]") -> "Iterable[Row]":
    from tagger.tagfiles import tag_rows

    return (row for article in articles for row in tag_rows(article))


def _tag_paragraphs(source: str, output: str | None, model: "Model", account: Account) -> None:
    from tagger.paragraphs import given
    from tagger.tag import tag_given
    from tagger.tagfiles import DIGITS, write_rows

    answers = account.passing(tag_given(given(source), model))
    rows: Iterable[Row] = (
        {
            "id": item.id,
            "measures": list(measures),
            "scores": {measure: round(value, DIGITS) for measure, value in scores.items()},
        }
        for item, (measures, scores) in watched(answers, "paragraphs")
    )
    number = write_rows(output, rows, ("id", "measures", "scores"), model.measures)
    account.close(f"{counted(number, 'paragraph')} tagged")


cli_report.add(app)
cli_model.add(app)
app.add_typer(cli_labels.app, name="labels")
