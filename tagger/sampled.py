"""A random sample of paragraphs for people to code, and what its codes say of the whole corpus."""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagger.article import TaggedArticle, Unread
from tagger.cells import bare_cell, printable
from tagger.corrected import LEAST, Corrected, corrected
from tagger.errors import LabelError, UsageError
from tagger.files import optional, sha256
from tagger.tally import FORMS

NONE = "none"  # how a sheet says that a paragraph was coded and carries nothing; an empty cell is not coded yet
FIELDS = ("id", "file", "lines", "text", "measures")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """A tagged paragraph and where it stands; `id` names it among the corpus's."""

    id: str
    file: str
    lines: tuple[int, ...]
    text: str
    measures: tuple[str, ...]


class _Names:
    """Gives each paragraph its name in the corpus: file, row of a table or article, number there, print of its text.

    Without the print, codes would fall on other paragraphs unseen once a row or an article is put in or taken out.
    A batch run numbers a table's articles by row, `tagger tag` by file, so the row stands in their place.
    """

    def __init__(self) -> None:
        self._last, self._number = "", 0

    def next(self, file: str, row: object, article: object, text: str) -> str:
        here = f"{file}#{article}" if row in (None, "") else f"{file}#row {row}"
        self._last, self._number = here, self._number + 1 if here == self._last else 1
        return f"{here}:{self._number}~{_print_of(text)}"


def _print_of(text: str) -> str:
    plain = "".join(printable(text[:1000]).split()).lstrip("'")  # as sheets keep it: safe cells, other line ends
    return sha256(plain.encode())[:8]


def placed(tagged: Iterable[TaggedArticle | Unread]) -> Iterator[Placed | Unread]:
    """Yield the paragraphs of tagged articles, each Unread as it is."""
    names = _Names()
    for item in tagged:
        if isinstance(item, Unread):
            yield item
            continue
        article = item.article
        for paragraph in item.paragraphs:
            block = paragraph.block
            name = names.next(article.file, article.row, article.number, block.text)
            yield Placed(name, article.file, block.lines, block.text, paragraph.measures)


def placed_before(path: str | Path) -> Iterator[Placed | Unread]:
    """Yield the paragraphs of a tag file as they were tagged; a row that can't be used is an Unread."""
    path = Path(path)
    names = _Names()
    for line, row in FORMS[path.suffix.lower()](path):
        if isinstance(row, str) or any(not row.get(field) for field in ("file", "article", "text")):
            yield Unread(f"{path}:{line}", row if isinstance(row, str) else "no file, article or text")
            continue
        measures, lines = (_listed(row.get(field)) for field in ("measures", "lines"))
        numbers = tuple(int(one) for one in lines if one.isdigit())
        name = names.next(str(row["file"]), row.get("row"), row["article"], str(row["text"]))
        yield Placed(name, str(row["file"]), numbers, str(row["text"]), measures)


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        for mark in "[]\"',;|，；、":
            value = value.replace(mark, " ")
        value = value.split()
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def draw(paragraphs: Iterable[Placed], number: int, seed: int) -> list[Placed]:
    """Return so many paragraphs, each as likely as any other, in random order: its first k are a sample, too.

    One pass over any number of them (reservoir sampling, Vitter's algorithm R, 1985). The same seed draws the
    same ones from the same corpus.
    """
    dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
    kept: list[Placed] = []
    for count, paragraph in enumerate(paragraphs):
        if count < number:
            kept.append(paragraph)
        elif (place := dice.randrange(count + 1)) < number:
            kept[place] = paragraph
    dice.shuffle(kept)
    return kept


def rows(sample: Iterable[Placed]) -> Iterator[Row]:
    """Yield a sample as rows to be coded: the model's tags are left out, so that nobody is led by them."""
    for one in sample:
        yield {"id": one.id, "file": one.file, "lines": list(one.lines), "text": one.text, "measures": None}


def read_codes(path: str | Path, measures: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes of a sample that were filled in (.jsonl, .csv, .xlsx), by paragraph.

    In JSON lines `null` is not coded yet and `[]` is none; in a sheet an empty cell is not coded yet and "none"
    is none. Raises LabelError naming the line of what can't be used, UsageError for another kind of file.
    """
    path = Path(path)
    forms = {".jsonl": _json_lines, ".csv": _csv_lines, ".xlsx": _sheet_lines}
    if path.suffix.lower() not in forms:
        raise UsageError(path, f"codes are read from {', '.join(forms)}; save them as one of these")
    found: dict[str, tuple[str, ...]] = {}
    try:
        for line, row in forms[path.suffix.lower()](path):
            name, given = row.get("id"), row.get("measures")
            if not isinstance(name, str) or not name or "measures" not in row:
                raise LabelError(path, line, "no 'id' or no 'measures'; code a file that tagger coverage --audit wrote")
            if name in found:
                raise LabelError(path, line, f"{name} is there twice; keep one of the two")
            if (codes := _codes(path, line, given, measures)) is not None:
                found[name] = codes
    except FileNotFoundError:
        raise UsageError(path, "no such file; check the name") from None
    except (OSError, UnicodeDecodeError):
        raise UsageError(path, "can't be read as UTF-8 text; save it as UTF-8") from None
    return found


def _codes(path: Path, line: int, given: object, measures: Sequence[str]) -> tuple[str, ...] | None:
    if given is None or given == "":
        return None
    if isinstance(given, str):
        given = [one for one in _listed(given) if one != NONE]
    if not isinstance(given, list):
        raise LabelError(path, line, "'measures' is not a list of measures")
    for one in given:
        if one not in measures:
            raise LabelError(path, line, f"unknown measure {one!r}; the codebook has {', '.join(measures)}")
    return tuple(measure for measure in measures if measure in given)


def _json_lines(path: Path) -> Iterator[tuple[int, Row]]:
    for line, text in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise LabelError(path, line, "not a JSON object; a line is one paragraph")
        yield line, row


def _csv_lines(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            for row in reader:
                yield reader.line_num, {key: bare_cell(value or "") for key, value in row.items() if key}
        except csv.Error as error:
            raise LabelError(path, reader.line_num, f"not CSV ({error}); save it as CSV again") from None


def _sheet_lines(path: Path) -> Iterator[tuple[int, Row]]:
    openpyxl = optional("openpyxl", "excel", path)
    try:
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            lines = list(book.worksheets[0].iter_rows(values_only=True))
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - a damaged file raises anything in there
        raise UsageError(path, "damaged, or no Excel file; save it again") from None
    head = [str(cell or "") for cell in lines[0]] if lines else []
    for line, cells in enumerate(lines[1:], start=2):
        if any(cell is not None for cell in cells):
            values = ("" if cell is None else bare_cell(str(cell)) for cell in cells)
            yield line, dict(zip(head, values, strict=False))


def estimated(
    paragraphs: Iterable[Placed], codes: Mapping[str, tuple[str, ...]], measures: Sequence[str]
) -> dict[str, Corrected]:
    """Return each measure's share of the corpus, corrected by the codes of a sample of it ("" is none at all).

    Raises UsageError where the codes are too few, or name paragraphs that the corpus doesn't hold.
    """
    if len(codes) < LEAST:
        raise UsageError("codes", f"{len(codes)} paragraphs are coded; code at least {LEAST} of the sample")
    tagged: Counter[str] = Counter()
    tags: dict[str, tuple[str, ...]] = {}
    corpus = 0
    for one in paragraphs:
        corpus += 1
        tagged.update(one.measures or ("",))
        if one.id in codes:
            tags[one.id] = one.measures
    if missing := [name for name in codes if name not in tags]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UsageError(
            missing[0], f"coded{more}, but not in this corpus; name the files that the sample came from, unchanged"
        )
    names = list(codes)
    return {
        measure: corrected(
            tagged[measure],
            corpus,
            [measure in (codes[name] or ("",)) for name in names],
            [measure in (tags[name] or ("",)) for name in names],
        )
        for measure in (*measures, "")
    }
