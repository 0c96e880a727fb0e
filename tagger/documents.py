"""Word and PDF to sources: every paragraph, cell, text box and note that a reader of the printed page sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from tagger.article import Kind, Source, Unread
from tagger.decode import tidied
from tagger.errors import ReadError
from tagger.files import optional

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
SKIPPED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}sectPr", f"{W}instrText", f"{MC}Fallback"})
GLYPHS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
KINDS: dict[str, Kind] = {"title": "title", "subtitle": "title", "caption": "caption", "标题": "title", "题注": "caption"}
HEADING = re.compile(r"(?:heading|标题) ?([1-9])$")
BASED = 10  # styles that one may stand on: a loop of them ends here
FIGURES = 12  # characters: a table whose cells have fewer, in the mean, holds figures, not text
MAX_PAGES = 20_000


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
    document = docx.Document(file)
    about = document.core_properties
    reader = _Word(_styles(document))
    for kind in ("header", "body", "footnotes", "endnotes", "footer"):
        for root in _roots(document, kind):
            reader.read(root, None if kind == "body" else "furniture")
            if reader.lines.size > limit:
                raise ReadError(subject, f"more than {limit:,} characters for one document; split it")
    lines = reader.lines
    if not any(line.strip() for line in lines.text):
        raise ReadError(subject, "no text in it (pictures only?); run OCR first, or save it as text")
    yield Source(subject, "\n".join(lines.text), hints=lines.hints, wrapped=False, title=_named(about.title))


def _named(title: object) -> str:
    """Return a file's own title, unless it is what programs fill in by themselves."""
    text = " ".join(tidied(str(title or "")).split())
    return "" if re.fullmatch(r"(?i)(?:microsoft word|word document|文档|untitled|无标题).*|.*\.(?:docx?|wps|pdf)", text) else text


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
        rows = [[_cell(cell) for cell in _within(row, "tc")] for row in _within(table, "tr")]
        cells = [cell for row in rows for cell in row if cell.strip()]
        if all(sum(bool(cell.strip()) for cell in row) <= 1 for row in rows):  # a frame around text
            for cell in _within(table, "tr", "tc"):
                self.read_inside(cell, kind)
            return
        figures = len(cells) > 0 and sum(map(len, cells)) < FIGURES * len(cells) and "。" not in "".join(cells)
        for row in rows:
            line = "\t".join(" ".join(cell.split()) for cell in row).strip()
            self.lines.add(line, kind or ("furniture" if figures else None))

    def read_inside(self, cell: Any, kind: Kind | None) -> None:  # noqa: ANN401
        for child in cell:
            self.read(child, kind)


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


def _cell(cell: Any) -> str:  # noqa: ANN401
    texts = []
    for paragraph in cell.iter(f"{W}p"):
        text, _ = _text(paragraph)  # a text box's own paragraphs come by themselves
        texts.append(text)
    return " ".join(text for text in texts if text.strip())


def _text(paragraph: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
    """Return a paragraph's text as printed, and the text boxes anchored in it."""
    pieces, boxes = [], []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if tag == f"{W}txbxContent":
            boxes.append(element)
        elif tag == f"{W}t":
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
    lines, pictures = _Lines(), []
    number = 0
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        if text.strip():
            lines.add(text + "\n")
        elif _has_picture(page):
            pictures.append(number)
        if lines.size > limit or number > MAX_PAGES:
            raise ReadError(subject, f"more than {limit:,} characters or {MAX_PAGES:,} pages; split it")
    if not any(line.strip() for line in lines.text):
        raise ReadError(subject, "holds pictures of text only; run OCR first (ocrmypdf, for one)")
    title = _named(reader.metadata.title if reader.metadata else "")
    yield Source(subject, "\n".join(lines.text), wrapped=True, title=title)
    if pictures:
        yield Unread(f"{subject}, {_pages(pictures)}", "pictures with no text layer; if they hold text, run OCR first")


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
