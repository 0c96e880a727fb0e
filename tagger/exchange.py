"""Labelled paragraphs to and from spreadsheets, Label Studio and doccano."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tagger.cells import bare_cell, safe_cell
from tagger.codebook import Codebook
from tagger.decode import decode
from tagger.errors import LabelError, ReadError, UsageError
from tagger.files import optional, write_text, writing
from tagger.labels import SCRIPTS, SPLITS, LabelledParagraph, nearest

FIELDS = ("id", "article", "genre", "script", "origin", "split", "coder", "title", "year", "region", "note")
COLUMNS = (*FIELDS, "text", "measures")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML can't hold as it is
BY_ENDING = {".csv": "csv", ".xlsx": "xlsx", ".json": "labelstudio", ".jsonl": "doccano"}
CHOICE = "measures"  # the name of the choices in a Label Studio project
LONGEST = 10_000_000
EXCEL_LONGEST = 32_767  # characters in a cell; openpyxl would cut the rest off


def export_labels(labels: Sequence[LabelledParagraph], path: str | Path, form: str | None = None) -> None:
    """Write paragraphs in a form ("csv", "xlsx", "labelstudio", "doccano"; by the ending if left out).

    The form keeps all fields, so that `import_labels` gives the same paragraphs back.
    """
    chosen = _form(path, form)
    if chosen == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([COLUMNS, *map(_cells, labels)])
        write_text(path, "\ufeff" + out.getvalue())  # Excel takes UTF-8 for UTF-8 by this mark alone
    elif chosen == "xlsx":
        _write_excel(path, labels)
    elif chosen == "doccano":
        rows = ({**_about(x), "text": x.text, "label": list(x.measures)} for x in labels)
        write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    else:
        write_text(path, json.dumps([_task(label) for label in labels], ensure_ascii=False, indent=1) + "\n")


def import_labels(
    path: str | Path, codebook: Codebook, form: str | None = None, coder: str = ""
) -> list[LabelledParagraph]:
    """Return the coded paragraphs that another program wrote; raises LabelError naming the row."""
    chosen = _form(path, form)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ReadError(path, f"can't be read ({error.strerror or error}); check the name") from None
    readers: dict[str, Callable[[str | Path, bytes], Iterable[tuple[int, Mapping[str, Any]]]]] = {
        "csv": _csv_rows,
        "xlsx": _excel_rows,
        "doccano": _doccano_rows,
        "labelstudio": _tasks,
    }
    return [_label(path, number, row, codebook.ids, coder) for number, row in readers[chosen](path, data)]


def _form(path: str | Path, form: str | None) -> str:
    if form:
        return form
    ending = Path(path).suffix.lower()
    if ending not in BY_ENDING:
        raise UsageError(
            path, f"its form is not known by its ending; say --format, or end it in {', '.join(BY_ENDING)}"
        )
    return BY_ENDING[ending]


def _about(label: LabelledParagraph) -> dict[str, str]:
    return {field: getattr(label, field) for field in FIELDS if getattr(label, field)}


def _cells(label: LabelledParagraph) -> list[str]:
    return [safe_cell(getattr(label, name)) for name in (*FIELDS, "text")] + [";".join(label.measures)]


def _write_excel(path: str | Path, labels: Sequence[LabelledParagraph]) -> None:
    openpyxl = optional("openpyxl", "excel", path)
    rows = [_cells(label) for label in labels]
    for label, cells in zip(labels, rows, strict=True):
        if any(len(cell) > EXCEL_LONGEST for cell in cells) or _UNFIT.search("".join(cells)):
            reason = f"paragraph {label.id!r} has a control character or over {EXCEL_LONGEST:,} characters"
            raise UsageError(path, f"{reason}, which no Excel cell can hold; write .csv instead")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("labels")
    for row in [list(COLUMNS), *rows]:
        sheet.append(row)
    with writing(path, "wb") as file:
        book.save(file)


def _task(label: LabelledParagraph) -> dict[str, Any]:
    result = {
        "from_name": CHOICE,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": list(label.measures)},
    }
    return {"data": {**_about(label), "text": label.text}, "annotations": [{"result": [result]}]}


def _text(path: str | Path, data: bytes) -> str:
    """Return UTF-8 to the letter, for a cell may hold any character; other encodings as reports are read."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(path, data)[0]


def _csv_rows(path: str | Path, data: bytes) -> Iterable[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(LONGEST)
    table = csv.reader(io.StringIO(_text(path, data), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((table.line_num, cells) for cells in table)
    except csv.Error as error:
        raise LabelError(path, table.line_num, f"not CSV ({error})") from None
    return _table(path, rows)


def _excel_rows(path: str | Path, data: bytes) -> Iterable[tuple[int, Mapping[str, Any]]]:
    openpyxl = optional("openpyxl", "excel", path, ReadError)
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        rows = [
            (number, ["" if cell is None else str(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    except Exception:  # noqa: BLE001 - a damaged file raises anything in there
        raise ReadError(path, "is no whole Excel file; open it in Excel and save it again") from None
    return _table(path, rows)


def _table(path: str | Path, rows: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[int, Mapping[str, Any]]]:
    if not rows:
        raise LabelError(path, 1, "is empty; the first row names the columns")
    head = [cell.strip() for cell in rows[0][1]]
    missing = next((name for name in ("text", "measures") if name not in head), None)
    if missing:
        raise LabelError(path, rows[0][0], f"no column {missing!r}; there is: {', '.join(head)}")
    found: list[tuple[int, Mapping[str, Any]]] = []
    for number, cells in rows[1:]:
        if any(cells):
            row: dict[str, Any] = {k: bare_cell(v) for k, v in zip(head, cells, strict=False) if k in COLUMNS}
            marks = str(row.get("measures", "")).replace("；", ";").replace(",", ";").replace("，", ";")
            found.append((number, row | {"measures": [m.strip() for m in marks.split(";") if m.strip()]}))
    return found


def _doccano_rows(path: str | Path, data: bytes) -> Iterable[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(_text(path, data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise LabelError(path, number, "not a JSON object") from None
        if not isinstance(row, dict):
            raise LabelError(path, number, "not a JSON object")
        codes = next((row[key] for key in ("label", "labels", "measures") if key in row), None)
        if codes is None:
            raise LabelError(path, number, "no 'label'; export the project from doccano as JSONL")
        yield number, row | {"measures": codes}


def _tasks(path: str | Path, data: bytes) -> Iterable[tuple[int, Mapping[str, Any]]]:
    try:
        tasks = json.loads(_text(path, data))
    except (ValueError, RecursionError):
        raise LabelError(path, 1, "not JSON; export the project from Label Studio as JSON") from None
    if not isinstance(tasks, list):
        raise LabelError(path, 1, "not a list of tasks; export the project from Label Studio as JSON")
    for number, task in enumerate(tasks, start=1):
        about = task.get("data") if isinstance(task, dict) else None
        if not isinstance(about, dict):
            raise LabelError(path, number, "a task without 'data'")
        yield number, about | {"measures": _choices(path, number, task.get("annotations"))}


def _choices(path: str | Path, number: int, annotations: object) -> list[Any]:
    """Return the choices of a task's last annotation that was not cancelled; an empty one codes no measure."""
    try:
        done = [one for one in annotations if not one.get("was_cancelled")]  # type: ignore[attr-defined]
        chosen = [result["value"]["choices"] for result in done[-1]["result"] if result["type"] == "choices"]
        return [choice for choices in chosen for choice in choices]
    except (AttributeError, IndexError, KeyError, TypeError):
        raise LabelError(path, number, "a task that is not annotated; export annotated tasks only") from None


def _label(
    path: str | Path, number: int, row: Mapping[str, Any], measures: Sequence[str], coder: str
) -> LabelledParagraph:
    text, codes = row.get("text"), row["measures"]
    if not isinstance(text, str) or not text.strip():
        raise LabelError(path, number, "'text' is empty")
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise LabelError(path, number, "its measures are no list of measure ids")
    for code in codes:
        if code not in measures:
            raise LabelError(path, number, f"unknown measure {code!r}; {nearest(code, measures)}")
    about = {field: str(row[field]) for field in FIELDS if row.get(field) not in (None, "")}
    if about.get("script", "hans") not in SCRIPTS or about.get("split", "train") not in SPLITS:
        raise LabelError(path, number, f"'script' is one of {', '.join(SCRIPTS)}; 'split' one of {', '.join(SPLITS)}")
    about.setdefault("id", f"row-{number}")
    about.setdefault("article", about["id"])
    if coder:
        about["coder"] = coder
    return LabelledParagraph(**about, text=text, measures=tuple(m for m in measures if m in codes))
