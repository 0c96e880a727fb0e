"""The package's own order: imports point down, files stay small, the root lists what it shows."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from typer.main import get_command

import tagger
from tagger.cli import app
from tests.conftest import ROOT

FILES = sorted(path for path in (ROOT / "tagger").glob("*.py") if path.stem != "__init__")
TABLE = re.findall(r"^\| (\d+) \| `(\w+)` \|", (ROOT / "docs" / "design.md").read_text("utf-8"), re.MULTILINE)
RANK = {name: int(rank) for rank, name in TABLE}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "tagger":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tagger."):
            found.add(str(node.module).split(".")[1])
    return found


def test_the_design_lists_every_module() -> None:
    assert {path.stem for path in FILES} <= set(RANK)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_module_imports_only_from_lower_ranks(path: Path) -> None:
    assert [name for name in imported(path) if RANK[name] >= RANK[path.stem]] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_module_grows_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 330


def test_the_tagging_half_never_imports_what_only_learning_needs() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        assert path.stem in ("learn", "audit", "baselines", "comparison", "suggest") or "sklearn" not in text, path.stem


def test_the_root_exports_what_it_lists() -> None:
    shown = {name for name in tagger.__all__ if not inspect.ismodule(getattr(tagger, name))}
    assert shown == set(tagger.__all__)
    assert sorted(tagger.__all__) == tagger.__all__


def commands(command: object, name: str = "tagger") -> list[tuple[str, object]]:
    below = getattr(command, "commands", {})
    return [(name, command), *(pair for key, other in below.items() for pair in commands(other, f"{name} {key}"))]


@pytest.mark.parametrize(("name", "command"), commands(get_command(app)), ids=lambda value: str(value)[:40])
def test_every_command_has_help(name: str, command: object) -> None:
    assert command.help, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_public_name_has_a_docstring(path: Path) -> None:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
