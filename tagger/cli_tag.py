"""The command `tagger tag`: one file of rows, or a folder filled by many workers."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import (
    Account,
    Column,
    Encoding,
    ModelName,
    Output,
    counted,
    say,
    watched,
    workspace,
)
from tagger.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.article import TaggedArticle, Unread
    from tagger.batch import Step, Workers
    from tagger.model import Model
    from tagger.read import ReadOptions
    from tagger.tagfiles import Row
    from tagger.tagging import Settings

    Review = Callable[[Iterable[Row]], Iterable[Row]]

TAG_FIELDS = (
    *("file", "article", "paragraph", "lines", "text", "measures", "scores"),
    *("title", "date", "place", "row", "id"),
)
TABLES = (".jsonl", ".csv", ".xlsx", ".parquet")  # what one output file may end in
SAID = 20  # inputs not read that a batch run names; its manifest has them all


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(tag)


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
    threshold: Annotated[
        str | None,
        typer.Option(
            metavar="O",
            help="Thresholds that hold precision=0.9, recall=0.9 or the like; the model's own if left out.",
            show_default=False,
        ),
    ] = None,
    review: Annotated[
        str | None,
        typer.Option(
            metavar="OUT.jsonl",
            help="Write the paragraphs in doubt here, too: between the thresholds for recall and precision 0.95.",
            show_default=False,
        ),
    ] = None,
    column: Column = None,
    encoding: Encoding = None,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Workers of a batch run; all there are if left out.", show_default=False),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the batch run that PATH holds.")] = False,
    shard_size: Annotated[
        int, typer.Option(metavar="N", min=1, help="Files, or rows of tables, that a worker tags at a time.")
    ] = 2000,
    form: Annotated[Literal["jsonl", "parquet"], typer.Option("--format", help="Form of a batch run's shards.")] = (
        "jsonl"
    ),
    backend: Annotated[
        Literal["loky", "threading", "dask", "ray"], typer.Option(help="The engine that a batch run works on.")
    ] = "loky",
    address: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A running Dask scheduler or Ray cluster.", show_default=False),
    ] = None,
) -> None:
    """Tag every body paragraph with its measures and each measure's probability.

    PATH ends in .jsonl, .csv, .xlsx or .parquet. Where it is a folder (or --jobs or --resume is said), it is
    filled shard by shard by many workers, with a manifest; a run that was stopped goes on with --resume.
    """
    if bool(files) == bool(paragraphs):
        raise UsageError("tagger tag", "give either FILE... or --paragraphs IN.jsonl")
    if _is_batch(output, jobs, resume=resume):
        from tagger.batch import Workers
        from tagger.tagging import Settings

        if paragraphs or review or not output or output == "-":
            raise UsageError("tagger tag", "a batch run reads FILE... and writes a folder alone: say -o FOLDER")
        settings = Settings(form, shard_size, column, encoding, threshold)
        workers = Workers(jobs or -1, backend, address, resume)
        _tag_batch(files or [], output, workspace(ctx).model(model), settings, workers)
        return
    from tagger.read import ReadOptions
    from tagger.store import load
    from tagger.tag import with_thresholds

    if address or backend != "loky":
        raise UsageError("tagger tag", "--backend and --address go with a batch run: say -o FOLDER")
    loaded = with_thresholds(load(workspace(ctx).model(model)), threshold)
    account = Account()
    with ExitStack() as stack:
        reviewed = _reviewed(stack, review, output, loaded)
        if paragraphs:
            _tag_paragraphs(paragraphs, output, loaded, account, reviewed)
            return
        number = _tag_files(files or [], output, loaded, account, reviewed, ReadOptions(column, encoding))
    account.close(f"{counted(number, 'paragraph')} of {counted(account.articles, 'article')} tagged")


def _tag_files(
    files: list[str], output: str | None, model: "Model", account: Account, reviewed: "Review", options: "ReadOptions"
) -> int:
    from tagger.read import read
    from tagger.segmenters import retiring
    from tagger.tag import tag as tag_articles
    from tagger.tagfiles import write_rows

    articles = retiring(read(files, options))
    rows = _rows(watched(account.passing(tag_articles(articles, model)), "articles"))
    return write_rows(output, reviewed(rows), TAG_FIELDS, model.measures)


def _reviewed(stack: ExitStack, review: str | None, output: str | None, model: "Model") -> "Review":
    """Return what rows pass through: those in doubt are written to a file of their own, too."""
    if review is None:
        return lambda rows: rows
    from tagger.tag import in_doubt
    from tagger.tagfiles import writer

    if not review.endswith(".jsonl") or review == output:
        raise UsageError(review, "paragraphs to review are written as .jsonl, to a file of their own")
    doubt = in_doubt(model)
    write = stack.enter_context(writer(review, ()))

    def passing(rows: "Iterable[Row]") -> "Iterator[Row]":
        number = 0
        for row in rows:
            if measures := doubt(row["scores"]):
                number += 1
                write(row | {"review": measures})
            yield row
        say(f"{counted(number, 'paragraph')} to review in {review}")

    return passing


def _is_batch(output: str | None, jobs: int | None, *, resume: bool) -> bool:
    """Whether a folder is to be filled: it is there, is named as one, or --jobs or --resume asks for one."""
    if output is None or output == "-":
        return jobs is not None or resume
    path = Path(output)
    table = path.suffix.lower() in TABLES and not output.endswith(("/", os.sep))
    if table and (jobs is not None or resume):
        raise UsageError(output, "a batch run fills a folder; name one, with no ending")
    folder = not table and (path.is_dir() or output.endswith(("/", os.sep)) or not path.suffix)
    return folder or jobs is not None or resume


def _tag_batch(files: list[str], output: str, model: Path, settings: "Settings", workers: "Workers") -> None:
    from tagger.article import Unread
    from tagger.batch import counts, run

    said = 0
    try:
        for step in _progress(run(files, output, model, settings, workers), files, output):
            if not isinstance(step, Unread) and step.again:
                say(f"{output}: {step.again}; tagged again")
            for item in [step] if isinstance(step, Unread) else step.record.unread:
                said += 1
                if said <= SAID:
                    say(f"{item.path}: {item.reason}")
    except KeyboardInterrupt:
        say(f"{output}: stopped; what is whole stays. Go on with the same command and --resume")
        raise typer.Exit(130) from None
    total = counts(output)
    if said > SAID:
        say(f"{counted(said - SAID, 'input')} more not read; {Path(output, 'manifest.jsonl')} names them")
    account = Account(total.articles, total.unread)
    parts = f"{counted(total.paragraphs, 'paragraph')} of {counted(total.articles, 'article')}"
    account.close(f"{parts} tagged, in {counted(total.shards, 'shard')}")


def _progress(steps: "Iterator[Step | Unread]", files: list[str], output: str) -> "Iterator[Step | Unread]":
    """Yield the steps; a terminal shows how far they are, how fast they go and how long it will take."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from tagger.batch import Step
    from tagger.shards import corpus_size

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("looking", total=None)
        progress.update(task, total=corpus_size(files, Path(output)))
        begun, new, done = time.monotonic(), 0, 0
        for step in steps:
            yield step
            if isinstance(step, Step):
                done += step.record.paragraphs
                new += 0 if step.kept else step.record.paragraphs
                rate = new / max(time.monotonic() - begun, 0.001)
                progress.update(task, advance=step.size, description=f"{done:,} paragraphs, {rate:,.0f} a second")


def _rows(articles: "Iterable[TaggedArticle]") -> "Iterable[Row]":
    from tagger.tagfiles import tag_rows

    return (row for article in articles for row in tag_rows(article))


def _tag_paragraphs(source: str, output: str | None, model: "Model", account: Account, reviewed: "Review") -> None:
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
    number = write_rows(output, reviewed(rows), ("id", "measures", "scores"), model.measures)
    account.close(f"{counted(number, 'paragraph')} tagged")
