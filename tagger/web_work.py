"""What the server's child processes do: read files, tag, sum up, explain, compare coders."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tagger.agreement import Agreement, agreement
from tagger.article import Article, Evidence, Source, Tag, TaggedArticle, Unread
from tagger.decode import tidied
from tagger.errors import TaggerError
from tagger.explain import Explained, explained
from tagger.labels import LabelledParagraph
from tagger.ledger import ledger
from tagger.model import Model
from tagger.paragraphs import Given
from tagger.read import ReadOptions, sources
from tagger.report_text import render_summary_json
from tagger.split import articles
from tagger.store import load
from tagger.suggest import doubt
from tagger.summary import summarise, words_that_told
from tagger.tag import tag, tag_given
from tagger.tagfiles import DIGITS, tag_rows
from tagger.web_pool import Answer, Job

FOR, AGAINST = 8, 4  # words of each measure that the page shows
LONGEST = 5_000  # characters of a paragraph whose words are told: the time it takes grows with their square


@dataclass(frozen=True, slots=True)
class Seen:
    """An article tagged with evidence, of the source by this place, and how doubtful each paragraph is (0 to 1)."""

    source: int
    tagged: TaggedArticle
    doubts: tuple[float, ...]


def run(jobs: Sequence[Job]) -> list[Answer]:
    """Do jobs that came together; articles to be tagged by the same model go through it in one batch."""
    together = [job[1] for job in jobs if job[0] == "tag"]
    if len(together) > 1 and len({given[0] for given in together}) == 1:
        return _together(jobs)
    return [_done(name, given) for name, given in jobs]


def _done(name: str, given: Any) -> Answer:  # noqa: ANN401 - what the job takes
    try:
        return True, _JOBS[name](*given)
    except TaggerError as error:
        return False, (error.subject, error.reason)
    except (MemoryError, RecursionError):
        return False, ("text", "too much for this machine; send it in smaller parts")


def _together(jobs: Sequence[Job]) -> list[Answer]:
    """Tag the articles of several jobs at once; should one of them fail, each is done by itself."""
    found: list[Answer] = []
    batch = [_split(given[1]) if name == "tag" else [] for name, given in jobs]
    folder = next(given[0] for name, given in jobs if name == "tag")
    try:
        answers = tag((item for items in batch for item in items), _model(folder))
        rows = [[next(answers) for _ in items] for items in batch]
    except (TaggerError, MemoryError, RecursionError):
        return [_done(name, given) for name, given in jobs]
    for (name, given), tagged in zip(jobs, rows, strict=True):
        found.append((True, _tag_json(tagged)) if name == "tag" else _done(name, given))
    return found


def _model(folder: Path) -> Model:
    return _loaded(folder, (folder / "model.json").stat().st_mtime_ns if (folder / "model.json").is_file() else 0)


@lru_cache(maxsize=3)
def _loaded(folder: Path, _changed: int) -> Model:
    return load(folder)


def _split(given: Sequence[Source]) -> list[Article | Unread]:
    """Return the articles of texts, numbered from 1 within each name."""
    found: list[Article | Unread] = []
    numbers: dict[str, int] = {}
    for source in given:
        if not source.text.strip():
            found.append(Unread(source.file, "nothing in it but white space; nothing to read"))
        for article in articles(replace(source, text=tidied(source.text))):
            numbers[source.file] = numbers.get(source.file, 0) + 1
            found.append(replace(article, number=numbers[source.file]))
    return found


def _tag(folder: Path, given: Sequence[Source]) -> bytes:
    """Return the rows that `tagger tag` writes, as JSON."""
    return _tag_json(list(tag(_split(given), _model(folder))))


def _tag_json(items: Sequence[TaggedArticle | Unread]) -> bytes:
    rows = [row for item in items if isinstance(item, TaggedArticle) for row in tag_rows(item)]
    return _json({"rows": rows, "unread": _unread(items)})


def _paragraphs(folder: Path, given: Sequence[Given]) -> bytes:
    """Return the rows that `tagger tag --paragraphs` writes, as JSON."""
    rows = []
    for item, (measures, scores) in _both(tag_given(given, _model(folder))):
        told = {measure: round(value, DIGITS) for measure, value in scores.items()}
        rows.append({"id": item.id, "measures": list(measures), "scores": told})
    return _json({"rows": rows, "unread": []})


def _both(answers: Iterator[tuple[Given, Any] | Unread]) -> Iterator[tuple[Given, Any]]:
    return (answer for answer in answers if not isinstance(answer, Unread))


def _summary(folder: Path, given: Sequence[Source], cues: Mapping[str, Sequence[str]]) -> bytes:
    """Return the summaries that `tagger summary --format json` gives, as JSON."""
    model = _model(folder)
    items = list(tag(_split(given), model, evidence=True))
    tagged = [item for item in items if isinstance(item, TaggedArticle)]
    figures = [row for article in tagged for row in ledger(article, cues)]
    told = render_summary_json([summarise(article, model.measures) for article in tagged], figures)
    return _json({"summaries": json.loads(told), "unread": _unread(items)})


def _unread(items: Sequence[object]) -> list[dict[str, str]]:
    return [{"path": item.path, "reason": item.reason} for item in items if isinstance(item, Unread)]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _page(folder: Path, given: Sequence[Source], evidence: bool) -> list[Seen]:  # noqa: FBT001 - given by place
    """Return articles as the page shows them."""
    model = _model(folder)
    found = []
    for place, source in enumerate(given):
        for item in tag(_split([source]), model, evidence=evidence):
            if isinstance(item, TaggedArticle):
                scores = [[paragraph.scores[m] for m in model.measures] for paragraph in item.paragraphs]
                doubts = doubt(model, np.array(scores).reshape(len(scores), len(model.measures)))
                found.append(Seen(place, item, tuple(doubts.tolist())))
    return found


def _explain(folder: Path, text: str) -> list[Explained]:
    """Return every measure explained by its strongest words as printed: for it, then against it; none if too long."""
    if len(text) > LONGEST:
        return [replace(row, terms=()) for row in explained(_model(folder), text)]
    return [replace(row, terms=_words(row, text, 1) + _words(row, text, -1)) for row in explained(_model(folder), text)]


def _words(row: Explained, text: str, sign: int) -> tuple[Evidence, ...]:
    told = tuple(replace(term, weight=sign * term.weight) for term in row.terms)
    words = words_that_told(Tag(row.measure, row.probability, (0, len(text)), told), text, FOR if sign > 0 else AGAINST)
    return tuple(Evidence(word.text, sign * word.weight, word.spans) for word in words)


def _read(name: str, data: bytes) -> tuple[list[Source], list[Unread]]:
    """Return what a file holds; it goes by its last name, whatever folders it says it comes from."""
    short = name.replace("\\", "/").rpartition("/")[2].replace("\0", "") or "file"
    ending = Path(short).suffix if Path(short).suffix.isascii() and len(Path(short).suffix) < 9 else ""  # noqa: PLR2004
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"given{ending}"
        path.write_bytes(data)
        items = list(sources(path, ReadOptions()))
    read = [replace(item, file=short) for item in items if isinstance(item, Source)]
    return read, [replace(item, path=short) for item in items if isinstance(item, Unread)]


def _agreement(codings: Mapping[str, Sequence[LabelledParagraph]], measures: Sequence[str]) -> Agreement:
    return agreement(codings, measures)


_JOBS: dict[str, Callable[..., Any]] = {
    "tag": _tag,
    "paragraphs": _paragraphs,
    "summary": _summary,
    "page": _page,
    "explain": _explain,
    "read": _read,
    "agreement": _agreement,
}
