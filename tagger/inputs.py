"""Names to files: folders walked, patterns filled in, each file told by name once it is found."""

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tagger.article import Unread
from tagger.formats import KNOWN

STDIN = Path("-")
LOCK = "~$"  # how Office names the lock of a file that stands open
UNFINISHED = ".part"  # how `tagger.files` names what it is writing


def inputs(names: Iterable[str]) -> Iterator[Path | Unread]:
    """Yield the files that names stand for, those of a folder sorted; "-" is standard input.

    A folder's hidden files are passed over; its files of kinds that are not read are one Unread that counts
    them. A name that leads nowhere is an Unread.
    """
    for name in names:
        path = Path(name)
        try:
            if path != STDIN and path.is_dir():
                yield from _folder(path)
            elif path == STDIN or os.path.lexists(name):  # what can't be read says so when it is opened
                yield path
            elif glob.has_magic(name):
                yield from _pattern(name)
            else:
                yield Unread(shown(name), "no such file; check the name and the folder you stand in")
        except (OSError, ValueError) as error:  # a name too long, a zero byte in it
            yield Unread(shown(name), f"not a name that can be looked up ({error}); check it")


def shown(name: str | Path) -> str:
    """Return a file's name as text that can be written, also where the system holds it in GB18030 or worse."""
    text = str(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return text.encode("utf-8", "surrogateescape").decode(encoding)
        except UnicodeError:
            continue
    return text.encode("utf-8", "replace").decode()


def _pattern(name: str) -> Iterator[Path | Unread]:
    found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - the pattern may be absolute
    if not found:
        yield Unread(shown(name), "no file has such a name; check the pattern")
    for path in map(Path, found):
        if not path.is_dir():
            if not path.name.startswith(LOCK):
                yield path
        elif "**" not in name:  # else its files are found by themselves
            yield from _folder(path)


def _folder(folder: Path) -> Iterator[Path | Unread]:
    """Yield the files of a folder and of those in it; a folder that a link leads back to is read once."""
    other: Counter[str] = Counter()
    failed: list[OSError] = []
    number = 0
    for path in _walk(folder, failed):
        ending = path.suffix.lower()
        if ending in KNOWN:
            number += 1
            yield path
        else:
            other[ending or "no ending"] += 1
    for error in failed:
        yield Unread(shown(error.filename), f"can't be opened ({error.strerror}); ask for leave to read it")
    if other:
        kinds = ", ".join(f"{shown(ending)} {count}" for ending, count in sorted(other.items())[:8])
        files = "1 file of a kind" if other.total() == 1 else f"{other.total()} files of kinds"
        yield Unread(shown(folder), f"{files} not read ({kinds}); name a file itself to try it")
    elif not number and not failed:
        yield Unread(shown(folder), "no file to read in this folder; check the name")


def _walk(folder: Path, failed: list[OSError]) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    for place, folders, files in os.walk(folder, followlinks=True, onerror=failed.append):
        about = Path(place).stat()
        if (about.st_dev, about.st_ino) in seen:
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", LOCK)) and not name.endswith(UNFINISHED):
                yield Path(place, name)
