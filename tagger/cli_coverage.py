"""The command `tagger coverage`: tags added up, shown, drawn, and corrected by a coded sample."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
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
    text_table,
    watched,
)
from tagger.errors import UsageError
from tagger.reporting import (
    Form,
    Format,
    form_of,
    model_and_codebook,
    put,
    tagged_before_or_now,
    tagged_now,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.article import TaggedArticle
    from tagger.corrected import Corrected
    from tagger.coverage import Coverage
    from tagger.model import Model
    from tagger.sampled import Placed
    from tagger.tally import Tally

MORE: dict[str, Form] = {".xlsx": "workbook", ".svg": "picture", ".png": "picture"}


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(coverage)


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
    audit: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Write N paragraphs drawn at random to PATH, to be coded by hand.",
            show_default=False,
        ),
    ] = None,
    codes: Annotated[
        Path | None,
        typer.Option(metavar="CODED", help="Correct each share by these codes of such a sample.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="With --audit: another seed, another sample.")] = 0,
    lang: Lang = None,
    model: ModelName = "default",
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """Add up which measures the articles cover, and how much, with 95% intervals.

    PATH ends in .md, .html, .json, .csv, .xlsx (a workbook), .svg or .png (a picture). With --audit it ends in
    .jsonl, .csv or .xlsx; with --codes in .md, .json or .csv.
    """
    from tagger.coverage import add_up
    from tagger.ledger import ledger
    from tagger.pictures import coverage_bars
    from tagger.pictures import draw as draw_picture
    from tagger.sampled import FIELDS, draw, estimated, read_codes, rows
    from tagger.tagfiles import write_rows
    from tagger.workbook import write_workbook

    tagger, codebook = model_and_codebook(ctx, model)
    shown = language(lang)
    names = codebook.names(shown)
    account = Account()
    items: Iterable[TaggedArticle | Tally | Unread] = tagged_before_or_now(files, tagger, column, encoding)
    if audit or codes:
        if audit and codes:
            raise UsageError("tagger coverage", "say --audit to draw a sample, then --codes with the file coded")
        found = account.passing(watched(placed_in(files, tagger, column, encoding), "paragraphs"))
        if audit:
            number = write_rows(output, rows(draw(found, audit, seed)), FIELDS)
            account.close(f"{counted(number, 'paragraph')} of {account.articles:,} drawn, in random order; code them")
        else:
            coded = read_codes(Path(str(codes)), tagger.measures)
            figures = estimated(found, coded, tagger.measures)
            put(output, shares(figures, names, form_of(form, output)), form=form_of(form, output))
            account.close(f"{counted(len(coded), 'code')} against {account.articles:,} paragraphs")
        return
    chosen = form_of(form, output, MORE)
    if chosen == "workbook":
        cues = {measure.id: measure.cues for measure in codebook.measures}
        added = write_workbook(
            str(output), account.noting(watched(items, "articles")), names, shown, lambda article: ledger(article, cues)
        )
    else:
        added = add_up(account.noting(watched(items, "articles")), tagger.measures, by=by)
        if chosen == "picture":
            draw_picture(coverage_bars(added, names, shown), str(output))
        else:
            put(output, rendered(added, chosen, names, shown), form=chosen)
    account.close(f"{counted(added.whole.articles, 'article')} added up")


def rendered(added: "Coverage", form: Form, names: "Mapping[str, str]", lang: Literal["zh", "en"]) -> str:
    """Return a coverage as text of a form."""
    from tagger import report_text
    from tagger.report_html import render_coverage_page
    from tagger.report_terminal import render_coverage_terminal

    if form == "html":
        return render_coverage_page(added, names, lang)
    if form == "markdown":
        return report_text.render_coverage_markdown(added, names, lang)
    if form == "json":
        return report_text.render_coverage_json(added)
    if form == "csv":
        return report_text.render_coverage_csv(added, names, lang)
    return render_coverage_terminal(added, names, lang, width=width(), colour=sys.stdout.isatty())


def placed_in(
    files: list[str], model: "Model", column: str | None, encoding: str | None
) -> "Iterator[Placed | Unread]":
    """Yield the paragraphs of files with their tags; those of tag files and batch runs as they were tagged."""
    from tagger.manifest import is_run
    from tagger.runs import shards
    from tagger.sampled import placed, placed_before
    from tagger.tally import is_tag_file

    for name in files:
        if is_run(name):
            for shard in shards(name):
                yield from [shard] if isinstance(shard, Unread) else placed_before(shard)
        elif is_tag_file(name):
            yield from placed_before(name)
        else:
            yield from placed(tagged_now([name], model, column, encoding))


def shares(figures: "Mapping[str, Corrected]", names: "Mapping[str, str]", form: Form) -> str:
    """Return corrected shares as a table of a form."""
    head = ["measure", "share", "low", "high", "tagged", "sample", "sample_low", "sample_high", "weight", "coded"]
    if form == "json":
        plain = [{"measure": name, **asdict(one)} for name, one in figures.items()]
        return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    rows = []
    for name, one in figures.items():
        *values, coded = asdict(one).values()
        shown = names.get(name, name) or "none"
        rows.append([shown, *(f"{value:.4f}" for value in values), str(coded)])
    if form == "csv":
        return "".join(",".join(line) + "\n" for line in [head, *rows])
    if form == "markdown":
        return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---", *["---:"] * 9], *rows])
    if form == "html":
        raise UsageError("--codes", "corrected shares are written as a table, .md, .json or .csv")
    return text_table(head, rows)
