"""Web pages to sources: all that a page shows, line by line, its main text told from what stands around it."""

import email
import email.policy
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tagger.article import Kind, Source
from tagger.decode import FLOOR, decode, likeness, tidied
from tagger.errors import ReadError
from tagger.files import optional

UNSEEN = frozenset({
    "head", "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "audio", "video",
    "canvas", "map", "datalist", "rp",
})  # fmt: skip
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search",
    "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "br",
})  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
FIGURES = 12  # characters: a row whose cells have fewer, in the mean, holds figures, not text
PROSE = 25  # characters of a line that can't be a mere label
MOST = 20_000  # elements of a page that a main text is looked for in: the time taken grows faster than they do
LINKED = 0.5  # share of a line that is a link, from which on it is one of a list of links
TRUSTED = 0.6  # share of a page's prose that the main text must hold before what is outside of it is furniture
DECLARED = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
}

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|tuzhu|tushuo|(?:img|image|pic|picture|photo)[_-]?(?:caption|desc|description|text|note|info|explain))(?:$|[\s_-])",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"(?<=[\u2e80-\uffef])[ \t]*[\n][ \t\n]*(?=[\u2e80-\uffef])")  # CSS: no space shows there
_SPACE = re.compile(r"[ \t\n]+")
_WHITE = re.compile(r"\s+")
_SITE = re.compile(r"\s*[-_|–—·]+\s*")

for _library in ("trafilatura", "htmldate", "courlan", "justext", "dateparser"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # else their remarks reach the terminal


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    level: int  # of the heading that it stands in, 0 outside
    caption: bool
    linked: float  # share of it that is a link

    @property
    def bare(self) -> str:
        """Its text without any space, to compare by."""
        return _WHITE.sub("", self.text)


@dataclass(slots=True)
class _Writer:
    """Gathers what a page shows into lines, piece by piece."""

    lines: list[_Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    level: int = 0
    caption: bool = False
    linked: int = 0

    def add(self, text: str, level: int, *, caption: bool, link: bool, verbatim: bool) -> None:
        if verbatim:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.end()
                self._piece(line, level, caption=caption, link=link)
        else:
            self._piece(text, level, caption=caption, link=link)

    def _piece(self, text: str, level: int, *, caption: bool, link: bool) -> None:
        bare = len(text.strip())
        if bare and not any(piece.strip() for piece in self.pieces):
            self.level, self.caption = level, caption
        self.linked += bare if link else 0
        self.pieces.append(text)

    def end(self) -> None:
        text = _SPACE.sub(" ", _BROKEN.sub("", "".join(self.pieces))).strip(" ").rstrip()
        if text.strip():
            self.lines.append(_Line(text, self.level, self.caption, self.linked / len(text)))
        self.pieces, self.linked = [], 0


def page(subject: str, data: bytes, encoding: str | None = None) -> Source:
    """Return the source of an HTML page: every line that it shows, with the kinds that its markup tells.

    What stands outside of the main text is hinted as furniture, unless no main text is found.
    """
    text, used = _decoded(subject, data, encoding)
    trafilatura = optional("trafilatura", "html", subject, ReadError)
    lines = _lines(subject, text)
    if not lines:
        raise ReadError(subject, "a page that shows no text (made by a script?); save it complete, or copy its text")
    found = _extracted(trafilatura, text) if text.count("<") < 2 * MOST else None
    main = _main(lines, found)
    titles = _titles(lines, tidied(found.title or "") if found else "", main)
    hints: dict[int, Kind] = {}
    for at, line in enumerate(lines):
        if kind := _kind(line, at in titles, main[at] if main else True):
            hints[at + 1] = kind
    title = lines[titles[0]].text.strip() if titles else ""  # the page's own title may be its site's
    date = (found.date or "") if found else ""
    return Source(
        subject,
        "\n".join(line.text for line in lines),
        title=title,
        date=date,
        encoding=used,
        hints=hints,
        wrapped=False,
    )


def archive(subject: str, data: bytes, encoding: str | None = None) -> Source:
    """Return the source of a page saved as one file (.mht): the first HTML part of it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return page(subject, content, encoding)
    raise ReadError(subject, "no page in this archive; save the page as .html")


def _decoded(subject: str, data: bytes, encoding: str | None) -> tuple[str, str]:
    """Return a page's text; the encoding that it says it has counts where it is not UTF-8 and gives Chinese."""
    said = _CHARSET.search(data[:4096])
    if encoding is None and said:
        name = said.group(1).decode("ascii").lower()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            name = DECLARED.get(name, name)
            try:
                text = data.decode(name)
            except (UnicodeError, LookupError):
                text = ""
            if likeness(text) >= FLOOR:
                return tidied(text), name
    return decode(subject, data, encoding)


def _lines(subject: str, text: str) -> list[_Line]:
    """Return the lines that a page shows, in its order."""
    lxml_html = optional("lxml.html", "html", subject, ReadError)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except lxml_html.etree.ParserError:  # nothing in it
        return []
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise ReadError(subject, "tags nested thousands deep; copy its text into a new file")
    return _walk(root)


def _walk(root: Any) -> list[_Line]:  # noqa: ANN401 - the library has no types
    from lxml import etree

    writer = _Writer()
    inside: dict[str, int] = dict.fromkeys(("a", "pre", "textarea", "caption", "row"), 0)
    level = 0
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        tag = element.tag
        step = 1 if event == "start" else -1
        if event == "start" and _unseen(element):
            steps.skip_subtree()
            continue  # its end still comes, with the text after it
        if not _unseen(element):
            breaks = tag in BLOCKS
            if tag in ("td", "th") and inside["row"]:
                writer.pieces.append("\v" if event == "end" else "")  # a tab, once white space is made single
            elif breaks and not (inside["row"] and tag in ("p", "div")):
                writer.end()
            if tag == "tr" and (_simple(element) or event == "end"):
                inside["row"] = max(0, step)
            if tag in HEADINGS:
                level = HEADINGS[tag] if event == "start" else 0
            for name in ("a", "pre", "textarea"):
                inside[name] += step if tag == name else 0
            inside["caption"] += (
                step if tag in ("figcaption", "caption") or _CAPTION.search(element.get("class", "")) else 0
            )
        piece = element.text if event == "start" else element.tail
        if piece:
            verbatim = bool(inside["pre"] or inside["textarea"])
            writer.add(piece, level, caption=inside["caption"] > 0, link=inside["a"] > 0, verbatim=verbatim)
    writer.end()
    return [_rowed(line) for line in writer.lines]


def _unseen(element: Any) -> bool:  # noqa: ANN401
    return (
        element.tag in UNSEEN
        or "hidden" in element.attrib
        or bool(_HIDDEN.search(element.get("style", "")))
        or (element.tag == "input" and element.get("type") == "hidden")
    )


def _simple(row: Any) -> bool:  # noqa: ANN401
    """Tell a row of a real table: two cells or more, none of them with blocks of its own beyond one paragraph."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2:  # noqa: PLR2004
        return False
    blocks = [[inner.tag for inner in cell.iterdescendants() if inner.tag in BLOCKS] for cell in cells]
    return all(len(tags) <= 1 and set(tags) <= {"p", "div"} for tags in blocks)


def _rowed(line: _Line) -> _Line:
    if "\v" not in line.text:
        return line
    text = "\t".join(cell.strip() for cell in line.text.split("\v")).strip()
    return _Line(text, line.level, line.caption, line.linked)


def _extracted(trafilatura: Any, text: str) -> Any:  # noqa: ANN401
    """Return what trafilatura makes of a page, or None; a page that it stumbles over is still read."""
    dates = {"original_date": True, "extensive_search": False}
    try:
        return trafilatura.bare_extraction(
            text,
            fast=True,  # its fall-backs find the same in Chinese pages, and can take minutes
            favor_recall=True,
            include_comments=False,
            with_metadata=True,
            date_extraction_params=dates,
        )
    except Exception:  # noqa: BLE001 - all that it adds is hints
        return None


def _main(lines: Sequence[_Line], found: Any) -> list[bool]:  # noqa: ANN401
    """Tell of each line whether it belongs to the main text; an empty list where that can't be told."""
    if not found or not found.text:
        return []
    parts = [_WHITE.sub("", part) for part in found.text.split("\n")]
    whole, short = "\n".join(parts), set(parts)
    inside = [line.bare in short or (len(line.bare) > 8 and line.bare in whole) for line in lines]  # noqa: PLR2004
    prose = [len(line.text) if len(line.text) >= PROSE and line.linked < LINKED else 0 for line in lines]
    held = sum(size for size, held in zip(prose, inside, strict=True) if held)
    if not held or held < TRUSTED * sum(prose):
        return []
    first = next(at for at, held in enumerate(inside) if held and prose[at])
    last = max(at for at, held in enumerate(inside) if held and prose[at])
    return [  # what stands in between is a part of it, too: captions, short lines
        line.linked < LINKED and (inside[at] or first < at < last) for at, line in enumerate(lines)
    ]


def _titles(lines: Sequence[_Line], title: str, main: Sequence[bool]) -> list[int]:
    """Return the lines that are the page's title: those that its own title begins with, else its only h1."""
    whole = _WHITE.sub("", title)
    names = {whole, _WHITE.sub("", _SITE.split(title)[0])} - {""}
    same = [at for at, line in enumerate(lines) if line.bare in names and line.linked < LINKED]
    tops = [at for at in same if lines[at].level] or same
    if tops:
        return tops[:1]
    first = [at for at, line in enumerate(lines) if line.level == 1 and line.linked < LINKED]
    return first if len(first) == 1 or main == [] else [at for at in first if main[at]][:1]


def _kind(line: _Line, is_title: bool, is_main: bool) -> Kind | None:  # noqa: FBT001
    if is_title:
        return "title"
    if line.caption:
        return "caption"
    cells = line.text.split("\t")
    if not is_main or (len(cells) > 1 and len(line.text) < FIGURES * len(cells) and "。" not in line.text):
        return "furniture"
    return "heading" if line.level else None
