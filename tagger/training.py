"""A workspace's labels and a recipe to a model folder: fitted, measured by outer folds, with its card."""

import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tagger.card import Findings, failures, pictures_beside, write_card
from tagger.codebook import Codebook, load_codebook
from tagger.contracts import Promise, promise
from tagger.errors import RecipeError, TaggerError
from tagger.evaluate import Answers, Evaluation, difference, evaluate
from tagger.files import sha256
from tagger.labels import LabelledParagraph, load_labels, load_terms
from tagger.learn import Examples, Known, cross_validate_for, folds, train
from tagger.metrics import Figure
from tagger.model import Model
from tagger.recipe import Recipe, load_recipe
from tagger.store import load, save
from tagger.workspace import Workspace

PROMISES = ("precision=0.9", "precision=0.95", "recall=0.9", "recall=0.95")  # what the card tells of
MANY = 1000  # paragraphs from which a second process pays for its start
LEAST_ARTICLES = 4  # to leave something to learn from in every inner fold


@dataclass(frozen=True, slots=True)
class Trained:
    """A model written to its folder, and what its outer folds gave."""

    folder: Path
    model: Model
    evaluation: Evaluation


def examples_of(labels: list[LabelledParagraph], measures: tuple[str, ...]) -> Examples:
    """Return coded paragraphs as the arrays that learning takes."""
    gold = np.array([[m in label.measures for m in measures] for label in labels], dtype=bool)
    texts = tuple(label.text for label in labels)
    return Examples(texts, gold.reshape(len(labels), len(measures)), tuple(label.article for label in labels), measures)


@dataclass(frozen=True, slots=True)
class Material:
    """All that a model is made from: examples, recipe, what is known beforehand, and the digests of each."""

    labels: list[LabelledParagraph]
    examples: Examples
    recipe: Recipe
    known: Known
    codebook_version: str
    digests: dict[str, str]


def gather(workspace: Workspace, recipe_name: str) -> Material:
    """Return what a workspace's model is made from; raises LabelError or RecipeError where it can't be made."""
    recipe_path = workspace.recipe(recipe_name)
    recipe = load_recipe(recipe_path)
    codebook = load_codebook(workspace.codebook)
    labels = [label for label in load_labels(workspace.paragraphs, codebook) if label.split == "train"]
    examples = examples_of(labels, codebook.ids)
    if len(set(examples.groups)) < LEAST_ARTICLES:
        reason = f"at least {LEAST_ARTICLES} articles are needed to train; code some more"
        raise TaggerError(workspace.paragraphs, reason)
    if not recipe.features.words and not recipe.features.character_ngrams:
        raise RecipeError(recipe_path, "no features are left; set words or character_ngrams")
    known = known_of(workspace, codebook)
    digests = {
        "labels": labels_digest(labels),
        "codebook": sha256(workspace.codebook),
        "lexicon": sha256("\n".join(known.lexicon).encode()),
        "classes": sha256("\n\n".join("\n".join(terms) for terms in known.classes).encode()),
        "recipe": sha256(recipe_path),
    }
    return Material(labels, examples, recipe, known, codebook.version, digests)


def known_of(workspace: Workspace, codebook: Codebook) -> Known:
    """Return what a workspace knows of its field beforehand: lexicon, cues, classes of words."""
    classes = tuple(load_terms(path) for path in workspace.classes())
    return Known(load_terms(workspace.lexicon), tuple(measure.cues for measure in codebook.measures), classes)


def train_model(workspace: Workspace, recipe_name: str, name: str, objective: str | None = None) -> Trained:
    """Train, measure and write models/NAME; the same labels, recipe and seed give the same files.

    `objective` overrules the recipe's, for all measures.
    """
    material = gather(workspace, recipe_name)
    examples, recipe = material.examples, material.recipe
    if objective:
        recipe = replace(recipe, decision=replace(recipe.decision, objective=objective, measures={}))
    answers, gap, promises = _outer(examples, recipe, material.known)
    evaluation = evaluate(answers, seed=recipe.seed)
    fitted = train(examples, recipe, material.known)
    model = replace(
        fitted,
        about={
            "codebook_version": material.codebook_version,
            "recipe": asdict(recipe),
            "folds": {"outer": min(recipe.folds.outer, evaluation.articles)},
            "digests": material.digests,
            "versions": {lib: version(lib) for lib in ("jieba", "opencc", "numpy", "scikit-learn")},
            "evaluation": evaluation.as_json(),
            "promises": [asdict(one) for one in promises],
            **fitted.about,
        },
    )
    wrong = failures(answers, [label.id for label in material.labels], examples.texts)
    folder = workspace.root / "models" / name
    told = Findings(evaluation, gap, wrong, promises)
    card = write_card(name, model, told, _statement(workspace, material.labels), pictures_beside(folder))
    save(model, folder, card)
    return Trained(folder, load(folder), evaluation)


def _outer(examples: Examples, recipe: Recipe, known: Known) -> tuple[Answers, Figure, list[Promise]]:
    """Return the outer folds' answers, by how much folds that ignore articles flatter them, and promises kept."""
    from joblib import Parallel, delayed

    alone = tuple(str(number) for number in range(len(examples.texts)))
    work = []
    for groups, objectives in ((examples.groups, PROMISES), (alone, ())):
        parts = folds(groups, min(recipe.folds.outer, len(set(groups))), recipe.seed)
        work.append(delayed(cross_validate_for)(examples, recipe, known, parts, objectives))
    found = Parallel(n_jobs=2 if len(examples.texts) >= MANY else 1)(work)
    told = [Answers(examples.gold, x.carried, x.probabilities, examples.groups, examples.measures) for x in found]
    promises = [promise(objective, examples.gold, given) for objective, given in found[0].kept.items()]
    by_article, ignoring = told
    return by_article, difference(ignoring, by_article, seed=recipe.seed), promises


def labels_digest(labels: list[LabelledParagraph]) -> str:
    """Return the digest of what training sees of the labels: article, text and measures, in order."""
    rows = [[label.article, label.text, list(label.measures)] for label in labels]
    return sha256(json.dumps(rows, ensure_ascii=False).encode())


def _statement(workspace: Workspace, labels: list[LabelledParagraph]) -> str:
    articles = len({label.article for label in labels})
    card = workspace.root / "labels" / "README.md"
    more = " Who wrote and coded them, and how: see `labels/README.md`." if card.is_file() else ""
    return f"{len(labels):,} labelled paragraphs of {articles:,} articles in `labels/paragraphs/`.{more}"


def evaluate_model(folder: Path, path: Path, codebook_path: Path) -> Evaluation:
    """Return a model's figures on a file or folder of coded paragraphs."""
    model = load(folder)
    labels = load_labels(path, load_codebook(codebook_path))
    if not labels:
        raise TaggerError(path, "no coded paragraph is here")
    examples = examples_of(labels, model.measures)
    scores = model.score_all(examples.texts)
    given = model.carried(scores.probabilities)
    return evaluate(Answers(examples.gold, given, scores.probabilities, examples.groups, model.measures))
