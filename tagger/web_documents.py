"""Texts given to the page: kept as they were read, so that a reload, or another coder, finds them again."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tagger.article import Source
from tagger.errors import UsageError
from tagger.files import write_text

_ID = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Document:
    """What was given at once: a pasted text, or a file with all its sources; `id` is made from its words."""

    id: str
    name: str
    sources: tuple[Source, ...]


def document(name: str, sources: Sequence[Source]) -> Document:
    """Return sources as a document; the same words, however wrapped in blank lines, have the same id."""
    words = "\n".join(line.strip() for source in sources for line in source.text.split("\n") if line.strip())
    return Document(hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:12], name, tuple(sources))


class Documents:
    """The documents of a workspace, a file each; without a folder they live as long as the server."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder, which need not exist yet."""
        self._folder = folder
        self._held: dict[str, Document] = {}

    def keep(self, kept: Document) -> None:
        """Keep a document; one that is there stays as it is."""
        if kept.id in self._held:
            return
        if self._folder and not (self._folder / f"{kept.id}.json").is_file():
            row = {"name": kept.name, "sources": [_row(source) for source in kept.sources]}
            write_text(self._folder / f"{kept.id}.json", json.dumps(row, ensure_ascii=True) + "\n")
        self._held[kept.id] = kept

    def get(self, name: str) -> Document | None:
        """Return a document by its id, or None."""
        if name in self._held or not self._folder or not _ID.fullmatch(name):
            return self._held.get(name)
        path = self._folder / f"{name}.json"
        try:
            row = json.loads(path.read_bytes())
            sources = tuple(_source(one) for one in row["sources"])
            self._held[name] = Document(name, str(row["name"]), sources)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(path, "the text kept here was damaged; remove the file and give the text again") from None
        return self._held[name]

    def ids(self) -> list[str]:
        """Return the ids of all documents, the newest first."""
        if not self._folder:
            return list(reversed(self._held))
        paths = [path for path in self._folder.glob("*.json") if _ID.fullmatch(path.stem)]
        return [path.stem for path in sorted(paths, key=lambda path: (-path.stat().st_mtime_ns, path.stem))]


def _row(source: Source) -> dict[str, Any]:
    return asdict(source) | {"hints": {str(line): kind for line, kind in source.hints.items()}}


def _source(row: dict[str, Any]) -> Source:
    return Source(**{**row, "hints": {int(line): kind for line, kind in row["hints"].items()}})
