"""Articles to tags, in batches and in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from tagger import contracts
from tagger.article import Article, Evidence, Tag, TaggedArticle, TaggedParagraph, Unread
from tagger.errors import UsageError
from tagger.model import Model, Scores
from tagger.paragraphs import Given
from tagger.words import MAX_CHARACTERS

Labelled = tuple[tuple[str, ...], Mapping[str, float]]  # a paragraph's measures, and every measure's probability


def with_thresholds(model: Model, objective: str | None) -> Model:
    """Return the model with thresholds that hold "precision=P" or "recall=R"; as it is for None.

    They are chosen on paragraphs that its inner folds had not seen. Raises UsageError.
    """
    if objective is None:
        return model
    try:
        return replace(model, thresholds=contracts.thresholds(model.about, model.measures, objective))
    except ValueError as error:
        raise UsageError(f"--threshold {objective}", str(error)) from None


def in_doubt(model: Model) -> Callable[[Mapping[str, float]], list[str]]:
    """Return what tells the measures whose probability lies between the thresholds for recall and precision 0.95.

    Raises UsageError where the model keeps no curves to choose those by.
    """
    low, high = (with_thresholds(model, objective).thresholds for objective in contracts.BETWEEN)

    def doubt(scores: Mapping[str, float]) -> list[str]:
        row = np.array([scores[measure] for measure in model.measures])
        found = contracts.between(row, low, high).tolist()
        return [measure for measure, yes in zip(model.measures, found, strict=True) if yes]

    return doubt


def tag(
    articles: Iterable[Article | Unread], model: Model, *, evidence: bool = False
) -> Iterator[TaggedArticle | Unread]:
    """Yield each article tagged, each Unread as it is, in order; evidence only when asked, as it costs time."""
    waiting: list[Article | Unread] = []
    size = 0
    for article in articles:
        waiting.append(article)
        if isinstance(article, Article):
            size += sum(len(block.text) for block in article.paragraphs)
        if size >= MAX_CHARACTERS:
            yield from _tag_batch(waiting, model, evidence=evidence)
            waiting, size = [], 0
    yield from _tag_batch(waiting, model, evidence=evidence)


def tag_given(items: Iterable[Given | Unread], model: Model) -> Iterator[tuple[Given, Labelled] | Unread]:
    """Yield each paragraph with its measures and probabilities, each Unread as it is, in order."""
    waiting: list[Given | Unread] = []
    size = 0
    for item in items:
        waiting.append(item)
        size += len(item.text) if isinstance(item, Given) else 0
        if size >= MAX_CHARACTERS:
            yield from _given_batch(waiting, model)
            waiting, size = [], 0
    yield from _given_batch(waiting, model)


def _given_batch(batch: list[Given | Unread], model: Model) -> Iterator[tuple[Given, Labelled] | Unread]:
    answers = tag_texts([item.text for item in batch if isinstance(item, Given)], model)
    for item in batch:
        yield item if isinstance(item, Unread) else (item, next(answers))


def tag_texts(texts: Iterable[str], model: Model) -> Iterator[Labelled]:
    """Yield the measures and the probabilities of texts that are single paragraphs already."""
    for scores in model.score(texts):
        carried = model.carried(scores.probabilities).tolist()
        for row, values in zip(carried, scores.probabilities.tolist(), strict=True):
            chosen = tuple(m for m, yes in zip(model.measures, row, strict=True) if yes)
            yield chosen, dict(zip(model.measures, values, strict=True))


def _tag_batch(batch: list[Article | Unread], model: Model, *, evidence: bool) -> Iterator[TaggedArticle | Unread]:
    blocks = [block for item in batch if isinstance(item, Article) for block in item.paragraphs]
    scores = model.score_all([block.text for block in blocks])
    number = 0
    for item in batch:
        if isinstance(item, Unread):
            yield item
            continue
        paragraphs = []
        for place, block in enumerate(item.paragraphs, start=1):
            told = model.explain(block.text) if evidence else None
            values = dict(zip(model.measures, scores.probabilities[number].tolist(), strict=True))
            paragraphs.append(TaggedParagraph(place, block, _tags(scores, number, model, told), values))
            number += 1
        yield TaggedArticle(item, tuple(paragraphs))


def _tags(scores: Scores, row: int, model: Model, told: list[list[Evidence]] | None) -> tuple[Tag, ...]:
    carried = model.carried(scores.probabilities[row])
    return tuple(
        Tag(
            measure,
            float(scores.probabilities[row, column]),
            scores.sentence(row, column),
            tuple(told[column]) if told else (),
        )
        for column, measure in enumerate(model.measures)
        if carried[column]
    )
