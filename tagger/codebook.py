"""Measures as data: what each one means, as the codebook's file says it."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagger.errors import CodebookError

Texts = Mapping[str, str]  # "zh" and "en"

_ID = re.compile(r"[a-z][a-z0-9-]*")
_TOP = ("version", "set_phrases", "rules", "borderline", "measure")
_MEASURE = ("id", "name", "definition", "counts", "excludes", "cues")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure type: its texts in Chinese and English, and the terms that signal it."""

    id: str
    name: Texts
    definition: Texts
    counts: Texts
    excludes: Texts
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """All measures in order, and the rules and decisions that hold for them."""

    version: str
    measures: tuple[Measure, ...]
    rules: tuple[Texts, ...] = ()
    borderline: tuple[Texts, ...] = ()
    set_phrases: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The measures' ids, in order."""
        return tuple(measure.id for measure in self.measures)

    def measure(self, measure_id: str) -> Measure:
        """Return a measure by its id; raises KeyError where there is none."""
        return {measure.id: measure for measure in self.measures}[measure_id]

    def names(self, lang: str) -> dict[str, str]:
        """Return the measures' names in a language, by id."""
        return {measure.id: measure.name[lang] for measure in self.measures}


def load_codebook(path: str | Path) -> Codebook:
    """Return the codebook in a TOML file; raises CodebookError naming the line or key that is wrong."""
    try:
        table = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except FileNotFoundError:
        raise CodebookError(path, "no codebook is here; make a workspace with: tagger init DIR") from None
    except (OSError, UnicodeDecodeError):
        raise CodebookError(path, "can't be read as UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(path, f"not valid TOML: {error}") from None
    _keys(path, table, _TOP, "")
    rows = table.get("measure")
    if not isinstance(rows, list) or not rows:
        raise CodebookError(path, "no [[measure]] is defined; give at least one")
    measures = tuple(_measure(path, number, row) for number, row in enumerate(rows, start=1))
    ids = [measure.id for measure in measures]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice:
        raise CodebookError(path, f"measure {twice!r} is defined twice; give each its own id")
    return Codebook(
        version=str(table.get("version", "")),
        measures=measures,
        rules=_list(path, table, "rules"),
        borderline=_list(path, table, "borderline"),
        set_phrases=_terms(path, "set_phrases", table.get("set_phrases", [])),
    )


def _list(path: str | Path, table: Mapping[str, Any], key: str) -> tuple[Texts, ...]:
    rows = table.get(key, [])
    if not isinstance(rows, list):
        raise CodebookError(path, f"'{key}' must be a list")
    return tuple(_texts(path, f"{key}[{number}]", row) for number, row in enumerate(rows, start=1))


def _measure(path: str | Path, number: int, row: object) -> Measure:
    where = f"measure {number}"
    if not isinstance(row, dict):
        raise CodebookError(path, f"{where} must be a table: [[measure]]")
    _keys(path, row, _MEASURE, f"{where}: ")
    name = row.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise CodebookError(path, f"{where}: 'id' must be lower-case letters, digits and hyphens, not {name!r}")
    cues = _terms(path, f"{where} ({name}): 'cues'", row.get("cues", []))
    texts = {key: _texts(path, f"{where} ({name}): '{key}'", row.get(key, name)) for key in _MEASURE[1:-1]}
    return Measure(id=name, cues=cues, **texts)


def _terms(path: str | Path, where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(term, str) and term for term in value):
        raise CodebookError(path, f"{where} must be a list of terms")
    return tuple(dict.fromkeys(value))


def _texts(path: str | Path, where: str, value: object) -> Texts:
    """Return a text in both languages; a plain string stands for either, one language for the other."""
    if isinstance(value, str):
        return {"zh": value, "en": value}
    if not isinstance(value, dict) or not value or set(value) - {"zh", "en"}:
        raise CodebookError(path, f'{where} must be a text, or {{ zh = "...", en = "..." }}')
    if not all(isinstance(text, str) for text in value.values()):
        raise CodebookError(path, f"{where} must hold texts")
    first = next(iter(value.values()))
    return {lang: value.get(lang, first) for lang in ("zh", "en")}


def _keys(path: str | Path, table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise CodebookError(path, f"{prefix}unknown key {key!r}; {hint}")
