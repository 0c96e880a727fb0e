"""The nouns: what is read, what it is taken apart into, and what is said of it. All frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["title", "heading", "byline", "caption", "furniture", "body"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Source:
    """One text as read: a whole file, or one row of a table.

    `file` is the name as the user gave it; `row` the 1-based row of a table, or None. `text` has its lines
    parted by a line feed. `hints` maps 1-based lines to the kind that the file's own markup gives them (a
    heading of a Word file, a picture's caption in HTML). `wrapped` says whether one paragraph goes over
    several lines: False where every line is a whole paragraph (Word, HTML), True where lines are cut to a
    width (PDF), None where the text itself must tell.
    """

    file: str
    text: str
    row: int | None = None
    id: str = ""
    title: str = ""
    date: str = ""
    encoding: str = "utf-8"
    hints: Mapping[int, Kind] = field(default_factory=dict)
    wrapped: bool | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of an article: its kind, its 1-based source lines, and its text as printed, joined."""

    kind: Kind
    lines: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its blocks in the order of the source; `number` counts from 1 within the file."""

    file: str
    number: int
    blocks: tuple[Block, ...]
    row: int | None = None
    id: str = ""
    title: str = ""
    date: str = ""
    place: str = ""

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """The body paragraphs: the only blocks that are ever tagged."""
        return tuple(block for block in self.blocks if block.kind == "body")


@dataclass(frozen=True, slots=True)
class Unread:
    """An input, or a row of one ("file.csv:12"), that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A term that spoke for (or against) a measure: its contribution to the logit, and where it stands.

    `spans` are half-open [start, end) offsets into the paragraph's text as printed.
    """

    term: str
    weight: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A measure given to a paragraph.

    `sentence` is the half-open span of the paragraph's best sentence for it; `evidence` the terms that told,
    strongest first (empty unless asked for).
    """

    measure: str
    probability: float
    sentence: tuple[int, int]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedParagraph:
    """A body paragraph with its tags and every measure's probability (0 to 1)."""

    number: int
    block: Block
    tags: tuple[Tag, ...]
    scores: Mapping[str, float]

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the paragraph's measures, in the codebook's order."""
        return tuple(tag.measure for tag in self.tags)


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article and its tagged paragraphs, in order."""

    article: Article
    paragraphs: tuple[TaggedParagraph, ...]
