"""Files written whole or not at all, their digests, and libraries that may be absent."""

import hashlib
import importlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from tagger.errors import TaggerError, UsageError


@contextmanager
def writing(path: str | Path, mode: str = "w") -> Iterator[IO[Any]]:
    """Open a file that takes its name only once it is whole; text is UTF-8 with line feeds.

    Raises UsageError where the place can't be written; what stood there before then stays.
    """
    path = Path(path)
    part = path.with_name(path.name + ".part")
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open(mode, **text) as file:  # type: ignore[call-overload]
            yield file
        part.replace(path)
    except OSError as error:
        _drop(part)
        reason = f"can't be written ({error.strerror or error}); choose another place or free some space"
        raise UsageError(path, reason) from None
    except BaseException:
        _drop(part)
        raise


def _drop(part: Path) -> None:
    with suppress(OSError):
        part.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with writing(path) as file:
        file.write(text)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a binary file whole or not at all."""
    with writing(path, "wb") as file:
        file.write(data)


def sha256(data: bytes | Path) -> str:
    """Return the SHA-256 digest, in hexadecimal, of bytes or of a file's content."""
    return hashlib.sha256(data.read_bytes() if isinstance(data, Path) else data).hexdigest()


def optional(module: str, extra: str, subject: str | Path, error: type[TaggerError] = UsageError) -> ModuleType:
    """Import a library of an extra, or raise `error` with the line that installs it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise error(subject, f"this needs an extra: pip install 'measure-tagger[{extra}]'") from None
