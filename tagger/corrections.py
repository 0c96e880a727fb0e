"""Codes given by people: an append-only journal for each coder, and the labelled paragraphs that it comes to."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from tagger.codebook import Codebook
from tagger.errors import TaggerError, UsageError
from tagger.labels import LabelledParagraph, label_files, load_labels, save_labels
from tagger.words import normalise

ORIGIN = "page"
LONGEST_NAME = 32
_NAME = re.compile(r"[^\W_][\w-]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that can be coded: `id` names it, `article` the little article that it stands in."""

    id: str
    article: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """What one coder says of one paragraph; `model` is what the machine had said, `at` the time (UTC)."""

    passage: Passage
    measures: tuple[str, ...]
    coder: str
    at: str
    model: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many paragraphs a coder has coded, in how many articles, and how many of them the machine had wrong."""

    coder: str
    paragraphs: int
    articles: int
    changed: int


def coder_name(given: str) -> str:
    """Return a coder's name as it is kept, in small letters; raises UsageError where it can't name a file."""
    name = unicodedata.normalize("NFC", given).strip().casefold()
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        reason = f"a coder's name is one word of letters, digits and hyphens, {LONGEST_NAME} at most"
        raise UsageError("coder", reason)
    return name


class Journal:
    """One coder's decisions in the order of their making; a line once written is never changed.

    A line codes a paragraph, or undoes the last line that still stands. Each is on the disk before `code` or
    `undo` returns; half a line, as a crash may leave, is passed over and counted in `broken`.
    """

    def __init__(self, path: Path, coder: str) -> None:
        """Take a file that need not exist yet."""
        self.path = path
        self.coder = coder
        self.broken = 0
        self.first: dict[str, str] = {}  # article: the time of the first code in it, undone or not
        self._standing: list[Code] = []
        self._read = 0

    def code(self, passage: Passage, measures: Sequence[str], model: Sequence[str] = ()) -> Code:
        """Append a decision."""
        row = asdict(passage) | {"do": "code", "measures": list(measures), "model": list(model)}
        self._append(row)
        return self._standing[-1]

    def undo(self) -> Code | None:
        """Append a line that takes the last standing decision back, and return that decision; None if there is none."""
        with self._locked():
            self._refresh()
            if not self._standing:
                return None
            last = self._standing[-1]
            self._write({"do": "undo", "id": last.passage.id, "undoes": last.at})
            self._refresh()
        return last

    def codes(self) -> dict[str, Code]:
        """Return the standing decision of each paragraph, by its id."""
        self._refresh()
        return {code.passage.id: code for code in self._standing}

    def _append(self, row: Mapping[str, Any]) -> None:
        with self._locked():
            self._refresh()
            self._write(row)
            self._refresh()

    def _write(self, row: Mapping[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        line = json.dumps({"at": now, "coder": self.coder, **row}, ensure_ascii=False).encode("utf-8", "replace")
        whole = self._ends_whole()
        try:
            with self.path.open("ab") as file:
                file.write((b"" if whole else b"\n") + line + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise TaggerError(
                self.path, f"the code was not kept ({error.strerror}); free some space, try again"
            ) from None

    def _ends_whole(self) -> bool:
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read(1) == b"\n"
        except OSError:  # no file yet, or an empty one
            return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes out, where the system knows how."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("ab") as file:
            with suppress(ImportError):
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _refresh(self) -> None:
        """Take in the whole lines that were added since the last time, by whomever."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                data = file.read()
        except FileNotFoundError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for raw in whole.split(b"\n"):
            if raw.strip():
                self._take(raw)

    def _take(self, raw: bytes) -> None:
        try:
            row = json.loads(raw)
            if row["do"] == "undo":
                if self._standing and self._standing[-1].at == row["undoes"]:
                    self._standing.pop()
                return
            passage = Passage(row["id"], row["article"], row["text"], row["title"])
            code = Code(passage, tuple(row["measures"]), self.coder, row["at"], tuple(row["model"]))
        except (ValueError, KeyError, TypeError):
            self.broken += 1
            return
        self._standing.append(code)
        self.first.setdefault(passage.article, code.at)


class Coding:
    """The codes of all coders of a workspace, safe for many threads.

    Journals lie in labels/coding/. What they come to is written anew after every decision: an article's first
    coder into labels/paragraphs/page-NAME.jsonl, of which training takes it; whoever codes it after, blind, into
    labels/coders/page-NAME.jsonl, for `tagger labels agreement`.
    """

    def __init__(self, paragraphs: Path, codebook: Codebook) -> None:
        """Take the workspace's folder of labelled paragraphs."""
        self._paragraphs = paragraphs
        self._codebook = codebook
        self._folder = paragraphs.parent / "coding"
        self._lock = RLock()
        self._journals: dict[str, Journal] = {}
        self._others: dict[str, str] | None = None

    def code(self, coder: str, passage: Passage, measures: Sequence[str], model: Sequence[str] = ()) -> Code:
        """Keep a decision; measures come in the codebook's order."""
        unknown = next((m for m in measures if m not in self._codebook.ids), None)
        if unknown is not None:
            raise UsageError(
                "measures", f"unknown measure {unknown!r}; the codebook has {', '.join(self._codebook.ids)}"
            )
        with self._lock:
            kept = self._journal(coder).code(passage, [m for m in self._codebook.ids if m in measures], model)
            self._publish()
        return kept

    def undo(self, coder: str) -> Code | None:
        """Take a coder's last decision back; None where none is left."""
        with self._lock:
            last = self._journal(coder).undo()
            self._publish()
        return last

    def codes(self, coder: str) -> dict[str, Code]:
        """Return a coder's standing decisions, by the paragraph's id."""
        with self._lock:
            return self._journal(coder).codes()

    def coders(self) -> tuple[str, ...]:
        """Return the names of all who have coded, in order."""
        with self._lock:
            return tuple(name for name, journal in sorted(self._all().items()) if journal.codes())

    def progress(self) -> list[Progress]:
        """Return how far each coder has come."""
        found = []
        for name in self.coders():
            codes = self.codes(name).values()
            changed = sum(code.measures != code.model for code in codes)
            found.append(Progress(name, len(codes), len({code.passage.article for code in codes}), changed))
        return found

    def owner(self, article: str) -> str | None:
        """Return who coded an article first; None where nobody has."""
        with self._lock:
            began = [
                (journal.first[article], name) for name, journal in self._all().items() if article in journal.first
            ]
        return min(began)[1] if began else None

    def blind(self, coder: str, article: str) -> bool:
        """Tell whether a coder comes second to an article, and so must see no code but their own."""
        return self.owner(article) not in (None, coder)

    def labels(self, coder: str) -> list[LabelledParagraph]:
        """Return a coder's standing decisions as labelled paragraphs, in the order of their making."""
        return [_label(code) for code in self.codes(coder).values()]

    def broken(self) -> int:
        """Return how many lines of all journals could not be read."""
        with self._lock:
            return sum(journal.broken for journal in self._all().values())

    def elsewhere(self, text: str) -> str:
        """Return the other file of labels that holds a text already, or nothing."""
        with self._lock:
            if self._others is None:
                self._others = self._coded_elsewhere()
            return self._others.get(_plain(text), "")

    def _journal(self, coder: str) -> Journal:
        if coder not in self._journals:
            self._journals[coder] = Journal(self._folder / f"{coder_name(coder)}.jsonl", coder)
        return self._journals[coder]

    def _all(self) -> dict[str, Journal]:
        """Return every journal that lies in the folder, each up to date."""
        for path in self._folder.glob("*.jsonl"):
            with suppress(UsageError):
                self._journal(coder_name(path.stem)).codes()
        return self._journals

    def _coded_elsewhere(self) -> dict[str, str]:
        own = {self._file("paragraphs", name) for name in self._all()}
        found: dict[str, str] = {}
        if not self._paragraphs.is_dir() or not any(self._paragraphs.rglob("*.jsonl")):
            return found
        for file in label_files(self._paragraphs):
            if file not in own:
                found |= {_plain(label.text): file.name for label in load_labels(file, self._codebook)}
        return found

    def _file(self, folder: str, coder: str) -> Path:
        return self._paragraphs.parent / folder / f"page-{coder}.jsonl"

    def _publish(self) -> None:
        """Write what the journals come to; of equal texts the last decision stands."""
        owners: dict[str, str] = {}
        for name in self._all():
            mine: dict[str, LabelledParagraph] = {}
            second: list[LabelledParagraph] = []
            for label in self.labels(name):
                owner = owners.setdefault(label.article, self.owner(label.article) or name)
                if owner == name and not self.elsewhere(label.text):
                    mine[_plain(label.text)] = label
                elif owner != name:
                    second.append(label)
            self._put(self._file("paragraphs", name), list(mine.values()))
            self._put(self._file("coders", name), second)

    def _put(self, path: Path, labels: list[LabelledParagraph]) -> None:
        if labels:
            save_labels(path, labels)
        else:
            path.unlink(missing_ok=True)  # an empty file would be an error to whoever reads it


def _plain(text: str) -> str:
    return "".join(normalise(text).split())


def _label(code: Code) -> LabelledParagraph:
    passage = code.passage
    label = LabelledParagraph(passage.id, passage.article, passage.text, code.measures, genre=ORIGIN, origin=ORIGIN)
    return replace(label, script=_script(passage.text), coder=code.coder, title=passage.title)


def _script(text: str) -> str:
    changed = any("\u3400" <= a <= "\u9fff" and a != b for a, b in zip(text, normalise(text), strict=True))
    return "hant" if changed else "hans"
