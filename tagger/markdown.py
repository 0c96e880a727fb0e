"""Markdown to a source: the text as it would be printed, every line at its old number."""

import html
import re
from collections.abc import Iterator

from tagger.article import Kind, Source
from tagger.decode import decode, tidied

FIGURES = 12  # characters: a row whose cells have fewer, in the mean, holds figures, not text

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t\u3000]+(.*?)[ \t]*#*[ \t]*|([^\s#][^#]*))$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_BETWEEN = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*$")
_PICTURES = re.compile(r"\s*(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+$")
_MARKER = re.compile(r"^(\s*)(?:>[ \t]?)+|^(\s*)[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_REFERENCE = re.compile(r" {0,3}\[[^\]^][^\]]*\]:\s*\S+.*$")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第.{1,3}[章节部篇]")
_INLINE = (
    (re.compile(r"<!--.*?-->"), ""),
    (re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)"), r"\1"),
    (re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)"), r"\1"),  # a picture inside a link
    (re.compile(r"\[\^[^\]]{1,20}\]:?"), ""),
    (re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]{0,300}>"), ""),
    (re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
    (re.compile(r"`+([^`]+)`+"), r"\1"),
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_KEPT = re.compile("[\ud821-\ud87e]")  # an escaped mark out of the patterns' way: no text holds half a surrogate pair
_LONGEST = 8_000  # characters: a longer line is kept as it is, so that no pattern can run away


def markdown(subject: str, data: bytes, encoding: str | None = None) -> Source:
    """Return the source of a Markdown file, its marks taken away, headings and captions hinted."""
    text, used = decode(subject, data, encoding)
    lines = text.split("\n")
    front = _front(lines)
    about = dict(_fields(lines[1:front]))
    hints: dict[int, Kind] = dict.fromkeys(range(2, front), "furniture")
    shown = ["", *lines[1 : front - 1], ""] if front else []
    for line, kind in _body(lines[front:]):
        shown.append(line)
        if kind and line.strip():
            hints[len(shown)] = kind
    _title(shown, hints)
    return Source(
        subject,
        "\n".join(shown),
        title=about.get("title", ""),
        date=about.get("date", ""),
        encoding=used,
        hints=hints,
    )


def _front(lines: list[str]) -> int:
    """Return how many lines the front matter takes, its marks included."""
    if lines[0].rstrip() != "---":
        return 0
    ends = (at for at, line in enumerate(lines[1:200], start=2) if line.rstrip() in ("---", "..."))
    return next(ends, 0)


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() in ("title", "date"):
            yield name.strip().lower(), value.strip().strip("\"'").strip()


def _body(lines: list[str]) -> Iterator[tuple[str, Kind | None]]:
    """Yield each line as printed, with the kind that its marks give it."""
    fence = ""
    comment = False
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence)
            fence = "" if closes else fence
            yield ("", None) if closes else (line, "furniture")
        elif mark:
            fence = mark[1]
            yield "", None
        elif comment or (line.lstrip().startswith("<!--") and "-->" not in line):
            comment = "-->" not in line
            yield "", None
        else:
            before, after = lines[at - 1] if at else "", lines[at + 1] if at + 1 < len(lines) else ""
            yield _line(line, before, after)


def _line(line: str, before: str, after: str) -> tuple[str, Kind | None]:
    if len(line) > _LONGEST:
        return line, None
    if (_UNDERLINE.match(line) and before.strip()) or _RULE.match(line) or _REFERENCE.match(line):
        return "", None
    if found := _HEADING.match(line):
        return _plain(found[2] or found[3] or ""), "title" if len(found[1]) == 1 else "heading"
    if _ROW.match(line):
        return _row(line)
    kind: Kind | None = "caption" if _PICTURES.match(line) else None
    if line.strip() and not _MARKER.match(line) and (under := _UNDERLINE.match(after)):
        kind = "title" if under[1][0] == "=" else "heading"
    return _plain(_MARKER.sub(r"\1\2", line)), kind


def _row(line: str) -> tuple[str, Kind | None]:
    if _BETWEEN.match(line):
        return "", None
    cells = [_plain(cell).strip() for cell in line.strip().strip("|").split("|")]
    text = "\t".join(cells).strip()
    return text, "furniture" if "。" not in text and len(text) < FIGURES * len(cells) else None


def _plain(text: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(0xD800 + ord(found[1])), text)
    for pattern, shown in _INLINE:
        text = pattern.sub(shown, text)
    text = _KEPT.sub(lambda found: chr(ord(found[0]) - 0xD800), html.unescape(text))
    return tidied(text).replace("\n", " ").removesuffix("\\")


def _title(lines: list[str], hints: dict[int, Kind]) -> None:
    """Make the first heading a title where nothing stands before it, and a later, numbered title a heading."""
    titles = [number for number in sorted(hints) if hints[number] == "title"]
    for number in titles[1:]:
        if _NUMBERED.match(lines[number - 1].strip()):
            hints[number] = "heading"
    first = next(
        (number for number, line in enumerate(lines, 1) if line.strip() and hints.get(number) != "furniture"), 0
    )
    if not titles and hints.get(first) == "heading" and not _NUMBERED.match(lines[first - 1].strip()):
        hints[first] = "title"
