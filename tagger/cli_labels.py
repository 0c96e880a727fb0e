"""The commands on labelled paragraphs: check, stats, agreement, import, export."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import counted, group, say, text_table, workspace

if TYPE_CHECKING:
    from tagger.codebook import Codebook
    from tagger.label_stats import Stats

app = group("Check, count, compare and exchange labelled paragraphs.")

Labels = Annotated[
    Path | None,
    typer.Argument(metavar="[LABELS]", help="A file or folder; labels/paragraphs/ if left out.", show_default=False),
]
Answer = Annotated[Literal["table", "json"], typer.Option("--format", help="Form of the answer.")]
Exchange = Literal["csv", "xlsx", "labelstudio", "doccano"]


def _book(ctx: typer.Context) -> "Codebook":
    from tagger.codebook import load_codebook

    return load_codebook(workspace(ctx).codebook)


@app.command()
def check(ctx: typer.Context, labels: Labels = None) -> None:
    """Name file and line of every problem: unknown measures, duplicates, texts coded differently, and more.

    Exit code 1 where there are errors; warnings alone leave it 0.
    """
    from tagger.label_stats import cover
    from tagger.labels import check as check_labels
    from tagger.labels import load_labels

    book = _book(ctx)
    path = labels or workspace(ctx).paragraphs
    found = check_labels(path, book)
    for finding in found:
        say(str(finding) if finding.severity == "error" else f"{finding} (warning)")
    errors = sum(finding.severity == "error" for finding in found)
    typer.echo(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')} in {path}")
    if errors:
        raise typer.Exit(1)
    read = load_labels(path, book)
    for measure in book.measures:
        seen = cover(read, measure.cues)
        rare = [term for term, number in seen.items() if number < 2]  # noqa: PLR2004 - one may be chance
        more = f"; not in two: {' '.join(rare)}" if rare else ""
        typer.echo(f"{measure.id}: {len(seen) - len(rare)} of {len(seen)} cues stand in two paragraphs or more{more}")


@app.command()
def stats(ctx: typer.Context, labels: Labels = None, form: Answer = "table") -> None:
    """Count articles and paragraphs by measure, number of measures, genre and script."""
    from tagger.label_stats import stats as count
    from tagger.labels import load_labels

    book = _book(ctx)
    counts = count(load_labels(labels or workspace(ctx).paragraphs, book), book)
    if form == "json":
        row = asdict(counts) | {"pairs": [[*pair, number] for pair, number in counts.pairs.items()]}
        typer.echo(json.dumps(row, ensure_ascii=False, indent=1))
    else:
        typer.echo(_stats(counts), nl=False)


def _stats(counts: "Stats") -> str:
    shown = {
        "": [
            ("articles", counts.articles),
            ("paragraphs", counts.paragraphs),
            ("characters", counts.characters),
        ],
        "measures": [*counts.by_number.items()],
        "paragraphs with": [*counts.measures.items()],
        "paragraphs with both": [(" + ".join(pair), number) for pair, number in counts.pairs.items()],
    }
    parts = [text_table([name, ""], [[label, f"{number:,}"] for label, number in rows]) for name, rows in shown.items()]
    for name, groups in (("genre", counts.genres), ("script", counts.scripts)):
        rows = [[label, f"{articles:,}", f"{paragraphs:,}"] for label, (articles, paragraphs) in groups.items()]
        parts.append(text_table([name, "articles", "paragraphs"], rows))
    return "\n".join(parts).lstrip("\n")


@app.command()
def agreement(
    ctx: typer.Context,
    coders: Annotated[
        list[Path],
        typer.Argument(metavar="CODER...", help="Two or more files, one coder's codes each.", show_default=False),
    ],
    form: Answer = "table",
) -> None:
    """Measure how well coders agree: Krippendorff's alpha and F1 of each pair, with intervals by article."""
    from tagger.agreement import agreement as agree
    from tagger.agreement import as_json, render
    from tagger.labels import load_labels

    book = _book(ctx)
    found = agree({str(path): load_labels(path, book) for path in coders}, book.ids)
    typer.echo(
        json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n" if form == "json" else render(found),
        nl=False,
    )


@app.command("import")
def import_(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="What another program wrote.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="OUT.jsonl", help="Labelled paragraphs.", show_default=False),
    ],
    form: Annotated[Exchange | None, typer.Option("--format", help="Its form; by its ending if left out.")] = None,
    coder: Annotated[str, typer.Option(help="Name of the coder, kept with each paragraph.")] = "",
) -> None:
    """Read codes from a spreadsheet (.csv, .xlsx), Label Studio (.json) or doccano (.jsonl)."""
    from tagger.exchange import import_labels
    from tagger.labels import save_labels

    found = import_labels(source, _book(ctx), form, coder)
    save_labels(output, found)
    say(f"{counted(len(found), 'paragraph')} written to {output}; check them with: tagger labels check {output}")


@app.command()
def export(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Argument(metavar="OUT", help="Ends in .csv, .xlsx, .json or .jsonl.", show_default=False)
    ],
    labels: Labels = None,
    form: Annotated[Exchange | None, typer.Option("--format", help="Its form; by its ending if left out.")] = None,
) -> None:
    """Write the labelled paragraphs for a spreadsheet, Label Studio (.json) or doccano (.jsonl)."""
    from tagger.exchange import export_labels
    from tagger.labels import load_labels

    found = load_labels(labels or workspace(ctx).paragraphs, _book(ctx))
    export_labels(found, output, form)
    say(f"{counted(len(found), 'paragraph')} written to {output}")
