"""A recipe measured by article, by genre, on less text, and beside baselines."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tagger import learn
from tagger.baselines import BASELINES
from tagger.cli import app
from tagger.comparison import (
    ARTICLES_IGNORED,
    BY_ARTICLE,
    GENRE_LEFT_OUT,
    Comparison,
    answers,
    compare,
    genre_parts,
    share_name,
    share_of,
    sizes,
    ways,
)
from tagger.comparison_text import markdown
from tagger.errors import TaggerError
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


def articles(examples: Examples, rows: np.ndarray) -> set[str]:
    return {examples.groups[row] for row in rows.tolist()}


def test_a_genre_left_out_is_never_trained_on(
    examples: Examples, recipe: Recipe, known: Known, genres: list[str], trained_on: list[set[str]]
) -> None:
    parts = genre_parts(examples.groups, genres)
    cuts, _ = ways(examples, recipe, parts)
    answers(examples, recipe, known, {GENRE_LEFT_OUT: cuts[GENRE_LEFT_OUT]})
    assert list(parts) == ["diary", "report"]
    everyone = set(examples.groups)
    expected = [everyone - articles(examples, rows) for rows in parts.values()]
    assert sorted(map(sorted, trained_on)) == sorted(map(sorted, expected))


def test_an_article_of_two_genres_stays_whole() -> None:
    parts = genre_parts(["a", "a", "b", "b"], ["x", "y", "y", ""])
    assert {name: rows.tolist() for name, rows in parts.items()} == {"x": [0, 1], "y": [2, 3]}


def test_one_genre_alone_is_not_left_out_and_that_is_said(examples: Examples, recipe: Recipe) -> None:
    cuts, notes = ways(examples, recipe, genre_parts(examples.groups, [""] * len(examples.texts)))
    assert GENRE_LEFT_OUT not in cuts
    assert "No genre was left out: all paragraphs are of one genre." in notes


def test_a_larger_share_holds_the_smaller_one_and_whole_articles(examples: Examples) -> None:
    rows = np.arange(4, 32)  # the last seven articles
    shares = [set(share_of(examples.groups, rows, share).tolist()) for share in (0.25, 0.5, 0.75, 1.0)]
    assert [len(share) for share in shares] == [8, 16, 20, 28]
    assert all(small < large for small, large in pairwise(shares))
    assert shares[-1] == set(rows.tolist())


def test_every_way_scores_every_paragraph_once_and_trains_on_no_article_that_it_scores(
    examples: Examples, recipe: Recipe, genres: list[str]
) -> None:
    cuts, notes = ways(examples, recipe, genre_parts(examples.groups, genres))
    assert set(cuts) == {BY_ARTICLE, ARTICLES_IGNORED, GENRE_LEFT_OUT, *map(share_name, (0.5, 0.75))}
    assert notes == ["The learning curve lacks 25% of the articles: fewer than 2 articles are left to train on."]
    for way, work in cuts.items():
        held = np.concatenate([rows for rows, _ in work])
        assert sorted(held.tolist()) == list(range(len(examples.texts)))
        for out, kept in work:
            assert not set(out.tolist()) & set(kept.tolist())
            assert way == ARTICLES_IGNORED or not articles(examples, out) & articles(examples, kept)


def test_the_learning_curve_trains_on_so_many_articles(
    examples: Examples, recipe: Recipe, known: Known, genres: list[str], trained_on: list[set[str]]
) -> None:
    cuts, _ = ways(examples, recipe, {})
    told, failed = answers(examples, recipe, known, {"half": cuts[share_name(0.5)]})
    mean = sum(map(len, trained_on)) / len(trained_on)
    assert mean == sizes(examples, recipe, 0.5)[0] < sizes(examples, recipe, 1.0)[0]
    assert told["half"].probabilities.all()
    assert failed == {}


def test_two_jobs_give_what_one_gives(examples: Examples, recipe: Recipe, known: Known, genres: list[str]) -> None:
    one, two = (compare(examples, recipe, known, genres, jobs).as_json() for jobs in (1, 2))
    assert one == two


def test_what_a_worker_can_not_train_is_said(examples: Examples, recipe: Recipe, known: Known) -> None:
    none = replace(examples, gold=np.zeros_like(examples.gold))
    with pytest.raises(TaggerError, match="no training paragraph carries it"):
        compare(none, recipe, known, [""] * len(none.texts), jobs=2)


def test_a_way_that_fails_is_left_out_and_noted(examples: Examples, recipe: Recipe, known: Known) -> None:
    genres = ["diary" if "industry" in carried else "report" for carried in _carried(examples)]
    alone = replace(examples, groups=tuple(f"{group}{number}" for number, group in enumerate(examples.groups)))
    found = compare(alone, recipe, known, genres)  # without its one genre, no paragraph carries industry
    assert GENRE_LEFT_OUT not in found.others
    assert found.genres == {}
    assert any("Left out: one genre left out" in note and "no training paragraph" in note for note in found.notes)


def _carried(examples: Examples) -> list[list[str]]:
    return [[m for m, yes in zip(examples.measures, row, strict=True) if yes] for row in examples.gold.tolist()]


def test_a_comparison_comes_through_json(found: Comparison) -> None:
    plain = found.as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert list(plain["others"]) == [GENRE_LEFT_OUT, ARTICLES_IGNORED, BASELINES["cues"], BASELINES["plain"]]
    assert list(plain["genres"]) == ["diary", "report"]
    curve = plain["learning_curve"]
    sizes = [point["articles"] for point in curve]
    assert curve[-1]["share"] == 1.0
    assert sizes == sorted(set(sizes))
    assert curve[-1]["behind"] == [0, 0, 0]
    assert set(curve[-1]["missing"]) == set(curve[-1]["measures"]) == {"industry", "health"}
    assert set(plain["curves"]) == {"industry", "health", "overall"}
    assert {"from", "to", "paragraphs", "predicted", "observed", "low", "high"} == set(plain["reliability"][0])


def test_every_figure_has_an_interval_around_it(found: Comparison) -> None:
    plain = found.as_json()
    figures = [*plain["by_article"]["overall"].values()]
    figures += [figure for measure in plain["by_article"]["measures"].values() for figure in list(measure.values())[1:]]
    assert {"micro_f1", "macro_f1", "exact_match", "average_precision", "calibration_error"} < set(
        plain["by_article"]["overall"]
    )
    assert all(low <= high for _, low, high in figures)


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
    one = ["evaluate", "--cv", "--jobs", "1", "--format", "json", "-o", "one", "--baseline", "cues"]
    assert BASELINES["plain"] not in json.loads(run.invoke(app, one).stdout)["others"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["default"],
        ["default", "labels", "--cv"],
        ["default", "labels", "-o", "x"],
        ["default", "labels", "--baseline", "cues"],
    ],
)
def test_evaluate_takes_exactly_one_of_its_two_ways(words: list[str]) -> None:
    result = CliRunner().invoke(app, ["evaluate", *words])
    assert result.exit_code == 2
    assert "tagger evaluate: " in result.stderr
