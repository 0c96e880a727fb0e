"""The commands that show: summary, coverage, explain."""

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.article import Unread
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
    from collections.abc import Mapping

    from tagger.article import TaggedArticle
    from tagger.codebook import Codebook
    from tagger.model import Model
    from tagger.summary import ArticleSummary
    from tagger.tally import Tally

Form = Literal["table", "markdown", "html", "json", "csv"]
ENDINGS: dict[str, Form] = {
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".csv": "csv",
}
PAGE = 2000  # articles of a page that a browser still opens at once
SOME = 100  # articles of a summary in memory at a time

Format = Annotated[
    Form | None,
    typer.Option("--format", help="Form of the report; by PATH's ending if left out.", show_default=False),
]
Report = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Files, folders or globs to read, or a folder that tagger tag filled; - is standard input.",
        show_default=False,
    ),
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
    from tagger.report_html import render_page
    from tagger.summary import summarise

    chosen, shown = _form(form, output), language(lang)
    tagger, codebook = _model(ctx, model)
    names = _names(codebook, shown)
    account = Account()
    items = account.noting(watched(_told(files, tagger, column, encoding), "articles"))
    if chosen == "html":
        held = list(islice(items, PAGE + 1))
        if len(held) > PAGE:
            raise UsageError(output or "--format html", f"a page holds {PAGE:,} articles; choose .csv, .json or .md")
        account.articles = sum(not isinstance(item, Unread) for item in held)
        _put(output, render_page(held, names, shown))
    else:
        tagged = (item for item in items if not isinstance(item, Unread))
        summaries = (summarise(article, tagger.measures) for article in tagged)
        account.articles = _write(output, chosen, summaries, names, shown)
    account.close(f"{counted(account.articles, 'article')} summed up")


def _write(
    output: str | None,
    form: Form,
    summaries: "Iterator[ArticleSummary]",
    names: "Mapping[str, str]",
    lang: Literal["zh", "en"],
) -> int:
    """Write summaries as they come, so that any number of them can be; return how many there were."""
    from tagger.files import writing

    count = 0

    def some() -> "Iterator[list[ArticleSummary]]":
        nonlocal count
        while held := list(islice(summaries, SOME)):
            count += len(held)
            yield held

    parts = _parts(form, some(), names, lang)
    if output is None or output == "-":
        for part in parts:
            typer.echo(part, nl=False)
    else:
        with writing(output) as file:
            file.writelines(parts)
    return count


def _parts(
    form: Form, some: "Iterator[list[ArticleSummary]]", names: "Mapping[str, str]", lang: Literal["zh", "en"]
) -> Iterator[str]:
    """Yield a report in parts: joined, they are what all summaries at once would give."""
    from tagger import report_text
    from tagger.report_terminal import render_summary_terminal

    def text(summaries: "list[ArticleSummary]") -> str:
        if form == "markdown":
            return report_text.render_summary_markdown(summaries, names, lang)
        if form == "json":
            return report_text.render_summary_json(summaries)
        if form == "csv":
            return report_text.render_summary_csv(summaries, names)
        return render_summary_terminal(summaries, names, lang, width=_width(), colour=sys.stdout.isatty())

    none = text([])
    cut = {"markdown": none.find("\n\n") + 2, "json": 1, "csv": len(none)}.get(form, 0)
    start, end = none[:cut], none[cut:]
    parting = "," if form == "json" else ""
    yield start
    last = ""
    for number, summaries in enumerate(some):
        body = text(summaries).removeprefix(start)
        if form == "json":
            body, last = body.removesuffix("\n" + end), "\n"
        else:
            body = body.removesuffix(end)
        yield (parting if number else "") + body
    yield last + end


def coverage(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...|TAGS...",
            help="Articles to read, or files and folders that tagger tag wrote.",
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


def _told(
    files: list[str], model: "Model", column: str | None, encoding: str | None
) -> "Iterator[TaggedArticle | Unread]":
    """Yield articles tagged with evidence; those of a batch run's folder from their paragraphs."""
    from tagger.manifest import is_run
    from tagger.runs import paragraphs
    from tagger.tag import tag

    for name in files:
        if is_run(name):
            yield from tag(paragraphs(name), model, evidence=True)
        else:
            yield from _tagged([name], model, column, encoding, evidence=True)


def _given(
    files: list[str], model: "Model", column: str | None, encoding: str | None
) -> "Iterator[TaggedArticle | Tally | Unread]":
    """Yield the articles of tag files and of batch runs' folders as they were tagged, all others tagged now."""
    from tagger.manifest import is_run
    from tagger.runs import tallies
    from tagger.tally import is_tag_file, tally_file

    for name in files:
        if is_run(name):
            yield from tallies(name, model.measures)
        elif is_tag_file(name):
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
