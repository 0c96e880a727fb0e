"""The commands on labelled paragraphs: check, stats, agreement, import, export, audit, suggest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import (
    Account,
    Column,
    Encoding,
    Files,
    ModelName,
    Output,
    counted,
    group,
    say,
    text_table,
    watched,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagger.article import Article
    from tagger.audit import Doubt
    from tagger.codebook import Codebook
    from tagger.label_stats import Stats
    from tagger.suggest import Candidate

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
    from tagger.labels import load_labels, load_terms

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
        lists = {"cues": measure.cues, "listed terms": load_terms(workspace(ctx).terms(measure.id))}
        for what, terms in lists.items():
            seen = cover(read, terms)
            rare = [term for term, number in seen.items() if number < 2]  # noqa: PLR2004 - one may be chance
            more = f"; not in two: {' '.join(rare)}" if rare else ""
            held = f"{len(seen) - len(rare)} of {len(seen)} {what}"
            if terms:
                typer.echo(f"{measure.id}: {held} stand in two paragraphs or more{more}")


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


@app.command()
def audit(
    ctx: typer.Context,
    labels: Labels = None,
    recipe: Annotated[
        str, typer.Option(metavar="R", help="A recipe in training/recipes/, or a .toml file.")
    ] = "default",
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many codes to show.")] = 50,
    output: Output = None,
) -> None:
    """List the codes that a model trained on the other articles doubts most, with the words that told.

    PATH ends in .jsonl, .csv, .xlsx or .parquet.
    """
    from tagger.audit import audit as doubts
    from tagger.codebook import load_codebook
    from tagger.labels import load_labels
    from tagger.recipe import load_recipe
    from tagger.tagfiles import write_rows
    from tagger.training import examples_of, known_of

    place = workspace(ctx)
    book, path = load_codebook(place.codebook), labels or place.paragraphs
    read = load_labels(path, book)
    settings = load_recipe(place.recipe(recipe))
    found = doubts(examples_of(read, book.ids), [label.id for label in read], settings, known_of(place, book), number)
    lines = _lines(path)
    if output:
        rows = (_doubt_row(doubt, lines[doubt.row]) for doubt in found)
        write_rows(output, rows, ("id", "place", *DOUBTED, "quote", "text"))
    for doubt in () if output else found:
        typer.echo(_doubt_line(doubt, lines[doubt.row]))
    say(f"{counted(len(found), 'code')} of {len(read) * len(book.ids):,} to look at, the most doubtful first")


DOUBTED = ("article", "measure", "coded", "probability", "words")
QUOTED = 60  # characters of a sentence on a terminal's line


def _lines(path: Path) -> list[str]:
    """Return "file:line" of each labelled paragraph, in the order that they are read in."""
    from tagger.labels import label_files

    found = []
    for file in label_files(path):
        lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        found += [f"{file}:{number}" for number, line in enumerate(lines, start=1) if line.strip()]
    return found


def _doubt_row(doubt: "Doubt", place: str) -> dict[str, object]:
    row = {name: getattr(doubt, name) for name in ("id", *DOUBTED)}
    changed = {"place": place, "probability": round(doubt.probability, 4), "words": list(doubt.words)}
    return row | changed | {"quote": doubt.quote, "text": doubt.text}


def _doubt_line(doubt: "Doubt", place: str) -> str:
    from tagger.cells import one_line

    quote = doubt.quote if len(doubt.quote) <= QUOTED else doubt.quote[: QUOTED - 1] + "…"
    against = "nothing speaks against it" if doubt.coded else "nothing speaks for it"
    parts = [
        doubt.id,
        place,
        doubt.measure,
        "coded" if doubt.coded else "not coded",
        f"{doubt.probability:.3f}",
        " ".join(doubt.words) or against,
        quote,
    ]
    return "  ".join(one_line(part) for part in parts)


@app.command()
def suggest(
    ctx: typer.Context,
    files: Files,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="OUT", help="Paragraphs to code.", show_default=False),
    ],
    number: Annotated[int, typer.Option(min=1, help="How many paragraphs.")] = 100,
    per_article: Annotated[int, typer.Option(min=1, help="How many of one article at most.")] = 3,
    model: ModelName = "default",
    form: Annotated[
        Literal["labelstudio", "doccano", "csv", "xlsx", "jsonl"] | None,
        typer.Option("--format", help="Form of OUT; by its ending if left out.", show_default=False),
    ] = None,
    column: Column = None,
    encoding: Encoding = None,
) -> None:
    """Pick the paragraphs of new articles most worth coding: the model is unsure of them, no two are alike.

    The model's proposal stands in the field "note", apart from the codes; OUT ends in .csv, .xlsx, .json (Label
    Studio) or .jsonl (labelled paragraphs; --format doccano for doccano).
    """
    from tagger.labels import load_labels
    from tagger.read import ReadOptions, read
    from tagger.store import load
    from tagger.suggest import save_to_code, to_code
    from tagger.suggest import suggest as pick

    place = workspace(ctx)
    account = Account()
    articles = account.passing(watched(read(files, ReadOptions(column=column, encoding=encoding)), "articles"))
    candidates = list(_candidates(articles))
    coded = load_labels(place.paragraphs, _book(ctx)) if any(place.paragraphs.glob("**/*.jsonl")) else []
    texts = [label.text for label in coded]
    picked = pick(candidates, load(place.model(model)), number, per_article, texts)
    save_to_code(output, to_code(picked), form)
    account.close(f"{len(picked):,} of {counted(len(candidates), 'paragraph')} written to {output}, to be coded")


def _candidates(articles: "Iterable[Article]") -> "Iterator[Candidate]":
    from tagger.suggest import Candidate

    for article in articles:
        name = f"{article.file}:{article.number}"
        for number, block in enumerate(article.paragraphs, start=1):
            yield Candidate(f"{name}:{number}", name, block.text, article.title)
