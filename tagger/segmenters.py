"""Text to words: rjieba where it is installed, jieba otherwise; the only file that knows them."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Segmenter(Protocol):
    """Whatever cuts a text of Han characters and line feeds into words, losing nothing."""

    def cut(self, text: str) -> list[str]:
        """Return the words and separators of a text; joined they are the text."""

    def add(self, terms: Iterable[str]) -> None:
        """Take terms into the dictionary."""


def segmenter(lexicon: Iterable[str] = (), engine: str | None = None) -> Segmenter:
    """Return a segmenter that knows a lexicon's terms: rjieba where it is installed, jieba otherwise.

    `engine` asks for one of them by name. Both give the same words.
    """
    asked = tuple(lexicon), engine
    if asked not in _MADE:
        _MADE[asked] = _made(*asked)
    return _MADE[asked]


def retire() -> None:
    """Let the next segmenter that is made add its lexicon to the one without, whose dictionary took 80 ms to read.

    For a program at the point where all is read and tagging begins: who asked for that segmenter may not use it on.
    """
    plain = _MADE.pop(((), None), None)
    if plain is not None:
        _RETIRED.append(plain)


def retiring(items: Iterable[T]) -> Iterator[T]:
    """Yield what is read; behind the last, `retire`."""
    yield from items
    retire()


_MADE: dict[tuple[tuple[str, ...], str | None], Segmenter] = {}
_RETIRED: list[Segmenter] = []


def _made(terms: tuple[str, ...], engine: str | None) -> Segmenter:
    if engine is None and _RETIRED:
        plain = _RETIRED.pop()
        plain.add(terms)
        return plain
    if engine != "jieba":
        try:
            return _Rust(terms)
        except ImportError:
            if engine is not None:
                raise
    return _Python(terms)


class _Rust:
    def __init__(self, lexicon: Sequence[str]) -> None:
        self._jieba = _rust_class()()
        self.add(lexicon)

    def add(self, terms: Iterable[str]) -> None:
        for term in terms:
            self._jieba.add_word(term, None, None)

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._jieba.cut(text, True)  # noqa: FBT003 - positional only
        return words


@cache
def _rust_class() -> Any:  # noqa: ANN401 - the library has no types
    """Return rjieba's class without its package, which on import reads a dictionary (80 ms) that nobody asked for."""
    package = find_spec("rjieba")
    if package is None:
        raise ImportError("rjieba")
    whole = "rjieba.rjieba"
    if "rjieba" not in sys.modules and whole not in sys.modules:
        found = PathFinder.find_spec(whole, package.submodule_search_locations)
        if found and found.loader:
            module = module_from_spec(found)
            found.loader.exec_module(module)
            sys.modules[whole] = module  # where the package, imported by others, looks for it, too
            return module.Jieba
    import rjieba

    return rjieba.Jieba


class _Python:
    def __init__(self, lexicon: Sequence[str]) -> None:
        import logging

        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = _private_cache()
        self.add(lexicon)

    def add(self, terms: Iterable[str]) -> None:
        for term in terms:
            self._jieba.add_word(term)

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._jieba.lcut(text)
        return words


def _private_cache() -> str:
    """Return a folder that nobody else can write to: jieba loads its cached dictionary unchecked."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "measure-tagger"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK) and not folder.stat().st_mode & 0o022:
            return str(folder)
    except OSError:
        pass
    return tempfile.mkdtemp(prefix="measure-tagger-")
