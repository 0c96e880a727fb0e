"""The error tree: every error has a subject, a one-line message and an exit code."""

from pathlib import Path
from typing import Any


class TaggerError(Exception):
    """Something the user can mend; its text is one line that says what, where and what next."""

    exit_code = 2

    def __init__(self, subject: str | Path, reason: str) -> None:
        """Keep the subject (a file, folder or option) and the reason apart."""
        super().__init__(f"{subject}: {reason}")
        self.subject = str(subject)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error pass between processes whole."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[TaggerError], said: tuple[Any, ...], state: dict[str, Any]) -> TaggerError:
    error = kind.__new__(kind, *said)
    error.__dict__.update(state)
    return error


class ReadError(TaggerError):
    """An input that can't be read; the rest of the run goes on."""

    exit_code = 1


class LabelError(TaggerError):
    """A labelled paragraph that breaks a rule, with its file and line."""

    def __init__(self, path: str | Path, line: int, reason: str) -> None:
        """Name the line (1-based) beside the file."""
        super().__init__(f"{path}:{line}", reason)
        self.line = line


class CodebookError(TaggerError):
    """A codebook that can't be used."""


class RecipeError(TaggerError):
    """A training recipe that can't be used."""


class ModelError(TaggerError):
    """A model folder that can't be used."""


class WorkspaceError(TaggerError):
    """A workspace, or a part of it, that isn't there."""


class UsageError(TaggerError):
    """Options that don't go together."""
