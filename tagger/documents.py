"""Word and PDF to sources: every paragraph, cell, text box and note that a reader of the printed page sees."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from tagger.article import Kind, Source, Unread
from tagger.decode import FLOOR, NOT_TEXT, likeness, tidied
from tagger.errors import ReadError
from tagger.files import optional

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}sectPr", f"{W}instrText", f"{W}rt", f"{MC}Fallback"}
)
TEXTS = frozenset({f"{W}t", f"{MATHS}t"})
GLYPHS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
KINDS: dict[str, Kind] = {
    "title": "title",
    "subtitle": "title",
    "caption": "caption",
    "标题": "title",
    "题注": "caption",
}
HEADING = re.compile(r"(?:heading|标题) ?([1-9])$")
BASED = 10  # styles that one may stand on: a loop of them ends here
FIGURES = 12  # characters: a table whose cells have fewer, in the mean, holds figures, not text
MAX_PAGES = 20_000
_PICTURE = "pictures with no text layer; if they hold text, run OCR first"
_DAMAGED = "damaged; open it and save it again"

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # else its remarks reach the terminal


@dataclass(slots=True)
class _Lines:
    """Lines as they are gathered, with the kinds that the file gives some of them."""

    text: list[str] = field(default_factory=list)
    hints: dict[int, Kind] = field(default_factory=dict)
    size: int = 0

    def add(self, text: str, kind: Kind | None = None) -> None:
        for line in tidied(text).split("\n"):
            self.text.append(line)
            self.size += len(line)
            if kind and line.strip():
                self.hints[len(self.text)] = kind


def word(subject: str, file: IO[bytes], limit: int) -> Iterator[Source]:
    """Yield the source of a Word file, a line each paragraph and each row of a table.

    Headers stand before the text, then the body with its text boxes in place, footnotes, footers. A deletion
    that is only marked is left out.
    """
    docx = optional("docx", "word", subject, ReadError)
    try:
        document = docx.Document(file)
    except ValueError:  # a template, or one with macros
        raise ReadError(subject, "not a plain Word document; save it as .docx") from None
    reader = _Word(_styles(document))
    for kind in ("header", "body", "footnotes", "endnotes", "footer"):
        for root in _roots(document, kind):
            reader.read(root, None if kind == "body" else "furniture")
            if reader.lines.size > limit:
                raise ReadError(subject, f"more than {limit:,} characters for one document; split it")
    lines = reader.lines
    if not any(line.strip() for line in lines.text):
        raise ReadError(subject, "no text in it (pictures only?); run OCR first, or save it as text")
    yield Source(subject, "\n".join(lines.text), hints=_titled(lines), wrapped=False)


def _titled(lines: _Lines) -> dict[int, Kind]:
    """Return the hints, the first heading a title where there is none and no text stands before it."""
    numbers = (number for number, line in enumerate(lines.text, 1) if line.strip())
    first = next((number for number in numbers if lines.hints.get(number) != "furniture"), 0)
    if "title" not in lines.hints.values() and lines.hints.get(first) == "heading":
        return lines.hints | {first: "title"}
    return lines.hints


def _roots(document: Any, kind: str) -> list[Any]:  # noqa: ANN401 - the library has no types
    """Return the XML of a part of the document, each part once."""
    if kind == "body":
        return [document.element.body]
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parts = [relation.target_part for relation in document.part.rels.values() if not relation.is_external]
    found = {part.partname: part for part in parts if str(part.content_type).endswith(f".{kind}+xml")}
    return [etree.fromstring(part.blob, parser) for _, part in sorted(found.items())]


def _styles(document: Any) -> dict[str, Kind]:  # noqa: ANN401
    """Return the kind of every style that is one of a heading, by name, outline level or the style it stands on."""
    styles = {style.get(f"{W}styleId"): style for style in document.styles.element.iterfind(f"{W}style")}
    kinds: dict[str, Kind] = {}
    for name in styles:
        at = name
        for _ in range(BASED):
            style = styles.get(at)
            if style is None:
                break
            if kind := _style_kind(style):
                kinds[name] = kind
                break
            base = style.find(f"{W}basedOn")
            at = "" if base is None else base.get(f"{W}val")
    return kinds


def _style_kind(style: Any) -> Kind | None:  # noqa: ANN401
    name = style.find(f"{W}name")
    known = "" if name is None else (name.get(f"{W}val") or "").strip().lower()
    if HEADING.match(known) or _outlined(style.find(f"{W}pPr")):
        return "heading"
    return KINDS.get(known)


def _outlined(properties: Any) -> bool:  # noqa: ANN401
    level = None if properties is None else properties.find(f"{W}outlineLvl")
    return level is not None and level.get(f"{W}val") in set("012345678")


class _Word:
    """Walks the XML of a Word file, depth first but without recursion over its paragraphs' insides."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self.kinds, self.lines = kinds, _Lines()

    def read(self, root: Any, kind: Kind | None) -> None:  # noqa: ANN401
        """Add a part's lines, all of one kind or each of the kind that its style says."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if element.tag == f"{W}p":
                self._paragraph(element, kind)
            elif element.tag == f"{W}tbl":
                self._table(element, kind)
            elif element.tag not in SKIPPED and isinstance(element.tag, str):
                waiting.extend(reversed(element))

    def _paragraph(self, paragraph: Any, kind: Kind | None) -> None:  # noqa: ANN401
        text, boxes = _text(paragraph)
        self.lines.add(text, kind or self._kind(paragraph))
        for box in boxes:
            self.read(box, kind)

    def _kind(self, paragraph: Any) -> Kind | None:  # noqa: ANN401
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = properties.find(f"{W}pStyle")
        kind = None if style is None else self.kinds.get(style.get(f"{W}val"))
        return kind or ("heading" if _outlined(properties) else None)

    def _table(self, table: Any, kind: Kind | None) -> None:  # noqa: ANN401
        rows = [_within(row, "tc") for row in _within(table, "tr")]
        texts = [["".join(_paragraphs(cell)) for cell in row] for row in rows]
        cells = [text for row in texts for text in row if text.strip()]
        figures = sum(map(len, cells)) < FIGURES * len(cells) and "。" not in "".join(cells)
        framed = all(sum(bool(text.strip()) for text in row) <= 1 for row in texts)
        for row in rows:
            if framed or any(
                "。" in "".join(_paragraphs(cell)[:-1]) for cell in row
            ):  # a frame around whole paragraphs
                for cell in row:
                    for child in cell:
                        self.read(child, kind)
            else:
                line = "\t".join(" ".join(" ".join(_paragraphs(cell)).split()) for cell in row).strip()
                self.lines.add(line, kind or ("furniture" if figures else None))


def _within(element: Any, *names: str) -> list[Any]:  # noqa: ANN401
    """Return the rows of a table or the cells of a row, also those in content controls, not those of tables inside."""
    found, wanted = [element], [f"{W}{name}" for name in names]
    for name in wanted:
        outer, found = found, []
        waiting = [child for parent in reversed(outer) for child in reversed(parent)]
        while waiting:
            child = waiting.pop()
            if child.tag == name:
                found.append(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
                waiting.extend(reversed(child))
    return found


def _paragraphs(cell: Any) -> list[str]:  # noqa: ANN401
    """Return the paragraphs of a cell that have text, with those of its text boxes and of tables inside it."""
    reader = _Word({})
    for child in cell:
        if child.tag == f"{W}tbl":
            for inner in child.iter(f"{W}p"):
                reader.read(inner, None)
        else:
            reader.read(child, None)
    return [line for line in reader.lines.text if line.strip()]


def _text(paragraph: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
    """Return a paragraph's text as printed, and the text boxes anchored in it."""
    pieces, boxes = [], []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if tag == f"{W}txbxContent":
            boxes.append(element)
        elif tag in TEXTS:
            pieces.append(element.text or "")
        elif tag in GLYPHS:
            pieces.append(GLYPHS[tag])
        elif tag not in SKIPPED and isinstance(tag, str):
            waiting.extend(reversed(element))
    return "".join(pieces), boxes


def pdf(subject: str, file: IO[bytes], limit: int) -> Iterator[Source | Unread]:
    """Yield the source of a PDF's text layer, and an Unread that names the pages that are only pictures.

    Lines are counted in the text as extracted, a blank line between pages.
    """
    pypdf = optional("pypdf", "pdf", subject, ReadError)
    reader = pypdf.PdfReader(file)
    if reader.is_encrypted and not _unlocked(reader, pypdf):
        raise ReadError(subject, "locked with a password; save it without one")
    lines = _Lines()
    missing: dict[str, list[int]] = {_PICTURE: [], _DAMAGED: []}
    for number, page in enumerate(reader.pages, start=1):
        text, fault = _page(page)
        lines.add(f"{text}\n")
        if fault:
            missing[fault].append(number)
        if lines.size > limit or number > MAX_PAGES:
            raise ReadError(subject, f"more than {limit:,} characters or {MAX_PAGES:,} pages; split it")
    text = "\n".join(lines.text)
    if not text.strip():
        fault = _DAMAGED if missing[_DAMAGED] else "holds pictures of text only; run OCR first (ocrmypdf, for one)"
        raise ReadError(subject, fault)
    if _garbled(text):
        raise ReadError(subject, "its fonts don't say which characters they show; run OCR first (ocrmypdf --force-ocr)")
    yield Source(subject, text, wrapped=True)
    yield from (Unread(f"{subject}, {_pages(pages)}", fault) for fault, pages in missing.items() if pages)


def _page(page: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return a page's text, and what is wrong where it has none."""
    try:
        text = page.extract_text()
        return text, _PICTURE if not text.strip() and _has_picture(page) else ""
    except Exception:  # noqa: BLE001 - one damaged page is no reason to lose the others
        return "", _DAMAGED


def _garbled(text: str) -> bool:
    """Tell text that is neither Chinese nor plain: glyph numbers taken for characters."""
    seen = "".join(text.split())
    foreign = sum(character > "\x7f" for character in seen)
    return len(NOT_TEXT.findall(seen)) * 5 > len(seen) or (foreign * 2 > len(seen) and likeness(seen) < FLOOR)


def _unlocked(reader: Any, pypdf: Any) -> bool:  # noqa: ANN401
    try:
        return bool(reader.decrypt(""))
    except pypdf.errors.DependencyError:  # a cipher that needs a further library
        return False


def _has_picture(page: Any) -> bool:  # noqa: ANN401
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    return bool(objects and objects.get_object())


def _pages(numbers: list[int]) -> str:
    """Return page numbers in words, runs of them shortened."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"
