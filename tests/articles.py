"""Small tagged articles of our own making, for the tests of what adds them up and shows them."""

from collections.abc import Mapping, Sequence

from tagger.article import Article, Block, Evidence, Kind, Tag, TaggedArticle, TaggedParagraph

NAMES = {"industry": "产业帮扶", "education": "教育帮扶", "health": "健康帮扶"}
MEASURES = tuple(NAMES)


def evidence(text: str, terms: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Return evidence for terms at every place where the text has them."""
    found = []
    for term, weight in terms.items():
        starts = [at for at in range(len(text)) if text.startswith(term, at)]
        found.append(Evidence(term, weight, tuple((at, at + len(term)) for at in starts)))
    return tuple(sorted(found, key=lambda e: -abs(e.weight)))


def tag(
    text: str,
    measure: str,
    probability: float = 0.9,
    sentence: str = "",
    terms: Mapping[str, float] | None = None,
) -> Tag:
    """Return a tag whose sentence is a part of the text (all of it by default)."""
    start = text.index(sentence) if sentence else 0
    span = (start, start + len(sentence or text))
    return Tag(measure, probability, span, evidence(text, terms or {}))


def tagged(
    parts: Sequence[tuple[Kind, str, Sequence[Tag]]],
    *,
    file: str = "report.txt",
    number: int = 1,
    **about: str,
) -> TaggedArticle:
    """Return a tagged article of parts, each on a line of its own with a blank line between."""
    blocks = tuple(Block(kind, (2 * place + 1,), text) for place, (kind, text, _) in enumerate(parts))
    body = [(block, tags) for block, (kind, _, tags) in zip(blocks, parts, strict=True) if kind == "body"]
    paragraphs = []
    for place, (block, tags) in enumerate(body, 1):
        scores = dict.fromkeys(MEASURES, 0.1) | {t.measure: t.probability for t in tags}
        ordered = tuple(sorted(tags, key=lambda t: MEASURES.index(t.measure)))
        paragraphs.append(TaggedParagraph(place, block, ordered, scores))
    return TaggedArticle(Article(file, number, blocks, **about), tuple(paragraphs))


def plain(measures: Sequence[Sequence[str]], text: str = "村里的一段话。", **about: object) -> TaggedArticle:
    """Return an article of equal paragraphs with these measures."""
    parts = [("body", text, [tag(text, measure) for measure in row]) for row in measures]
    return tagged(parts, **about)  # type: ignore[arg-type]
