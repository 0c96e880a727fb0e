"""What all commands share: one catch for errors, options, messages and progress on standard error."""

import locale
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from typer.core import TyperGroup

from tagger.article import Unread
from tagger.cells import columns, one_line
from tagger.errors import TaggerError
from tagger.workspace import Workspace, find

T = TypeVar("T")

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Files, folders or globs to read; - is standard input.", show_default=False),
]
Output = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="Where to write; standard output if left out.",
        show_default=False,
    ),
]
ModelName = Annotated[str, typer.Option("--model", metavar="NAME", help="A model in models/, or a model's folder.")]
Column = Annotated[
    str | None,
    typer.Option("--column", metavar="NAME", help="The column of a table that holds the text.", show_default=False),
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Read text by this encoding only.", show_default=False),
]
Lang = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="Language of what is shown; the locale's if left out.", show_default=False),
]


class OneCatch(TyperGroup):
    """The command group that turns every TaggerError into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Click's own signature
        """Run the command; an error of ours ends as one line on standard error."""
        try:
            return super().invoke(ctx)
        except TaggerError as error:
            say(str(error))
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            say("stopped; nothing half written was kept")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: no more flushing
            raise typer.Exit(1) from None
        except MemoryError:
            say("out of memory; split the input into smaller files")
            raise typer.Exit(2) from None
        except RecursionError:
            say("an input is nested too deeply to be read; remove it and run again")
            raise typer.Exit(2) from None


def group(help_text: str) -> typer.Typer:
    """Return an empty group of commands with the project's manners."""
    return typer.Typer(
        cls=OneCatch,
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode=None,  # boxes would follow the terminal's width, and help is a checked document
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


def workspace(ctx: typer.Context) -> Workspace:
    """Return the workspace that the command works on."""
    given = ctx.find_root().params.get("workspace")
    return find(Path(given) if given else None)


def say(message: str) -> None:
    """Print a message to standard error, by the command's name and on one line."""
    typer.echo(f"tagger: {one_line(message)}", err=True)


@dataclass(slots=True)
class Account:
    """What was read and what not, kept while a run goes on."""

    articles: int = 0
    unread: int = 0

    def passing(self, items: Iterable[T | Unread]) -> Iterator[T]:
        """Yield what could be read; say and count the rest."""
        for item in self.noting(items):
            if not isinstance(item, Unread):
                self.articles += 1
                yield item

    def noting(self, items: Iterable[T | Unread]) -> Iterator[T | Unread]:
        """Yield everything; say and count what could not be read."""
        for item in items:
            if isinstance(item, Unread):
                self.unread += 1
                say(f"{item.path}: {item.reason}")
            yield item

    def close(self, done: str) -> None:
        """Say what was done; leave with exit code 1 if something could not be read."""
        say(f"{done}; {self.unread} not read" if self.unread else done)
        if self.unread:
            raise typer.Exit(1)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, plural where it needs it."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def watched(items: Iterable[T], what: str) -> Iterator[T]:
    """Yield the items with a running count on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        for item in items:
            yield item
            progress.advance(task)


def language(given: Literal["zh", "en"] | None) -> Literal["zh", "en"]:
    """Return the language asked for, else the locale's: Chinese for zh, English for all others."""
    if given:
        return given
    names = [os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), locale.getlocale()[0] or "")
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows set in columns, the first to the left and the others to the right; wide characters count two."""
    lines = [list(head), *map(list, rows)]
    widths = [max(columns(line[place]) for line in lines) for place in range(len(head))]

    def set_cell(text: str, place: int) -> str:
        space = " " * (widths[place] - columns(text))
        return text + space if place == 0 else space + text

    return "".join("  ".join(set_cell(cell, at) for at, cell in enumerate(line)).rstrip() + "\n" for line in lines)
