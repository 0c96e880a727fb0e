"""Text made safe for the place that shows it: spreadsheet cells, terminals, pages."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # what spreadsheets take for the start of a formula
SHOWN = "\N{REPLACEMENT CHARACTER}"
BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # these turn the text around them
NEVER = [0xFFFE, 0xFFFF]  # no XML can hold them, so no Excel sheet
CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *BIDI, *NEVER]
PRINTABLE = dict.fromkeys(CONTROLS, SHOWN) | {ord("\n"): "\n", ord("\t"): " ", ord("\r"): " "}

EXCEL_CELL = 32_767  # units of UTF-16; Excel refuses more

Cell = str | int | float | None


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before a leading = + - @ or tab."""
    return "'" + text if text.lstrip("'")[:1] in FORMULA and text.strip("'") else text


def bare_cell(text: str) -> str:
    """Return the text that `safe_cell` was given."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in FORMULA and text.strip("'") else text


def excel_cell(text: str) -> str:
    """Return as much of the text as one cell of Excel holds: 32,767 units of UTF-16."""
    if 2 * len(text) <= EXCEL_CELL:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * EXCEL_CELL].decode("utf-16-le", "ignore")


def printable(text: str) -> str:
    """Return the text, just as long, with every control and text-turning character made visible."""
    shown = text.translate(PRINTABLE)
    if shown.isascii() or not any("\ud800" <= char <= "\udfff" for char in shown):
        return shown
    return "".join(SHOWN if "\ud800" <= char <= "\udfff" else char for char in shown)


def one_line(text: str) -> str:
    """Return the printable text on one line, runs of space made single."""
    return " ".join(printable(text).split())


def columns(text: str) -> int:
    """Return how many terminal columns a text takes: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a CSV file's text, every text cell safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(cell) for cell in head])
    for row in rows:
        writer.writerow([safe_cell(printable(cell)) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
