"""The commands that make and measure models: train, evaluate, models, init."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tagger.console import say, text_table, workspace
from tagger.errors import ModelError, UsageError, WorkspaceError

if TYPE_CHECKING:
    from tagger.evaluate import Evaluation
    from tagger.workspace import Workspace

Form = Annotated[Literal["table", "json"], typer.Option("--format", help="Form of the answer.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (train, evaluate, models, init):
        app.command()(command)


def train(
    ctx: typer.Context,
    recipe: Annotated[
        str, typer.Option(metavar="R", help="A recipe in training/recipes/, or a .toml file.")
    ] = "default",
    name: Annotated[str, typer.Option(metavar="N", help="Name of the model: a folder in models/.")] = "default",
    form: Form = "table",
) -> None:
    """Train a model on labels/, measure it by outer folds, and write it with its card to models/N."""
    from tagger.training import train_model

    place = workspace(ctx)
    if place.packaged and not (place.root / "pyproject.toml").is_file():
        raise WorkspaceError(Path.cwd(), "no workspace is here to train; make one with: tagger init DIR")
    if Path(name).name != name or name in ("", ".", ".."):
        raise WorkspaceError(name, "a model's name is a single word, such as mine-2")
    trained = train_model(place, recipe, name)
    _show(trained.evaluation, form)
    say(f"model written to {trained.folder}; its card is {trained.folder / 'README.md'}")


def evaluate(
    ctx: typer.Context,
    model: Annotated[
        str | None,
        typer.Argument(metavar="MODEL", help="A model in models/, or a model's folder.", show_default=False),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Argument(metavar="LABELS", help="A file or folder of coded paragraphs.", show_default=False),
    ] = None,
    cv: Annotated[bool, typer.Option("--cv", help="Measure a recipe on labels/, by folds.")] = False,
    recipe: Annotated[
        str, typer.Option(metavar="R", help="With --cv: a recipe in training/recipes/, or a .toml file.")
    ] = "default",
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="With --cv: how many models to train at once.")] = 2,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="B",
            help="With --cv: measured beside it: cues, plain, fasttext, encoder or all; cues and plain if left out. "
            "Can be given more than once.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="With --cv: where to write evaluation.json and .md; training/results/ if left out.",
            show_default=False,
        ),
    ] = None,
    form: Form = "table",
) -> None:
    """Measure a model on coded paragraphs that it was not trained on, or, with --cv, a recipe.

    By outer folds over articles, with one genre left out, on less text and beside plain baselines. All figures
    come with 95% intervals.
    """
    place = workspace(ctx)
    if cv == (model is not None) or (model is None) != (labels is None):
        raise UsageError("tagger evaluate", "give either MODEL LABELS or --cv")
    if cv:
        _compare(place, recipe, jobs, output, form, baseline)
        return
    if output is not None or baseline:
        raise UsageError("tagger evaluate", "-o and --baseline go with --cv only")
    from tagger.training import evaluate_model

    _show(evaluate_model(place.model(str(model)), Path(str(labels)), place.codebook), form)


def _compare(
    place: "Workspace", recipe: str, jobs: int, output: Path | None, form: str, baseline: list[str] | None
) -> None:
    from tagger.baselines import DEFAULT, named
    from tagger.comparison import compare
    from tagger.comparison_text import markdown, tables
    from tagger.files import write_text
    from tagger.training import gather

    if output is None and place.packaged and not (place.root / "pyproject.toml").is_file():
        raise WorkspaceError(Path.cwd(), "no workspace is here to write results to; name a folder: -o FOLDER")
    baselines = named(baseline or DEFAULT)
    material = gather(place, recipe)
    genres = [label.genre for label in material.labels]
    found = compare(material.examples, material.recipe, material.known, genres, jobs, baselines)
    shown = {"recipe": recipe, "digests": material.digests} | found.as_json()
    text = json.dumps(shown, ensure_ascii=False, indent=1, allow_nan=False)
    folder = output or place.root / "training" / "results"
    write_text(folder / "evaluation.json", text + "\n")
    write_text(folder / "evaluation.md", markdown(found, recipe))
    if form == "json":
        typer.echo(text)
    else:
        typer.echo("\n".join(f"{title}\n\n{text_table(head, rows)}" for title, head, rows in tables(found)), nl=False)
        typer.echo("".join(f"\n{note}" for note in found.notes).lstrip("\n"), nl=bool(found.notes))
    say(f"evaluation.json and evaluation.md written to {folder}")


def models(ctx: typer.Context) -> None:
    """List the models of the workspace."""
    from tagger.store import load

    place = workspace(ctx)
    for folder in place.models():
        try:
            model = load(folder)
        except ModelError as error:
            typer.echo(f"{folder.name}  {error.reason}")
            continue
        figures = model.about.get("evaluation", {}).get("overall", {}).get("micro_f1")
        shown = "micro-F1 {:.3f} [{:.3f}, {:.3f}]".format(*figures) if figures else "not measured"
        typer.echo(f"{folder.name}  {shown}  {', '.join(model.measures)}")
    if not place.models():
        say(f"no model in {place.root / 'models'} yet; make one with: tagger train")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Make a workspace: a commented two-measure codebook and ten coded paragraphs, ready to train."""
    from tagger.starter import start

    written = start(folder)
    say(f"{len(written)} files written to {folder}; next: cd {folder} && tagger train")


def _show(evaluation: "Evaluation", form: str) -> None:
    from tagger.evaluate import table

    if form == "json":
        typer.echo(json.dumps(evaluation.as_json(), ensure_ascii=False, indent=1))
        return
    typer.echo(text_table(*table(evaluation)), nl=False)
    counts = f"{evaluation.paragraphs:,} paragraphs of {evaluation.articles:,} articles"
    typer.echo(f"{counts}; in brackets 95% intervals by resampling articles")
