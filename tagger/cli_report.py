"""The commands that show: summary, coverage, explain."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import (
    Account,
    Column,
    Encoding,
    Lang,
    ModelName,
    Output,
    counted,
    language,
    watched,
    workspace,
)
from tagger.errors import UsageError

if TYPE_CHECKING:
    from tagger.article import TaggedArticle, Unread
    from tagger.codebook import Codebook
    from tagger.model import Model
    from tagger.tally import Tally

Form = Literal["table", "markdown", "html", "json", "csv"]
ENDINGS: dict[str, Form] = {
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".csv": "csv",
}

Format = Annotated[
    Form | None,
    typer.Option("--format", help="Form of the report; by PATH's ending if left out.", show_default=False),
]
Report = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Files, folders or globs to read; - is standard input.", show_default=False),
]


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (summary, coverage, explain):
        app.command()(command)


def summary(
    ctx: typer.Context,
    files: Report,
    output: Output = None,
    form: Format = None,
    lang: Lang = None,
    model: ModelName = "default",
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """Sum up each article: its measures, where they stand, and the sentences and words that told.

    PATH ends in .md, .html, .json or .csv.
    """
    from tagger import report_text
    from tagger.report_html import render_page
    from tagger.report_terminal import render_summary_terminal
    from tagger.summary import summarise

    chosen, shown = _form(form, output), language(lang)
    tagger, codebook = _model(ctx, model)
    names = _names(codebook, shown)
    account = Account()
    items = list(watched(_tagged(files, tagger, column, encoding, evidence=True), "articles"))
    tagged: list[TaggedArticle] = list(account.passing(items))
    summaries = [summarise(article, tagger.measures) for article in tagged]
    if chosen == "html":
        text = render_page(items, names, shown)
    elif chosen == "markdown":
        text = report_text.render_summary_markdown(summaries, names, shown)
    elif chosen == "json":
        text = report_text.render_summary_json(summaries)
    elif chosen == "csv":
        text = report_text.render_summary_csv(summaries, names)
    else:
        text = render_summary_terminal(summaries, names, shown, width=_width(), colour=sys.stdout.isatty())
    _put(output, text)
    account.close(f"{counted(account.articles, 'article')} summed up")


def coverage(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...|TAGS...",
            help="Articles to read, or files that tagger tag wrote.",
            show_default=False,
        ),
    ],
    output: Output = None,
    form: Format = None,
    by: Annotated[
        Literal["source", "date", "month", "place", "folder"] | None,
        typer.Option("--by", help="Add up by this field, too.", show_default=False),
    ] = None,
    lang: Lang = None,
    model: ModelName = "default",
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """Add up which measures the articles cover, and how much, with 95% intervals.

    PATH ends in .md, .html, .json or .csv.
    """
    from tagger import report_text
    from tagger.coverage import add_up
    from tagger.report_html import render_coverage_page
    from tagger.report_terminal import render_coverage_terminal

    chosen, shown = _form(form, output), language(lang)
    tagger, codebook = _model(ctx, model)
    names = _names(codebook, shown)
    account = Account()
    items: Iterable[TaggedArticle | Tally | Unread] = _given(files, tagger, column, encoding)
    added = add_up(account.noting(watched(items, "articles")), tagger.measures, by=by)
    if chosen == "html":
        text = render_coverage_page(added, names, shown)
    elif chosen == "markdown":
        text = report_text.render_coverage_markdown(added, names, shown)
    elif chosen == "json":
        text = report_text.render_coverage_json(added)
    elif chosen == "csv":
        text = report_text.render_coverage_csv(added, names, shown)
    else:
        text = render_coverage_terminal(added, names, shown, width=_width(), colour=sys.stdout.isatty())
    _put(output, text)
    account.close(f"{counted(added.whole.articles, 'article')} added up")


def explain(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(metavar="TEXT|-", help="A paragraph; - is standard input.", show_default=False)
    ],
    top: Annotated[int, typer.Option(min=1, help="How many terms to show of each measure.")] = 8,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="Form of the answer.")] = "table",
    model: ModelName = "default",
) -> None:
    """Show what a paragraph is tagged with, and each measure's terms with contributions that add up to its logit."""
    from tagger.explain import explained, render_json, render_text

    tagger, _ = _model(ctx, model)
    paragraph = _standard_input() if text == "-" else text
    if not paragraph.strip():
        raise UsageError("tagger explain", "the paragraph is empty; give a text, or - and a text on standard input")
    answer = explained(tagger, paragraph.strip())
    typer.echo(render_json(answer) if form == "json" else render_text(answer, top), nl=False)


def _standard_input() -> str:
    from tagger.decode import decode

    return decode("standard input", sys.stdin.buffer.read())[0]


def _form(form: Form | None, output: str | None) -> Form:
    """Return the form asked for, else the one that the output's ending means, else the terminal's table."""
    if form:
        return form
    if output is None or output == "-":
        return "table"
    ending = Path(output).suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(output, f"a report ends in {', '.join(ENDINGS)}; choose one, or say --format")
    return ENDINGS[ending]


def _model(ctx: typer.Context, name: str) -> "tuple[Model, Codebook]":
    from tagger.codebook import load_codebook
    from tagger.store import load

    place = workspace(ctx)
    return load(place.model(name)), load_codebook(place.codebook)


def _names(codebook: "Codebook", lang: Literal["zh", "en"]) -> dict[str, str]:
    return codebook.names(lang)


def _tagged(
    files: list[str], model: "Model", column: str | None, encoding: str | None, *, evidence: bool = False
) -> "Iterator[TaggedArticle | Unread]":
    from tagger.read import ReadOptions, read
    from tagger.tag import tag

    return tag(read(files, ReadOptions(column=column, encoding=encoding)), model, evidence=evidence)


def _given(
    files: list[str], model: "Model", column: str | None, encoding: str | None
) -> "Iterator[TaggedArticle | Tally | Unread]":
    """Yield tag files' articles as they were tagged, all others tagged now."""
    from tagger.tally import is_tag_file, tally_file

    for name in files:
        if is_tag_file(name):
            yield from tally_file(name, model.measures)
        else:
            yield from _tagged([name], model, column, encoding)


def _width() -> int:
    """Return the width of the terminal written to, within reason."""
    from shutil import get_terminal_size

    return max(60, min(160, get_terminal_size((100, 24)).columns))


def _put(output: str | None, text: str) -> None:
    from tagger.files import write_text

    if output is None or output == "-":
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
