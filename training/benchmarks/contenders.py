"""One contender in a process of its own: `python contenders.py WORK ...` prints what it measured as JSON.

What is timed is the tagging of texts that are already in memory by a model that is already loaded and warm;
reading, loading and importing are not. `bench.py` starts these, one at a time.
"""

# ruff: noqa: PLC0415 - each contender imports what it needs, and nothing of the others

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

WARM = 5_000  # paragraphs tagged before the clock starts: a round of batches, so that tables and memory are there
BATCH = 512  # paragraphs that the plain script vectorises at a time

Tagger = Callable[[Iterable[str]], int]  # tags all texts and returns how many it tagged


def ours(folder: Path) -> Tagger:
    """Return our tagging: words, character pairs, sentences and paragraphs, as `tagger tag` does it."""
    from tagger.store import load

    model = load(folder / "model")

    def tag(texts: Iterable[str]) -> int:
        return sum(len(model.carried(scores.probabilities)) for scores in model.score(texts))

    return tag


def plain(folder: Path) -> Tagger:
    """Return the plain script: jieba, TfidfVectorizer, one-vs-rest logistic regression, 0.5."""
    import joblib

    vectors, classifier = joblib.load(folder / "plain.joblib")  # written by train_plain, in a folder of our own
    words = jieba_words()

    def tag(texts: Iterable[str]) -> int:
        tagged = 0
        for batch in batches(texts):
            tagged += len(classifier.predict_proba(vectors.transform([words(text) for text in batch])) >= 0.5)  # noqa: PLR2004
        return tagged

    return tag


def fasttext_jieba(folder: Path) -> Tagger:
    """Return fastText on the words of jieba."""
    return _fasttext(folder, jieba_words())


def fasttext_rjieba(folder: Path) -> Tagger:
    """Return fastText on the words of rjieba, the same words in Rust."""
    return _fasttext(folder, rjieba_words())


def _fasttext(folder: Path, words: Callable[[str], list[str]]) -> Tagger:
    import fasttext

    model = fasttext.load_model(str(folder / "fasttext.bin"))

    def tag(texts: Iterable[str]) -> int:
        # what lies below `predict`: with numpy 2 that fails in fasttext-wheel 0.9.2
        return sum(model.f.predict(line(words(text)), -1, 0.5, "strict") is not None for text in texts)

    return tag


def segmenter(_: Path) -> Tagger:
    """Return the bare segmenter, rjieba: the words and nothing else."""
    words = rjieba_words()

    def tag(texts: Iterable[str]) -> int:
        return sum(len(words(text)) >= 0 for text in texts)

    return tag


CONTENDERS = {
    "ours": ours,
    "plain": plain,
    "fasttext-jieba": fasttext_jieba,
    "fasttext-rjieba": fasttext_rjieba,
    "segmenter": segmenter,
}


def jieba_words() -> Callable[[str], list[str]]:
    """Return jieba's way to cut a text."""
    from tagger.segmenters import segmenter as engine

    return engine(engine="jieba").cut


def rjieba_words() -> Callable[[str], list[str]]:
    """Return rjieba's way to cut a text."""
    from tagger.segmenters import segmenter as engine

    return engine(engine="rjieba").cut


def line(words: list[str]) -> str:
    """Return words as fastText reads them."""
    return " ".join(" ".join(words).split()) + "\n"


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists of `BATCH`."""
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def read(corpus: Path) -> Iterator[str]:
    """Yield the texts of a corpus, a line at a time."""
    with corpus.open(encoding="utf-8") as lines:
        for row in lines:
            yield json.loads(row)["text"]


def speed(name: str, folder: Path, corpus: Path) -> dict[str, Any]:
    """Return how long a contender takes for a corpus in memory."""
    tag = CONTENDERS[name](folder)
    texts = list(read(corpus))
    tag(texts[:WARM])
    start = time.perf_counter()
    tagged = tag(texts)
    return {"seconds": time.perf_counter() - start, "tagged": tagged}


def stream(folder: Path, corpus: Path) -> dict[str, Any]:
    """Return time and peak memory of our tagging of a corpus read line by line."""
    tag = ours(folder)
    tag(list(islice(cycle(list(islice(read(corpus), WARM))), WARM)))
    loaded = peak_mb()
    start = time.perf_counter()
    tagged = tag(read(corpus))
    return {"seconds": time.perf_counter() - start, "tagged": tagged, "peak_mb": peak_mb(), "loaded_mb": loaded}


def peak_mb() -> float:
    """Return this process's peak memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def train(name: str, folder: Path, labels: Path, number: str) -> dict[str, Any]:
    """Return how long training takes on texts in memory, and leave the plain models in the folder.

    `number` paragraphs, spread over all; 0 is all of them.
    """
    import numpy as np

    from tagger.training import gather
    from tagger.workspace import Workspace

    material = gather(Workspace(labels), "default")
    if int(number):
        rows = np.linspace(0, len(material.labels) - 1, int(number)).astype(np.int64)
        material = replace(material, examples=material.examples.pick(rows))
    trainers = {"ours": train_ours, "plain": train_plain, "fasttext": train_fasttext}
    trainers[name](folder, material)  # once to warm: imports, dictionaries
    start = time.perf_counter()
    trainers[name](folder, material)
    return {"seconds": time.perf_counter() - start, "tagged": len(material.examples.texts)}


def train_ours(_: Path, material: Any) -> None:  # noqa: ANN401 - tagger.training.Material
    """Train the default recipe: the model itself, with the inner folds that calibrate it and pick its thresholds."""
    from tagger.learn import train as learn

    learn(material.examples, material.recipe, material.known)


def train_plain(folder: Path, material: Any) -> None:  # noqa: ANN401
    """Train the plain script's model and write it by joblib."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    words = jieba_words()
    vectors = TfidfVectorizer(analyzer=list)
    matrix = vectors.fit_transform([words(text) for text in material.examples.texts])
    classifier = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(matrix, material.examples.gold.astype(int))
    joblib.dump((vectors, classifier), folder / "plain.joblib")


def train_fasttext(folder: Path, material: Any) -> None:  # noqa: ANN401
    """Train fastText on jieba's words, at the settings of `tagger.baselines`, and write it."""
    import fasttext

    words = jieba_words()
    rows = zip(material.examples.gold.tolist(), material.examples.texts, strict=True)
    told = [
        " ".join([f"__label__{number}" for number, yes in enumerate(row) if yes] or ["__label__none"])
        + " "
        + line(words(text))
        for row, text in rows
    ]
    (folder / "fasttext.txt").write_text("".join(told), "utf-8")
    model = fasttext.train_supervised(
        str(folder / "fasttext.txt"), loss="ova", lr=0.5, epoch=25, dim=50, thread=1, seed=1, verbose=0
    )
    model.save_model(str(folder / "fasttext.bin"))


def script(folder: Path, article: Path) -> None:
    """Tag one article as the plain script would, from a fresh start: a line is a paragraph."""
    import jieba
    import joblib

    jieba.setLogLevel("WARNING")
    vectors, classifier = joblib.load(folder / "plain.joblib")
    lines = [text for text in article.read_text("utf-8").splitlines() if text.strip()]
    for text, row in zip(lines, classifier.predict(vectors.transform(map(jieba.lcut, lines))), strict=True):
        print(json.dumps({"text": text, "measures": row.tolist()}, ensure_ascii=False))


def main(work: str, *words: str) -> None:
    """Do what `bench.py` asks for."""
    if work == "script":
        script(*map(Path, words))
        return
    if work == "stream":
        found = stream(*map(Path, words))
    else:
        name, folder, data, *more = words
        found = {"speed": speed, "train": train}[work](name, Path(folder), Path(data), *more)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
