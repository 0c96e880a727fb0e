"""Paragraphs that come already cut: {"id", "text"} a line."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagger.article import Unread
from tagger.errors import ReadError

LONGEST = 10_000_000  # bytes of a line: a paragraph of more is none


@dataclass(frozen=True, slots=True)
class Given:
    """A paragraph to tag as it is, under its own id (text or number)."""

    id: str | int
    text: str


def given(path: str) -> Iterator[Given | Unread]:
    """Yield the paragraphs of a JSON lines file ("-" is standard input), an Unread for each bad line.

    Raises ReadError where the file can't be opened.
    """
    name = "standard input" if path == "-" else path
    try:
        file = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise ReadError(path, "no such file; check the name") from None
    except OSError as error:
        raise ReadError(path, f"can't be opened ({error.strerror})") from None
    with file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) == LONGEST and not line.endswith(b"\n"):
                while not line.endswith(b"\n") and (line := file.readline(LONGEST)):
                    pass
                yield Unread(f"{name}:{number}", f"longer than {LONGEST:,} bytes; cut it into paragraphs")
            elif line.strip():
                yield _given(name, number, line)


def _given(name: str, number: int, line: bytes) -> Given | Unread:
    where = f"{name}:{number}"
    try:
        row: Any = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Unread(where, "not UTF-8; save the file as UTF-8")
    except (ValueError, RecursionError):
        return Unread(where, 'not a JSON object; a line is {"id": "1", "text": "..."}')
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return Unread(where, 'no \'text\' that is a string; a line is {"id": "1", "text": "..."}')
    key = row.get("id")
    if not isinstance(key, str | int) or isinstance(key, bool):
        return Unread(where, 'no \'id\' that is a string or a number; a line is {"id": "1", "text": "..."}')
    return Given(key, row["text"])
