"""The README runs: its Python as doctests, its commands as they stand."""

import doctest
import re
import shlex

import pytest
from typer.testing import CliRunner

import tagger
from tagger.cli import app
from tests.conftest import ROOT


def test_the_python_of_the_readme_runs(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 0) == (0, True)


def test_the_python_of_the_package_runs(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(tagger).failed == 0


COMMANDS = re.findall(r"^\$ (tagger .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_readme_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line.split(" && ", maxsplit=1)[0].split(" #", maxsplit=1)[0].split("   ", maxsplit=1)[0])[1:]
    command = words[: 2 if words[0] == "labels" else 1]
    shown = CliRunner().invoke(app, [*command, "--help"])
    assert shown.exit_code == 0
    for option in (word for word in words if word.startswith("-")):
        assert option in shown.output, f"{option} of: {line}"


def test_both_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        lines = re.findall(r"^\$ ((?:tagger|make) .*?)(?:\s{2,}.*)?$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        return [re.sub(r"FILE|文件", "F", line) for line in lines]

    assert commands("README.md") == commands("README.zh-CN.md")
