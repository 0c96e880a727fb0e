"""What all commands share: one line for each error, an account of what was read, columns that line up."""

import io
import sys

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tagger.article import Unread
from tagger.cells import columns
from tagger.console import Account, counted, group, language, say, text_table, watched
from tagger.errors import CodebookError, LabelError, ModelError, ReadError, RecipeError, UsageError, WorkspaceError


def failing(error: BaseException) -> Result:
    """Run a command that raises."""
    app = group("A test.")

    @app.command()
    def fail() -> None:
        raise error

    @app.command()
    def other() -> None:
        pass

    return CliRunner().invoke(app, ["fail"])


@pytest.mark.parametrize(
    ("error", "line", "code"),
    [
        (ReadError("a.txt", "is empty"), "tagger: a.txt: is empty", 1),
        (UsageError("-o", "no\n such\tform"), "tagger: -o: no such form", 2),
        (LabelError("l.jsonl", 7, "no 'text'"), "tagger: l.jsonl:7: no 'text'", 2),
        (CodebookError("c.toml", "wrong"), "tagger: c.toml: wrong", 2),
        (RecipeError("r.toml", "wrong"), "tagger: r.toml: wrong", 2),
        (ModelError("m", "wrong"), "tagger: m: wrong", 2),
        (WorkspaceError("w", "wrong"), "tagger: w: wrong", 2),
        (KeyboardInterrupt(), "tagger: stopped; nothing half written was kept", 130),
        (MemoryError(), "tagger: out of memory; split the input into smaller files", 2),
        (RecursionError(), "tagger: an input is nested too deeply to be read; remove it and run again", 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_one_line_and_an_exit_code(error: BaseException, line: str, code: int) -> None:
    result = failing(error)
    assert (result.stderr, result.stdout, result.exit_code) == (line + "\n", "", code)


def test_a_fault_of_our_own_is_not_hidden() -> None:
    assert isinstance(failing(ZeroDivisionError()).exception, ZeroDivisionError)


def test_an_account_says_and_counts_what_was_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    assert list(account.passing(["a", Unread("b.txt", "is\nempty"), "c"])) == ["a", "c"]
    with pytest.raises(typer.Exit) as caught:
        account.close("2 tagged")
    assert caught.value.exit_code == 1
    assert (account.articles, account.unread) == (2, 1)
    assert capsys.readouterr().err == "tagger: b.txt: is empty\ntagger: 2 tagged; 1 not read\n"


def test_an_account_of_all_read_closes_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    assert list(account.noting(["a"])) == ["a"]
    account.close("done")
    assert capsys.readouterr().err == "tagger: done\n"


@given(st.text())
def test_a_message_is_always_one_line(text: str) -> None:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", out)
        say(text)
    assert out.getvalue().startswith("tagger: ")
    assert out.getvalue().count("\n") == 1


def test_a_message_turns_no_terminal_round(capsys: pytest.CaptureFixture[str]) -> None:
    say("\x1b[2J\u202etxt.a: is empty")
    assert capsys.readouterr().err == "tagger: \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}txt.a: is empty\n"


def test_numbers_have_their_noun() -> None:
    assert [counted(n, "article") for n in (0, 1, 2, 12_000)] == [
        "0 articles",
        "1 article",
        "2 articles",
        "12,000 articles",
    ]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "Chinese (Simplified)_China.936"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_locale_tells_the_language_unless_one_is_given(variables: dict[str, str], told: str, monkeypatch) -> None:
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(key, raising=False)
    for key, value in variables.items():
        monkeypatch.setenv(key, value)
    assert language(None) == told
    assert language("zh") == "zh"
    assert language("en") == "en"


CELLS = st.sampled_from(["a", "水窖", "", "12", "🌾"])


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)))
def test_columns_line_up_whatever_the_width_of_their_characters(rows: list[list[str]]) -> None:
    head = [f"{number}." for number in range(len(rows[0]))]
    lines = text_table(head, rows).split("\n")[:-1]
    assert len(lines) == len(rows) + 1
    assert len({columns(line) for line, row in zip(lines, [head, *rows], strict=True) if row[-1]}) == 1
    for line, row in zip(lines, [head, *rows], strict=True):
        assert line.split() == [cell for cell in row if cell]


def test_what_is_watched_comes_through_and_nothing_is_shown_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(watched(range(3), "articles")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_changes_no_item(monkeypatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(watched(iter("abc"), "articles")) == list("abc")
