"""The commands that show an article or a paragraph: summary, explain."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.article import Unread
from tagger.console import Account, Column, Encoding, Lang, ModelName, Output, counted, language, watched
from tagger.errors import UsageError
from tagger.reporting import Form, Format, form_of, model_and_codebook, put, tagged_with_evidence, width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.ledger import LedgerRow
    from tagger.summary import ArticleSummary

    Told = tuple[ArticleSummary, list[LedgerRow]]

PAGE = 2000  # articles of a page that a browser still opens at once
SOME = 100  # articles of a summary in memory at a time

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
    for command in (summary, explain):
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
    from tagger.ledger import ledger
    from tagger.report_html import render_page
    from tagger.summary import summarise

    chosen, shown = form_of(form, output), language(lang)
    tagger, codebook = model_and_codebook(ctx, model)
    names = codebook.names(shown)
    cues = {measure.id: measure.cues for measure in codebook.measures}
    account = Account()
    items = account.noting(watched(tagged_with_evidence(files, tagger, column, encoding), "articles"))
    if chosen == "html":
        held = list(islice(items, PAGE + 1))
        if len(held) > PAGE:
            raise UsageError(output or "--format html", f"a page holds {PAGE:,} articles; choose .csv, .json or .md")
        account.articles = sum(not isinstance(item, Unread) for item in held)
        rows = [row for item in held if not isinstance(item, Unread) for row in ledger(item, cues)]
        put(output, render_page(held, names, shown, rows, _printed(files, column, encoding)))
    else:
        tagged = (item for item in items if not isinstance(item, Unread))
        summaries = ((summarise(article, tagger.measures), ledger(article, cues)) for article in tagged)
        account.articles = _write(output, chosen, summaries, names, shown)
    account.close(f"{counted(account.articles, 'article')} summed up")


def _printed(files: list[str], column: str | None, encoding: str | None) -> "dict[tuple[str, int | None], str]":
    """Return each source's text, by file and row: articles don't keep it, so it is read again."""
    from tagger.article import Source
    from tagger.inputs import inputs
    from tagger.manifest import is_run
    from tagger.read import ReadOptions, sources

    options = ReadOptions(column=column, encoding=encoding)
    paths = inputs([name for name in files if name != "-" and not is_run(name)])
    return {
        (one.file, one.row): one.text
        for path in paths
        if not isinstance(path, Unread)
        for one in sources(path, options)
        if isinstance(one, Source)
    }


def _write(
    output: str | None,
    form: Form,
    summaries: "Iterator[Told]",
    names: "Mapping[str, str]",
    lang: Literal["zh", "en"],
) -> int:
    """Write summaries as they come, so that any number of them can be; return how many there were."""
    from tagger.files import writing
    from tagger.report_text import BOM

    count = 0

    def some() -> "Iterator[list[Told]]":
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
            file.write(BOM if form == "csv" else "")
            file.writelines(parts)
    return count


def _parts(
    form: Form, some: "Iterator[list[Told]]", names: "Mapping[str, str]", lang: Literal["zh", "en"]
) -> Iterator[str]:
    """Yield a report in parts: joined, they are what all summaries at once would give."""
    from tagger import report_text
    from tagger.report_terminal import render_summary_terminal

    def text(told: "list[Told]") -> str:
        summaries = [one for one, _ in told]
        figures = [row for _, rows in told for row in rows]
        if form == "markdown":
            return report_text.render_summary_markdown(summaries, names, lang, figures)
        if form == "json":
            return report_text.render_summary_json(summaries, figures)
        if form == "csv":
            return report_text.render_summary_csv(summaries, names)
        colour = sys.stdout.isatty()
        return render_summary_terminal(summaries, names, lang, width=width(), colour=colour, ledger=figures)

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

    tagger, _ = model_and_codebook(ctx, model)
    paragraph = _standard_input() if text == "-" else text
    if not paragraph.strip():
        raise UsageError("tagger explain", "the paragraph is empty; give a text, or - and a text on standard input")
    answer = explained(tagger, paragraph.strip())
    typer.echo(render_json(answer) if form == "json" else render_text(answer, top), nl=False)


def _standard_input() -> str:
    from tagger.decode import decode

    return decode("standard input", sys.stdin.buffer.read())[0]
