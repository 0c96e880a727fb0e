"""Labelled paragraphs: read, checked against the codebook, counted."""

import difflib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tagger.codebook import Codebook
from tagger.errors import LabelError, TaggerError
from tagger.words import normalise

SCRIPTS = ("hans", "hant", "mixed")
SPLITS = ("train", "test")
SHARED_RUN = 18  # Han characters that two paragraphs may not share: the mark of a template
NEAR = 0.6  # Jaccard similarity of runs of five characters, from which paragraphs are near-duplicates
SHINGLE = 5
_NOT_HAN = re.compile("[^\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """A body paragraph and its measures, in the codebook's order.

    `article` names the little article that it belongs to, `split` keeps test articles out of training,
    `script` is hans, hant or mixed.
    """

    id: str
    article: str
    text: str
    measures: tuple[str, ...]
    genre: str = ""
    script: str = "hans"
    origin: str = ""
    split: str = "train"
    coder: str = ""
    title: str = ""
    year: str = ""
    region: str = ""
    note: str = ""

    def as_row(self) -> dict[str, Any]:
        """Return the paragraph as its line of the JSONL file: what is empty or the default is left out."""
        row = asdict(self) | {"measures": list(self.measures)}
        order = [
            "id",
            "article",
            "genre",
            "script",
            "origin",
            "split",
            "coder",
            "title",
            "year",
            "region",
            "note",
        ]
        kept = {k: row[k] for k in order if row[k] and (k, row[k]) != ("split", "train")}
        return kept | {"text": self.text, "measures": row["measures"]}


FIELDS = tuple(LabelledParagraph.__dataclass_fields__)
NEEDED = ("id", "article", "text", "measures")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a label file, by its line (1-based)."""

    path: str
    line: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Return "file:line: message"."""
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A paragraph with its place."""

    path: str
    line: int
    label: LabelledParagraph


def label_files(path: str | Path) -> list[Path]:
    """Return the JSONL files of a folder in order, or the one file; raises TaggerError where there is none."""
    path = Path(path)
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise TaggerError(path, "no labelled paragraphs (*.jsonl) are here")
    return files


def load_labels(path: str | Path, codebook: Codebook) -> list[LabelledParagraph]:
    """Return the labelled paragraphs of a file or folder; raises LabelError at the first broken line.

    Files come in the order of their names, so that the same labels give the same model.
    """
    found = []
    for file in label_files(path):
        for line, row in _rows(file):
            if isinstance(row, str):
                raise LabelError(file, line, row)
            found.append(_label(file, line, row, codebook.ids))
    return found


def save_labels(path: str | Path, labels: Iterable[LabelledParagraph]) -> None:
    """Write labelled paragraphs as JSON lines, whole or not at all."""
    from tagger.files import write_text

    write_text(path, "".join(json.dumps(label.as_row(), ensure_ascii=False) + "\n" for label in labels))


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yield each line's object, or what is wrong with the line."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise TaggerError(file, f"can't be read ({error.strerror})") from None
    for line, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError:
            yield line, "not UTF-8; save the file as UTF-8"
        except (ValueError, RecursionError) as error:
            yield line, f"not JSON ({error}); each line is one object"
        else:
            yield line, row if isinstance(row, dict) else "not a JSON object; each line is one object"


def _label(file: Path, line: int, row: Mapping[str, Any], measures: Sequence[str]) -> LabelledParagraph:
    problem = _problem(row, measures)
    if problem:
        raise LabelError(file, line, problem)
    plain = {key: str(value) for key, value in row.items() if key != "measures"}
    chosen = tuple(measure for measure in measures if measure in row["measures"])
    return LabelledParagraph(**plain, measures=chosen)


def _problem(row: Mapping[str, Any], measures: Sequence[str]) -> str:
    """Return what is wrong with a row, or nothing."""
    return _fields_problem(row) or _codes_problem(row["measures"], measures)


def _fields_problem(row: Mapping[str, Any]) -> str:
    unknown = next((key for key in row if key not in FIELDS), None)
    missing = next((key for key in NEEDED if key not in row), None)
    wrong = next((k for k in row if k != "measures" and not _plain(row[k])), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, FIELDS, 1)
        return f"unknown field {unknown!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if missing:
        return f"no {missing!r}; a line needs {', '.join(NEEDED)}"
    if wrong:
        return f"{wrong!r} must be text"
    empty = next((key for key in ("text", "id", "article") if not str(row[key]).strip()), None)
    if empty:
        return f"{empty!r} is empty"
    if row.get("script", "hans") not in SCRIPTS or row.get("split", "train") not in SPLITS:
        return f"'script' is one of {', '.join(SCRIPTS)}; 'split' one of {', '.join(SPLITS)}"
    return ""


def _plain(value: object) -> bool:
    """Whether a value is text, or a whole number that will be: a year, an id."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _codes_problem(codes: object, measures: Sequence[str]) -> str:
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        return "'measures' must be a list of measure ids; [] for none"
    unknown = next((code for code in codes if code not in measures), None)
    return f"unknown measure {unknown!r}; {nearest(unknown, measures)}" if unknown is not None else ""


def nearest(measure: str, measures: Sequence[str]) -> str:
    """Return what to write instead of an unknown measure: the nearest one, or all."""
    near = difflib.get_close_matches(measure, measures, 1)
    return f"did you mean {near[0]!r}?" if near else f"the codebook has {', '.join(measures)}"


def check(path: str | Path, codebook: Codebook) -> list[Finding]:
    """Return every problem of a file or folder of labels, in the files' order."""
    found: list[Finding] = []
    placed: list[_Placed] = []
    for file in label_files(path):
        for line, row in _rows(file):
            problem = row if isinstance(row, str) else _problem(row, codebook.ids)
            if problem:
                found.append(Finding(str(file), line, problem))
            elif isinstance(row, dict):
                placed.append(_Placed(str(file), line, _label(file, line, row, codebook.ids)))
    found += _twice(placed)
    found += _splits(placed)
    found += _alike(placed, codebook.set_phrases)
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.message))


def _twice(placed: Sequence[_Placed]) -> Iterator[Finding]:
    seen: dict[str, _Placed] = {}
    for here in placed:
        first = seen.setdefault(here.label.id, here)
        if first is not here:
            yield Finding(here.path, here.line, f"id {here.label.id!r} stands at {first.path}:{first.line} too")


def _splits(placed: Sequence[_Placed]) -> Iterator[Finding]:
    seen: dict[str, _Placed] = {}
    for here in placed:
        first = seen.setdefault(here.label.article, here)
        if first.label.split != here.label.split:
            where = f"{first.path}:{first.line}"
            message = f"article {here.label.article!r} is {here.label.split} here and {first.label.split} at {where}"
            yield Finding(here.path, here.line, message)


def _alike(placed: Sequence[_Placed], set_phrases: Sequence[str]) -> Iterator[Finding]:
    """Yield paragraphs that repeat another, in either script: the same text, nearly the same, or a run of it."""
    same: dict[str, int] = {}
    runs: dict[str, int] = {}
    shingles: dict[str, list[int]] = defaultdict(list)
    sets: list[set[str]] = []
    plain = normalise("\n".join(here.label.text.replace("\n", " ") for here in placed)).split("\n")
    for number, whole in enumerate(plain[: len(placed)]):
        text = _NOT_HAN.sub("", whole)
        mine = {text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}
        sets.append(mine)
        first = same.setdefault(text or whole, number)
        if first != number:
            yield _repeats(placed, number, first, "the same text as")
        else:
            yield from _near(placed, number, sets, shingles)
            for phrase in set_phrases:
                text = text.replace(phrase, f"\n{number}\n")
            yield from _run(placed, number, text, runs)
        for shingle in mine:
            shingles[shingle].append(number)


def _repeats(placed: Sequence[_Placed], number: int, first: int, how: str) -> Finding:
    here, there = placed[number], placed[first]
    where = f"{there.path}:{there.line}"
    if here.label.coder != there.label.coder and here.label.id == there.label.id:
        return Finding(here.path, here.line, f"{how} {where} (another coder's)", "warning")
    if here.label.measures != there.label.measures:
        mine, other = (", ".join(p.label.measures) or "none" for p in (here, there))
        return Finding(here.path, here.line, f"{how} {where}, coded differently: {mine} here, {other} there")
    return Finding(here.path, here.line, f"{how} {where}; keep one of them")


def _near(
    placed: Sequence[_Placed], number: int, sets: Sequence[set[str]], shingles: Mapping[str, list[int]]
) -> Iterator[Finding]:
    mine = sets[number]
    shared = Counter(other for shingle in mine if shingle in shingles for other in shingles[shingle])
    alike = {other: count / (len(mine) + len(sets[other]) - count) for other, count in shared.items()}
    nearest_one = max(alike, key=alike.__getitem__, default=None)
    if nearest_one is not None and alike[nearest_one] >= NEAR:
        yield _repeats(placed, number, nearest_one, "nearly the same text as")


def _run(placed: Sequence[_Placed], number: int, text: str, runs: dict[str, int]) -> Iterator[Finding]:
    found = False
    for at in range(len(text) - SHARED_RUN + 1):
        run = text[at : at + SHARED_RUN]
        first = runs.setdefault(run, number)
        if first != number and not found:
            found = True
            here, there = placed[number], placed[first]
            message = f"shares {run!r} with {there.path}:{there.line}; write it in other words"
            yield Finding(here.path, here.line, message, "warning")


def load_terms(path: Path) -> tuple[str, ...]:
    """Return a list's terms, one a line, # comments and blank lines left out; none where there is no file."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise LabelError(path, 1, "can't be read as UTF-8 text; save it as UTF-8") from None
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
