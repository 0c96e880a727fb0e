"""A recipe measured by article, by genre, on less text, and beside baselines."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tagger import learn
from tagger.cli import app
from tagger.comparison import (
    CUES,
    GENRE_LEFT_OUT,
    PLAIN,
    Comparison,
    by_article,
    by_genre,
    compare,
    cues_alone,
    genre_parts,
    markdown,
    on_less,
    plain_script,
    share_of,
    sizes,
)
from tagger.errors import TaggerError
from tagger.evaluate import difference
from tagger.learn import Examples, Known
from tagger.recipe import Recipe


@pytest.fixture(scope="module")
def genres(examples: Examples) -> list[str]:
    return ["report" if group in ("a0", "a1", "a2") else "diary" for group in examples.groups]


@pytest.fixture(scope="module")
def found(examples: Examples, recipe: Recipe, known: Known, genres: list[str]) -> Comparison:
    return compare(examples, recipe, known, genres)


@pytest.fixture
def trained_on(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The articles that each model was trained on, as they come."""
    seen: list[set[str]] = []
    train = learn.train

    def noting(examples: Examples, *rest: object) -> object:
        seen.append(set(examples.groups))
        return train(examples, *rest)

    monkeypatch.setattr(learn, "train", noting)
    return seen


def test_a_genre_left_out_is_never_trained_on(
    examples: Examples, recipe: Recipe, known: Known, genres: list[str], trained_on: list[set[str]]
) -> None:
    parts = genre_parts(examples.groups, genres)
    by_genre(examples, recipe, known, parts)
    everyone = set(examples.groups)
    held = [{examples.groups[row] for row in rows.tolist()} for rows in parts.values()]
    assert list(parts) == ["diary", "report"]
    assert trained_on == [everyone - articles for articles in held]


def test_an_article_of_two_genres_stays_whole() -> None:
    parts = genre_parts(["a", "a", "b", "b"], ["x", "y", "y", ""])
    assert {name: rows.tolist() for name, rows in parts.items()} == {"x": [0, 1], "y": [2, 3]}


def test_one_genre_alone_can_not_be_left_out(examples: Examples, recipe: Recipe, known: Known) -> None:
    with pytest.raises(TaggerError, match="one genre"):
        by_genre(examples, recipe, known, genre_parts(examples.groups, [""] * len(examples.texts)))


def test_a_larger_share_holds_the_smaller_one_and_whole_articles(examples: Examples) -> None:
    rows = np.arange(4, 32)  # the last seven articles
    shares = [set(share_of(examples.groups, rows, share).tolist()) for share in (0.25, 0.5, 0.75, 1.0)]
    assert [len(share) for share in shares] == [8, 16, 20, 28]
    assert all(small < large for small, large in pairwise(shares))
    assert shares[-1] == set(rows.tolist())


def test_the_learning_curve_trains_on_so_many_articles_and_never_on_what_it_scores(
    examples: Examples, recipe: Recipe, known: Known, trained_on: list[set[str]]
) -> None:
    answers = on_less(examples, recipe, known, 0.5)
    articles = sizes(examples, recipe, 0.5)[0]
    assert sum(map(len, trained_on)) / len(trained_on) == articles < sizes(examples, recipe, 1.0)[0]
    by_fold = learn.splits(examples.groups, recipe.folds.outer, recipe.seed)
    for (held, _), seen in zip(by_fold, trained_on, strict=True):
        assert not seen & {examples.groups[row] for row in held.tolist()}
    assert answers.probabilities.all()


def test_the_whole_share_is_the_outer_folds(examples: Examples, recipe: Recipe, known: Known) -> None:
    whole, outer = on_less(examples, recipe, known, 1.0), by_article(examples, recipe, known)
    assert (whole.probabilities == outer.probabilities).all()


def test_too_few_articles_are_refused(examples: Examples, recipe: Recipe, known: Known) -> None:
    with pytest.raises(TaggerError, match="fewer than 2 articles"):
        on_less(examples, recipe, known, 0.2)


def test_two_jobs_give_what_one_gives(examples: Examples, recipe: Recipe, known: Known) -> None:
    one, two = (by_article(examples, recipe, known, jobs) for jobs in (1, 2))
    assert (one.probabilities == two.probabilities).all()
    assert (one.given == two.given).all()


def test_what_a_worker_can_not_train_is_said(examples: Examples, recipe: Recipe, known: Known) -> None:
    none = replace(examples, gold=np.zeros_like(examples.gold))
    with pytest.raises(TaggerError, match="no training paragraph carries it"):
        by_article(none, recipe, known, jobs=2)


def test_cues_alone_give_each_measure_whose_cue_is_in_the_text() -> None:
    texts = ("村裡辦起合作社。", "醫生上門。", "家庭医生和电商", "")
    examples = Examples(texts, np.zeros((4, 2), dtype=bool), ("a", "a", "b", "b"), ("industry", "health"))
    given = cues_alone(examples, Known(cues=(("合作社", "电商"), ("家庭医生",)))).given
    assert given.tolist() == [[True, False], [False, False], [True, True], [False, False]]


def test_the_plain_script_learns_what_is_plain(examples: Examples, recipe: Recipe) -> None:
    answers = plain_script(examples, recipe)
    assert (answers.given == (answers.probabilities >= 0.5)).all()
    assert (answers.given == answers.gold).mean() > 0.7


def test_equal_answers_differ_by_nothing(examples: Examples, known: Known) -> None:
    answers = cues_alone(examples, known)
    same = difference(answers, answers)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_a_comparison_comes_through_json(found: Comparison) -> None:
    plain = found.as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert {GENRE_LEFT_OUT, CUES, PLAIN} < set(plain["others"])
    assert list(plain["genres"]) == ["diary", "report"]
    shares = [point["share"] for point in plain["curve"]]
    articles = [point["articles"] for point in plain["curve"]]
    assert shares[-1] == 1.0
    assert articles == sorted(set(articles))
    assert plain["curve"][-1]["scored"]["behind"] == [0, 0, 0]


def test_the_page_shows_every_way_and_genre(found: Comparison) -> None:
    page = markdown(found, "mine")
    assert "Recipe `mine` on 32 paragraphs of 8 articles" in page
    assert all(f"| {name} |" in page for name in (*found.others, "diary", "report", "100%"))


def test_the_command_writes_json_and_markdown_and_prints_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "mine"
    run = CliRunner()
    assert run.invoke(app, ["init", str(place)]).exit_code == 0
    monkeypatch.chdir(place)
    result = run.invoke(app, ["evaluate", "--cv", "--jobs", "1"])
    assert result.exit_code == 0, result.output
    written = json.loads(Path("training/results/evaluation.json").read_text("utf-8"))
    page = Path("training/results/evaluation.md").read_text("utf-8")
    assert written["recipe"] == "default"
    assert written["by_article"]["paragraphs"] == 10
    assert "No genre was left out: all paragraphs are of one genre." in page
    assert "Learning curve" in result.stdout
    again = run.invoke(app, ["evaluate", "--cv", "--jobs", "1", "--format", "json", "-o", "other"])
    assert json.loads(again.stdout) == written
    assert json.loads(Path("other/evaluation.json").read_text("utf-8")) == written


@pytest.mark.parametrize("words", [[], ["default"], ["default", "labels", "--cv"], ["default", "labels", "-o", "x"]])
def test_evaluate_takes_exactly_one_of_its_two_ways(words: list[str]) -> None:
    result = CliRunner().invoke(app, ["evaluate", *words])
    assert result.exit_code == 2
    assert "tagger evaluate: " in result.stderr
