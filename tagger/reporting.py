"""What the commands that report share: forms by ending, inputs tagged now or before, where a report goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import workspace
from tagger.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.article import TaggedArticle, Unread
    from tagger.codebook import Codebook
    from tagger.model import Model
    from tagger.tally import Tally

Form = Literal["table", "markdown", "html", "json", "csv", "workbook", "picture"]
ENDINGS: dict[str, Form] = {
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".csv": "csv",
}
Format = Annotated[
    Literal["table", "markdown", "html", "json", "csv"] | None,
    typer.Option("--format", help="Form of the report; by PATH's ending if left out.", show_default=False),
]


def form_of(form: Form | None, output: str | None, more: "dict[str, Form] | None" = None) -> Form:
    """Return the form asked for, else the one that the output's ending means, else the terminal's table.

    `more` are endings that a command knows besides. Raises UsageError for another one.
    """
    if form:
        return form
    if output is None or output == "-":
        return "table"
    ending, endings = Path(output).suffix.lower(), ENDINGS | (more or {})
    if ending not in endings:
        raise UsageError(output, f"a report ends in {', '.join(endings)}; choose one, or say --format")
    return endings[ending]


def model_and_codebook(ctx: typer.Context, name: str) -> "tuple[Model, Codebook]":
    """Return a model by its name, and the workspace's codebook."""
    from tagger.codebook import load_codebook
    from tagger.store import load

    place = workspace(ctx)
    return load(place.model(name)), load_codebook(place.codebook)


def tagged_now(
    files: list[str], model: "Model", column: str | None, encoding: str | None, *, evidence: bool = False
) -> "Iterator[TaggedArticle | Unread]":
    """Yield the articles of files, tagged now."""
    from tagger.read import ReadOptions, read
    from tagger.segmenters import retiring
    from tagger.tag import tag

    return tag(retiring(read(files, ReadOptions(column=column, encoding=encoding))), model, evidence=evidence)


def tagged_with_evidence(
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
            yield from tagged_now([name], model, column, encoding, evidence=True)


def tagged_before_or_now(
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
            yield from tagged_now([name], model, column, encoding)


def width() -> int:
    """Return the width of the terminal written to, within reason."""
    from shutil import get_terminal_size

    return max(60, min(160, get_terminal_size((100, 24)).columns))


def put(output: str | None, text: str, *, form: Form = "table") -> None:
    """Write a report to its file, whole or not at all, or to standard output; a CSV file as Excel expects it."""
    from tagger.files import write_text
    from tagger.report_text import BOM

    if output is None or output == "-":
        typer.echo(text, nl=False)
    else:
        write_text(output, BOM + text if form == "csv" else text)
