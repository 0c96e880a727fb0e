"""What a file is: told by its first bytes, by the parts of its archive, and only then by its ending."""

import json
import re
import zipfile
from typing import IO, Literal, get_args

from tagger.decode import guess
from tagger.errors import ReadError

Format = Literal["text", "page", "archive", "markdown", "word", "pdf", "json", "csv", "excel", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
HEAD = 8192  # bytes that tell a format

ENDINGS: dict[str, Format] = {
    ".txt": "text", ".text": "text",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".shtml": "page",
    ".mht": "archive", ".mhtml": "archive", ".md": "markdown", ".markdown": "markdown",
    ".docx": "word", ".docm": "word", ".pdf": "pdf", ".jsonl": "json", ".ndjson": "json", ".json": "json",
    ".csv": "csv", ".tsv": "csv", ".xlsx": "excel", ".xlsm": "excel", ".parquet": "parquet",
}  # fmt: skip
REFUSED = {  # what else holds reports, and what to do with it
    ".doc": "save it as .docx", ".wps": "save it as .docx", ".rtf": "save it as .docx", ".odt": "save it as .docx",
    ".xls": "save it as .xlsx", ".et": "save it as .xlsx", ".xlsb": "save it as .xlsx", ".ods": "save it as .xlsx",
    ".ofd": "save it as .pdf or .docx", ".caj": "save it as .pdf or .docx", ".epub": "save it as .docx or .html",
}  # fmt: skip
KNOWN = frozenset(ENDINGS) | frozenset(REFUSED)  # what is taken from a folder

MAX_PART = 200_000_000  # bytes that one part of an archive may unpack to
MAX_ALL = 1_000_000_000  # and all of them: pictures count, too

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|base|link|script|style|div|p|table|span|font|center|article|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}[\s/>]|<!", re.IGNORECASE)
_SAVED = re.compile(r"(?:[\w-]+:[^\n]*\n[ \t]*){0,12}?content-type:\s*multipart/related", re.IGNORECASE)
_ZIPPED = {"xl/workbook.bin": ".xlsb", "ppt/": ".pptx", "OFD.xml": ".ofd", "content.xml": ".odt", "OEBPS/": ".epub"}


def kind(subject: str, file: IO[bytes], ending: str) -> Format:
    """Return a file's format and leave it at its start; the ending counts only where the content doesn't tell.

    Raises ReadError for what is not read at all, by the name of what it looks like.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        if not head or len(head) < HEAD:
            raise ReadError(subject, "empty; nothing to read")
        return ENDINGS.get(ending, "text")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(subject, file)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(subject, _old(head + file.read(1 << 16), ending))
    if head.startswith(b"{\\rtf"):
        raise ReadError(subject, "an RTF file; save it as .docx")
    return _text(guess(head), ending)


def _old(start: bytes, ending: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in start:
        return "locked with a password; save it without one"
    return f"an old Office file; {REFUSED.get(ending, 'save it as .docx or .xlsx')}"


def _text(head: str, ending: str) -> Format:
    """Return the format of a file that is text, by how it begins."""
    if _PAGE.match(head):
        return "page"
    if _SAVED.match(head):
        return "archive"
    first = head.lstrip().partition("\n")[0]
    if first.startswith("{") and _is_object(first):
        return "json"
    by_ending = ENDINGS.get(ending, "text")
    if by_ending in ("word", "pdf", "parquet", "archive") or (by_ending == "page" and not _TAG.search(head)):
        return "text"
    return "csv" if by_ending == "excel" or ending == ".xls" else by_ending


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _zipped(subject: str, file: IO[bytes]) -> Format:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise ReadError(subject, "damaged or cut short (its end is missing); copy or download it again") from None
    finally:
        file.seek(0)
    if sum(part.file_size for part in parts) > MAX_ALL or any(part.file_size > MAX_PART for part in parts):
        raise ReadError(subject, f"unpacks to more than {MAX_PART:,} bytes; split it into smaller files")
    names = [part.filename for part in parts]
    found = next((ending for start, ending in _ZIPPED.items() if any(name.startswith(start) for name in names)), "")
    if found:
        raise ReadError(subject, f"a file of the kind {found}; {REFUSED.get(found, 'save its text as .docx')}")
    if any(name.startswith("word/") for name in names):
        return "word"
    if any(name.startswith("xl/") for name in names):
        return "excel"
    raise ReadError(subject, "a zip archive; unpack it and name the folder")
