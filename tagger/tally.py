"""Articles as counts: what of them is kept when their text has gone by, from tagged articles or tag files."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations, islice
from pathlib import Path

from tagger.article import Kind, TaggedArticle, Unread
from tagger.cells import bare_cell
from tagger.errors import LabelError, ReadError
from tagger.files import optional

NEEDED = ("file", "article", "text", "measures")
STATED = ("title", "date", "place")
FIELD_LIMIT = 2**31 - 1  # a cell may hold a whole article; csv's own limit is 131,072


@dataclass(frozen=True, slots=True)
class Tally:
    """One article's counts.

    `size` is its body paragraphs and characters. `paragraphs` and `characters` go by measure, "" standing for
    none at all and "+" for two or more; `together` has the paragraphs of each pair, in the measures' order.
    """

    file: str
    number: int
    row: int | None
    title: str
    date: str
    place: str
    blocks: Mapping[Kind, int]
    size: tuple[int, int]
    paragraphs: Mapping[str, int]
    characters: Mapping[str, int]
    together: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Row:
    """One paragraph of a tag file."""

    file: str
    article: int
    row: int | None
    title: str
    date: str
    place: str
    characters: int
    measures: tuple[str, ...]


def characters(text: str) -> int:
    """Return how many characters a text has, white space left out."""
    return len("".join(text.split()))


def tally(tagged: TaggedArticle) -> Tally:
    """Return an article's counts; raises ValueError where a body paragraph was not tagged."""
    article = tagged.article
    blocks = Counter(block.kind for block in article.blocks)
    if blocks["body"] != len(tagged.paragraphs):
        message = f"{article.file}: {blocks['body']} body paragraphs but {len(tagged.paragraphs)} tagged ones"
        raise ValueError(message)
    seen = [(characters(paragraph.block.text), paragraph.measures) for paragraph in tagged.paragraphs]
    about = (article.title, article.date, article.place)
    return _counted((article.file, article.number, article.row, *about), blocks, seen)


def _counted(
    about: tuple[str, int, int | None, str, str, str],
    blocks: Mapping[Kind, int],
    seen: Iterable[tuple[int, tuple[str, ...]]],
) -> Tally:
    paragraphs: Counter[str] = Counter()
    length: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    size, whole = 0, 0
    for count, measures in seen:
        size, whole = size + 1, whole + count
        extra = ("+",) if len(measures) > 1 else ()
        for key in (*(measures or ("",)), *extra):
            paragraphs[key] += 1
            length[key] += count
        together.update(combinations(measures, 2))
    return Tally(*about, blocks, (size, whole), paragraphs, length, together)


def is_tag_file(path: str | Path) -> bool:
    """Whether a file holds tagged paragraphs, in a form that `tagger tag` writes: its first rows have their fields."""
    rows = FORMS.get(Path(path).suffix.lower())
    if rows is None:
        return False
    try:
        first = islice(rows(Path(path)), 20)
        return any(not _missing(fields) for _, fields in first if not isinstance(fields, str))
    except (OSError, ReadError):
        return False


def tally_file(path: str | Path, measures: Sequence[str]) -> Iterator[Tally | Unread]:
    """Yield the counts of each article in a tag file (.jsonl, .csv, .xlsx, .parquet, as `tagger tag` writes them).

    A row that can't be used is an Unread that names its line; the others count.
    """
    rows = FORMS.get(Path(path).suffix.lower(), _json_rows)
    try:
        yield from _articles(str(path), rows(Path(path)), measures)
    except ReadError as error:
        yield Unread(error.subject, error.reason)
    except OSError as error:
        yield Unread(str(path), f"can't be read ({error.strerror or error}); check the name")


def _articles(
    name: str, rows: Iterable[tuple[int, Mapping[str, object] | str]], measures: Sequence[str]
) -> Iterator[Tally | Unread]:
    ended: set[int] = set()  # digests: the articles' names would be many times as large
    open_rows: list[_Row] = []
    key = 0
    for line, fields in rows:
        try:
            row = _row(name, line, fields, measures)
        except LabelError as error:
            yield Unread(f"{name}:{line}", error.reason)
            continue
        here = hash((row.file, row.row, row.article))
        if here in ended:
            reason = f"article {row.article} of {row.file} ended above; sort the rows by file and article"
            yield Unread(f"{name}:{line}", reason)
            continue
        if open_rows and here != key:
            ended.add(key)
            yield _closed(open_rows)
            open_rows = []
        key = here
        open_rows.append(row)
    if open_rows:
        yield _closed(open_rows)


def _closed(rows: Sequence[_Row]) -> Tally:
    first = rows[0]
    about = (first.file, first.article, first.row, first.title, first.date, first.place)
    return _counted(about, {"body": len(rows)}, [(row.characters, row.measures) for row in rows])


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    with path.open("rb") as file:
        for line, data in enumerate(file, 1):
            if not data.strip():
                continue
            try:
                fields = json.loads(data.decode("utf-8-sig"))
            except UnicodeDecodeError:
                yield line, "not UTF-8; save the file as UTF-8"
            except (ValueError, RecursionError):
                yield (
                    line,
                    "not a JSON object; each line is one paragraph as `tagger tag -o tags.jsonl` writes it",
                )
            else:
                yield line, fields if isinstance(fields, dict) else "not a JSON object but a bare value"


def _csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    csv.field_size_limit(FIELD_LIMIT)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        head: list[str] = []
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield reader.line_num, f"not CSV ({error})"
                continue
            if cells is None:
                return
            if not any(cells):
                continue
            if not head:
                head = [cell.strip() for cell in cells]
                if missing := _missing(head):
                    yield reader.line_num, missing
                    return
            elif any("\udc80" <= char <= "\udcff" for cell in cells for char in cell):
                yield reader.line_num, "not UTF-8; save the file as 'CSV UTF-8'"
            else:
                yield reader.line_num, dict(zip(head, map(bare_cell, cells), strict=False))


def _excel_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    openpyxl = optional("openpyxl", "excel", path, ReadError)
    try:
        book = openpyxl.load_workbook(path, read_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        head = [str(cell or "").strip() for cell in next(rows, ())]
        for line, cells in enumerate(rows, 2):
            if any(cell is not None for cell in cells):
                yield line, {key: "" if cell is None else cell for key, cell in zip(head, cells, strict=False)}
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - a damaged file raises anything in there
        raise ReadError(path, "damaged or cut short; write it again with: tagger tag") from None


def _parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    parquet = optional("pyarrow.parquet", "parquet", path, ReadError)
    line = 0
    try:
        with parquet.ParquetFile(path) as file:
            wanted = [name for name in file.schema_arrow.names if name in (*NEEDED, *STATED, "row")]
            for batch in file.iter_batches(batch_size=1000, columns=wanted):
                for line, fields in enumerate(batch.to_pylist(), line + 1):  # noqa: B020 - counted on
                    yield line, fields
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - a damaged file raises anything in there
        raise ReadError(path, "damaged or cut short; write it again with: tagger tag") from None


FORMS = {".jsonl": _json_rows, ".csv": _csv_rows, ".xlsx": _excel_rows, ".parquet": _parquet_rows}


def _row(name: str, line: int, fields: Mapping[str, object] | str, measures: Sequence[str]) -> _Row:
    if isinstance(fields, str):
        raise LabelError(name, line, fields)
    if missing := _missing(fields):
        raise LabelError(name, line, missing)
    file, text = fields["file"], fields["text"]
    number = str(fields["article"]).strip()
    if not isinstance(file, str) or not file:
        raise LabelError(name, line, "'file' is empty; it names the file the paragraph comes from")
    if not number.isascii() or not number.isdigit():
        raise LabelError(name, line, f"'article' is {number[:20]!r}; it is the article's number, from 1")
    if not isinstance(text, str) or not text.strip():
        raise LabelError(name, line, "'text' is empty")
    title, date, place = (_said(fields, field) for field in STATED)
    row = _said(fields, "row")
    table_row = int(row) if row.isascii() and row.isdigit() else None
    found = _measures(name, line, fields, measures)
    return _Row(file, int(number), table_row, title, date, place, characters(text), found)


def _missing(fields: Collection[str]) -> str:
    absent = [field for field in NEEDED if field not in fields]
    return f"no {absent[0]!r}; tag files have {', '.join(NEEDED)}" if absent else ""


def _said(fields: Mapping[str, object], field: str) -> str:
    value = fields.get(field)
    return "" if value is None else str(value)


def _measures(name: str, line: int, fields: Mapping[str, object], known: Sequence[str]) -> tuple[str, ...]:
    given = fields["measures"]
    if isinstance(given, str):
        for mark in "[]\"',;|，；、":
            given = given.replace(mark, " ")
        given = given.split()
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise LabelError(name, line, "'measures' is not a list of measure ids, such as [] or two ids in quotes")
    for item in given:
        if item not in known:
            near = get_close_matches(item, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the codebook has {', '.join(known)}"
            raise LabelError(name, line, f"unknown measure {item!r}; {hint}")
    return tuple(measure for measure in known if measure in given)
