"""What was tried for the recipe, and what each gave on genres that it had not seen.

    python training/search.py [--only NAME ...]

Each genre is scored by a model of all the others; its thresholds are picked on the other genres' scores, which
no model of theirs had seen either. Writes training/results/search.json and search.md.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.svm import LinearSVC

from tagger.evaluate import Answers, Evaluation, difference, evaluate
from tagger.files import write_text
from tagger.learn import Known, fit, threshold
from tagger.segmenters import segmenter
from tagger.training import Material, gather
from tagger.words import cut
from tagger.workspace import Workspace

HERE = Path(__file__).resolve().parent
Floats = npt.NDArray[np.float64]
Matrix = Callable[[list[str], list[str], Known], tuple[Any, Any]]


def main() -> None:
    """Run the search and write what it gave."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="names of variants; all if left out")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    material = gather(Workspace(HERE.parent), "default")
    genres = np.array([label.genre for label in material.labels])
    variants = VARIANTS if not asked.only else {name: VARIANTS[name] for name in ("default", *asked.only)}
    found: dict[str, tuple[Evaluation, Any]] = {}
    base = None
    for name, (how, options, *tolerance) in variants.items():
        begun = time.perf_counter()
        scores = left_out(material, genres, asked.jobs, how, options)
        answers = decided(material, genres, scores, *tolerance)
        base = base or answers
        found[name] = evaluate(answers, seed=0), difference(answers, base, seed=0)
        print(f"{name}: {found[name][0].overall['micro_f1']} in {time.perf_counter() - begun:.0f} s", flush=True)
    write(found, len(material.labels))


def left_out(
    material: Material, genres: npt.NDArray[Any], jobs: int, how: Callable[..., Floats], options: dict[str, Any]
) -> Floats:
    """Return the scores of each genre by models of the others."""
    names = sorted(set(genres.tolist()))
    done = Parallel(n_jobs=jobs)(delayed(how)(material, np.flatnonzero(genres == name), **options) for name in names)
    scores = np.zeros(material.examples.gold.shape)
    for name, values in zip(names, done, strict=True):
        scores[genres == name] = values
    return scores


def decided(material: Material, genres: npt.NDArray[Any], scores: Floats, tolerance: float = 0.0) -> Answers:
    """Return the answers on each genre, by the one threshold that is best on the others' scores."""
    examples = material.examples
    probabilities = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    given = np.zeros(examples.gold.shape, dtype=bool)
    for name in sorted(set(genres.tolist())):
        held, rest = genres == name, genres != name
        at = threshold(probabilities[rest].ravel(), examples.gold[rest].ravel(), "f1", tolerance)
        given[held] = probabilities[held] >= at
    return Answers(examples.gold, given, probabilities, examples.groups, examples.measures)


def ours(
    material: Material,
    held: npt.NDArray[Any],
    *,
    features: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    known: str = "all",
) -> Floats:
    """Return the logits on the rows held out by our model with some settings changed."""
    recipe = replace(
        material.recipe,
        features=replace(material.recipe.features, **(features or {})),
        model=replace(material.recipe.model, **(model or {})),
    )
    kept = np.setdiff1d(np.arange(len(material.labels)), held)
    told = {"all": material.known, "no classes": replace(material.known, classes=()), "none": Known()}[known]
    fitted = fit(material.examples.pick(kept), recipe, told)
    return fitted.score_all([material.examples.texts[row] for row in held.tolist()]).logits


def sklearn_on(
    material: Material,
    held: npt.NDArray[Any],
    *,
    classifier: str = "logistic",
    terms: str = "words+pairs",
) -> Floats:
    """Return the scores on the rows held out by scikit-learn's own classifiers on whole paragraphs."""
    examples = material.examples
    kept = np.setdiff1d(np.arange(len(material.labels)), held)
    told = described(examples.texts, material.known, terms)
    vectors = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2)
    train = vectors.fit_transform([told[row] for row in kept.tolist()])
    unseen = vectors.transform([told[row] for row in held.tolist()])
    scores = np.zeros((len(held), len(examples.measures)))
    for column in range(len(examples.measures)):
        gold = examples.gold[kept, column]
        if classifier == "svm":
            fitted = CalibratedClassifierCV(LinearSVC(C=0.5), cv=3).fit(train, gold)
            scores[:, column] = np.log(np.clip(fitted.predict_proba(unseen)[:, 1], 1e-9, 1 - 1e-9))
            scores[:, column] -= np.log1p(-np.exp(scores[:, column]))
        elif classifier == "ridge":
            scores[:, column] = 4 * RidgeClassifier(alpha=1.0).fit(train, gold).decision_function(unseen)
        else:
            fitted = LogisticRegression(C=10, solver="liblinear").fit(train, gold)
            scores[:, column] = fitted.decision_function(unseen)
    return scores


def described(texts: tuple[str, ...], known: Known, terms: str) -> list[list[str]]:
    """Return each text's terms: words and character pairs, with what `terms` adds or folds."""
    parts = cut(texts, segmenter(known.terms))
    told: list[list[str]] = [[] for _ in texts]
    words: list[list[list[str]]] = [[] for _ in texts]
    last = -1
    for word, sentence in zip(parts.word, parts.word_sentence.tolist(), strict=True):
        text = int(parts.sentence_text[sentence])
        if sentence != last:
            words[text].append([])
            last = sentence
        words[text][-1].append(folded(word, terms))
    for text, gram in zip(parts.sentence_text[parts.gram_sentence].tolist(), parts.gram.tolist(), strict=True):
        told[text].append(f"g{gram}")
    for text, sentences in enumerate(words):
        for sentence in sentences:
            told[text] += [word for word in sentence if word]
            if "word pairs" in terms:
                told[text] += [f"{a}_{b}" for a, b in pairwise(sentence)]
    return told


NUMERALS = set("一二三四五六七八九十百千万亿两几数零半")
PLACES = ("省", "市", "县", "区", "镇", "乡", "村", "州", "旗", "寨", "屯", "庄", "组")


def folded(word: str, terms: str) -> str:
    """Return a word as a variant sees it; numbers and place names may be folded, or dropped."""
    if "numbers folded" in terms and set(word) <= NUMERALS:
        return "#"
    if "places" in terms and len(word) > 2 and word.endswith(PLACES):  # noqa: PLR2004
        return "" if "dropped" in terms else "@"
    return word


VARIANTS: dict[str, tuple[Any, ...]] = {
    "default": (ours, {}),
    "words alone": (ours, {"features": {"character_ngrams": ()}}),
    "character pairs alone": (ours, {"features": {"words": False}}),
    "single characters in up to 3%": (ours, {"features": {"character_ngrams": (1, 2)}}),
    "all single characters": (ours, {"features": {"character_ngrams": (1, 2), "common_character": 1.0}}),
    "pairs and threes": (ours, {"features": {"character_ngrams": (2, 3)}}),
    "terms of 1 paragraph too": (ours, {"features": {"min_paragraphs": 1}}),
    "terms of 2 paragraphs": (ours, {"features": {"min_paragraphs": 2}}),
    "C = 2": (ours, {"model": {"C": 2.0}}),
    "C = 5": (ours, {"model": {"C": 5.0}}),
    "C = 30": (ours, {"model": {"C": 30.0}}),
    "classes balanced": (ours, {"model": {"balanced": True}}),
    "no shared weights": (ours, {"model": {"cue_share": 0.0}}),
    "share 0.1": (ours, {"model": {"cue_share": 0.1}}),
    "share 0.4": (ours, {"model": {"cue_share": 0.4}}),
    "no classes of words": (ours, {"known": "no classes"}),
    "no lexicon, no cues, no classes": (ours, {"known": "none"}),
    "paragraph alone": (ours, {"model": {"sentence_share": 0.0}}),
    "sentence share 0.25": (ours, {"model": {"sentence_share": 0.25}}),
    "sentence share 0.75": (ours, {"model": {"sentence_share": 0.75}}),
    "best sentence alone": (ours, {"model": {"sentence_share": 1.0}}),
    "threshold higher on the plateau (0.002)": (ours, {}, 0.002),
    "threshold higher on the plateau (0.01)": (ours, {}, 0.01),
    "threshold higher on the plateau (0.02)": (ours, {}, 0.02),
    "scikit-learn, paragraph, no cues": (sklearn_on, {}),
    "scikit-learn, word pairs too": (sklearn_on, {"terms": "word pairs"}),
    "scikit-learn, numbers folded": (sklearn_on, {"terms": "numbers folded"}),
    "scikit-learn, places folded": (sklearn_on, {"terms": "places folded"}),
    "scikit-learn, places dropped": (sklearn_on, {"terms": "places dropped"}),
    "linear SVM, calibrated": (sklearn_on, {"classifier": "svm"}),
    "ridge": (sklearn_on, {"classifier": "ridge"}),
}


def write(found: dict[str, tuple[Evaluation, Any]], paragraphs: int) -> None:
    """Write the results as JSON and as a Markdown table."""
    rows, plain = [], {}
    for name, (one, ahead) in found.items():
        figures = {key: one.overall[key].value for key in ("micro_f1", "macro_f1", "exact_match")}
        figures["average_precision"] = float(np.mean([of["average_precision"].value for of in one.measures.values()]))
        plain[name] = {key: round(value, 4) for key, value in figures.items()} | {
            "ahead": [round(value, 4) for value in (ahead.value, ahead.low, ahead.high)]
        }
        gain = f"{ahead.value:+.3f} [{ahead.low:+.3f}, {ahead.high:+.3f}]" if name != "default" else ""
        rows.append(f"| {name} | {' | '.join(f'{value:.3f}' for value in figures.values())} | {gain} |")
    head = [
        "variant",
        *(key.replace("_", " ") for key in plain["default"] if key != "ahead"),
        "micro-F1 beside the default",
    ]
    table = [f"| {' | '.join(head)} |", f"| --- {'| ---: ' * (len(head) - 1)}|", *rows]
    text = (
        f"# The recipe's search\n\nOne genre left out, {paragraphs:,} paragraphs. In brackets 95% intervals of the "
        "paired difference by resampling articles. Written by `python training/search.py`.\n\n"
    )
    write_text(HERE / "results" / "search.md", text + "\n".join(table) + "\n")
    write_text(HERE / "results" / "search.json", json.dumps(plain, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
