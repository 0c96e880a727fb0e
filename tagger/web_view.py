"""An article as the page shows it: the printed lines with their marks, and what is known of each paragraph."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tagger.article import Block, TaggedParagraph
from tagger.corrections import Code, Passage
from tagger.explain import Explained
from tagger.marks import Line, printed, segments
from tagger.summary import heading
from tagger.web_documents import Document
from tagger.web_work import LONGEST, Seen

NEAR = 1.0  # of a logit: a probability so near to its threshold might as well lie beyond it
DOUBTFUL = 0.25  # from which a paragraph is marked


@dataclass(frozen=True, slots=True)
class Para:
    """A body paragraph: what the machine says, what the coder says, and which is shown.

    `number` counts through the document. `hidden` is set where the coder comes second and has not coded it yet:
    nothing of the machine's may be shown.
    """

    number: int
    passage: Passage
    tagged: TaggedParagraph
    doubt: float
    code: Code | None
    hidden: bool

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that stand: the coder's, else the machine's."""
        if self.code:
            return self.code.measures
        return () if self.hidden else self.tagged.measures

    @property
    def doubtful(self) -> bool:
        """Whether the machine might as well have said something else."""
        return not self.hidden and not self.code and self.doubt >= DOUBTFUL


@dataclass(frozen=True, slots=True)
class Part:
    """A block: its printed lines, and its paragraph where it is body text."""

    block: Block
    lines: tuple[Line, ...]
    para: Para | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One article on the page."""

    name: str
    title: str
    date: str
    place: str
    file: str
    blind: bool
    parts: tuple[Part, ...]

    @property
    def paras(self) -> tuple[Para, ...]:
        """Its body paragraphs."""
        return tuple(part.para for part in self.parts if part.para)


@dataclass(frozen=True, slots=True)
class Why:
    """One measure of a paragraph: whether it stands, what the machine has for it, and how near that was."""

    measure: str
    key: str
    chosen: bool
    told: Explained | None
    near: bool
    most: float  # the greatest weight shown, for drawing


def article_name(document: str, place: int) -> str:
    """Return the name that labels give the article at a place (from 1) of a document."""
    return f"page-{document}-{place}"


def passages(document: Document, seen: Sequence[Seen]) -> Iterator[tuple[Seen, int, Passage]]:
    """Yield each body paragraph with its article and its place there (from 0)."""
    for place, one in enumerate(seen, start=1):
        name, title = article_name(document.id, place), heading(one.tagged)
        for at, paragraph in enumerate(one.tagged.paragraphs):
            yield one, at, Passage(f"{name}-p{at + 1:02}", name, paragraph.block.text, title)


def papers(
    document: Document,
    seen: Sequence[Seen],
    codes: Mapping[str, Code],
    blind: Mapping[str, bool],
    names: Mapping[str, str],
) -> list[Paper]:
    """Return a document's articles for one coder, by that coder's codes; `blind` tells which they come second to."""
    paras: dict[int, list[Para]] = {}
    for number, (one, at, passage) in enumerate(passages(document, seen), start=1):
        code = codes.get(passage.id)
        if code and code.passage.text != passage.text:
            code = None  # coded when the article was cut otherwise
        hidden = blind.get(passage.article, False) and code is None
        para = Para(number, passage, one.tagged.paragraphs[at], one.doubts[at], code, hidden)
        paras.setdefault(id(one), []).append(para)
    found = []
    for place, one in enumerate(seen, start=1):
        about, name = one.tagged.article, article_name(document.id, place)
        lines = document.sources[one.source].text.split("\n")
        parts = tuple(_parts(one, paras.get(id(one), []), lines, names))
        file = document.sources[one.source].file
        found.append(Paper(name, heading(one.tagged), about.date, about.place, file, blind.get(name, False), parts))
    return found


def _parts(one: Seen, paras: Sequence[Para], lines: Sequence[str], names: Mapping[str, str]) -> Iterator[Part]:
    waiting = iter(paras)
    for block in one.tagged.article.blocks:
        para = next(waiting) if block.kind == "body" else None
        tags = para.tagged.tags if para and not para.hidden and len(block.text) <= LONGEST else ()
        marked = segments(block.text, tags, names)
        yield Part(block, printed(block, lines, marked), para)


def whys(para: Para, told: Sequence[Explained], measures: Sequence[str]) -> list[Why]:
    """Return every measure of a paragraph in the codebook's order; of a hidden one without the machine's reasons."""
    known = {} if para.hidden else {row.measure: row for row in told}
    found = []
    for number, measure in enumerate(measures, start=1):
        row = known.get(measure)
        key = str(number) if number <= 9 else ""  # noqa: PLR2004 - there are no more such keys
        most = max((abs(term.weight) for term in row.terms), default=1.0) if row else 1.0
        found.append(Why(measure, key, measure in para.measures, row, bool(row and near(row)), most or 1.0))
    return found


def near(row: Explained) -> bool:
    """Tell whether a probability lies so near to its threshold that a word more or less would decide."""
    return abs(_logit(row.probability) - _logit(row.threshold)) < NEAR


def _logit(probability: float) -> float:
    from math import log

    inner = min(max(probability, 1e-9), 1 - 1e-9)
    return log(inner / (1 - inner))
