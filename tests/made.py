"""Small real files of our own making, as bytes: Word, Excel, Parquet, PDF, zip."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

SENTENCE = "镇党委派出驻村工作队，带着村民种下三百亩茶叶，合作社年底给入社农户分红。"
TRADITIONAL = "鎮黨委派出駐村工作隊，帶著村民種下三百畝茶葉，合作社年底給入社農戶分紅。"


def word(*paragraphs: str | tuple[str, str], table: Sequence[Sequence[str]] = (), header: str = "") -> bytes:
    """Return a Word file of paragraphs (with their style), a table after them."""
    document = docx.Document()
    for paragraph in paragraphs:
        text, style = (paragraph, None) if isinstance(paragraph, str) else paragraph
        document.add_paragraph(text, style)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(*sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(**columns: object) -> bytes:
    """Return a Parquet file of columns."""
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def rezipped(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def added(data: bytes, part: str, content: bytes) -> bytes:
    """Return an archive with a part more."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(part, content)
    return out.getvalue()


def _numbered(objects: Iterable[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(offsets) + 1, table, len(offsets) + 1, len(out))


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf(*pages: Sequence[str] | None, map_characters: bool = True) -> bytes:
    """Return a PDF of pages of lines, in a font with a map to Unicode; None is a page with a picture only."""
    characters = sorted({character for page in pages if page for line in page for character in line})
    code = {character: b"%04X" % number for number, character in enumerate(characters, start=300)}
    pairs = b"".join(b"<%s> <%s>\n" % (code[c], c.encode("utf-16-be").hex().encode()) for c in characters)
    cmap = b"begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap"
    unicode = b"/ToUnicode 4 0 R" if map_characters else b""
    system = b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    picture = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (7 + 2 * at) for at in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [5 0 R] %s >>"
        % unicode,
        _stream(cmap % (len(characters), pairs)),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /CIDSystemInfo %s >>" % system,
        _stream(b"\0", picture),
    ]
    resources = {True: b"/Font << /F1 3 0 R >>", False: b"/XObject << /Im 6 0 R >>"}
    for page in pages:
        number = len(objects) + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>"
            % (resources[page is not None], number + 1)
        )
        shown = b"".join(b"<%s> Tj T*\n" % b"".join(code[c] for c in line) for line in page or ())
        objects.append(_stream(b"/Im Do" if page is None else b"BT /F1 12 Tf 18 TL 50 800 Td\n%sET" % shown))
    return _numbered(objects)
