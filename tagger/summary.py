"""One article summed up: which measures it reports, where, how much of it, and by which words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tagger.article import Evidence, Kind, Tag, TaggedArticle, TaggedParagraph
from tagger.tally import characters

WORDS = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word that told, as printed, with its places in the paragraph."""

    text: str
    weight: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """What an article says of one measure.

    `paragraphs` are numbers within the article, `lines` the source's. `sentence` is the strongest sentence of
    paragraph `strongest`, the one of highest `probability`; `words` told, strongest first.
    """

    measure: str
    paragraphs: tuple[int, ...]
    lines: tuple[int, ...]
    characters: int
    share: float
    strongest: int
    probability: float
    sentence: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article's facts and what it reports, in the codebook's order; `missing` names the other measures."""

    file: str
    number: int
    row: int | None
    id: str
    title: str
    date: str
    place: str
    blocks: Mapping[Kind, int]
    paragraphs: int
    tagged: int
    characters: int
    measures: tuple[Reported, ...]
    missing: tuple[str, ...]

    @property
    def untagged(self) -> int:
        """How many body paragraphs report no measure."""
        return self.paragraphs - self.tagged


def summarise(tagged: TaggedArticle, measures: Sequence[str]) -> ArticleSummary:
    """Return an article's summary; `measures` gives their order."""
    article, paragraphs = tagged.article, tagged.paragraphs
    whole = sum(characters(paragraph.block.text) for paragraph in paragraphs)
    found = [_reported(paragraphs, measure, whole) for measure in measures]
    return ArticleSummary(
        article.file,
        article.number,
        article.row,
        article.id,
        heading(tagged),
        article.date,
        article.place,
        dict(Counter(block.kind for block in article.blocks)),
        len(paragraphs),
        sum(bool(paragraph.tags) for paragraph in paragraphs),
        whole,
        tuple(row for row in found if row),
        tuple(measure for measure, row in zip(measures, found, strict=True) if not row),
    )


def heading(tagged: TaggedArticle) -> str:
    """Return the article's title; where none is stated, its first title block, else nothing."""
    titles = (block.text for block in tagged.article.blocks if block.kind == "title")
    return tagged.article.title or next(titles, "")


def words_that_told(tag: Tag, text: str, most: int = WORDS) -> tuple[Word, ...]:
    """Return the words that spoke for a tag, strongest first, as the text prints them.

    A term that stands only inside a longer one (a pair of characters inside a word) gives way to it, and
    lends it its place in the order.
    """
    told = [evidence for evidence in tag.evidence if evidence.weight > 0 and evidence.spans]
    within = _within(told)
    lent: dict[int, float] = {}
    for inner, outers in enumerate(within):
        for outer in outers:
            lent[outer] = max(lent.get(outer, 0.0), told[inner].weight)
    ranked: dict[str, Word] = {}
    for number, evidence in enumerate(told):
        if within[number]:
            continue
        weight = max(evidence.weight, lent.get(number, 0.0))
        start, end = evidence.spans[0]
        shown = ranked.get(text[start:end])
        if shown is None or shown.weight < weight:
            ranked[text[start:end]] = Word(text[start:end], weight, evidence.spans)
    return tuple(sorted(ranked.values(), key=lambda word: (-word.weight, word.spans[0]))[:most])


def _within(told: Sequence[Evidence]) -> list[set[int]]:
    """Return for each term the longer ones that hold every place of it."""
    over: dict[int, list[tuple[int, int, int]]] = {}  # an offset to the places that cover it
    for number, evidence in enumerate(told):
        for start, end in evidence.spans:
            for at in range(start, end):
                over.setdefault(at, []).append((start, end, number))
    found = []
    for evidence in told:
        holders = [
            {number for start, end, number in over[a] if start <= a and b <= end and end - start > b - a}
            for a, b in evidence.spans
        ]
        found.append(set.intersection(*holders))
    return found


def _reported(paragraphs: Sequence[TaggedParagraph], measure: str, whole: int) -> Reported | None:
    held = [(paragraph, tag) for paragraph in paragraphs for tag in paragraph.tags if tag.measure == measure]
    if not held:
        return None
    best, tag = max(held, key=lambda pair: pair[1].probability)  # of equals, the first
    text = best.block.text
    count = sum(characters(paragraph.block.text) for paragraph, _ in held)
    return Reported(
        measure,
        tuple(paragraph.number for paragraph, _ in held),
        tuple(line for paragraph, _ in held for line in paragraph.block.lines),
        count,
        count / whole if whole else 0.0,
        best.number,
        tag.probability,
        text[slice(*tag.sentence)].strip(),
        tuple(word.text for word in words_that_told(tag, text)),
    )
