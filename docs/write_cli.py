"""Write docs/cli.md from the commands' own help; with --check, fail where it differs."""

import os
import sys
from pathlib import Path

os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}

from typer.main import get_command
from typer.testing import CliRunner

from tagger.cli import app

PAGE = Path(__file__).parent / "cli.md"


def help_page() -> str:
    """Return the help of every command as one Markdown page."""
    parts = ["# The commands\n", "Written by `python docs/write_cli.py`; CI compares it.\n"]
    parts += [section(path) for path in paths(get_command(app), [])]
    return "\n".join(parts)


def paths(command: object, path: list[str]) -> list[list[str]]:
    """Return the words of every command, in order."""
    found = [path]
    for name, below in getattr(command, "commands", {}).items():
        found += paths(below, [*path, name])
    return found


def section(path: list[str]) -> str:
    """Return one command's part of the page."""
    shown = CliRunner().invoke(app, [*path, "--help"], prog_name="tagger")
    return f"## {' '.join(['tagger', *path])}\n\n```text\n{shown.output.strip()}\n```\n"


if __name__ == "__main__":
    page = help_page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page, "utf-8")
    elif not PAGE.is_file() or PAGE.read_text("utf-8") != page:
        sys.exit("docs/cli.md differs from the commands' help; run: python docs/write_cli.py")
