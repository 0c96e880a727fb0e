"""The card holds what a model was measured at, and no text breaks its tables."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.card import (
    PICTURES,
    QUOTE,
    Failure,
    Findings,
    failures,
    pictures_beside,
    with_pictures,
    write_card,
)
from tagger.evaluate import Answers, Evaluation, evaluate
from tagger.metrics import Figure
from tagger.model import Model

ABOUT = {
    "folds": {"outer": 7},
    "recipe": {"decision": {"objective": "recall 0.9"}},
    "digests": {"labels": "a" * 64, "codebook": "b" * 64},
    "versions": {"numpy": "1.2.3", "scikit-learn": "4.5.6"},
}
GAP = Figure(0.012, -0.001, 0.025)


def answers(gold: list[str], given_: list[str], said: list[list[float]]) -> Answers:
    """Codes as letters: i for industry, h for health."""
    tables = [np.array([[letter in row for letter in "ih"] for row in rows]) for rows in (gold, given_)]
    return Answers(*tables, np.array(said), tuple(f"a{n}" for n in range(len(gold))), ("industry", "health"))


@pytest.fixture
def told() -> Answers:
    gold = ["i", "i", "i", "", "", "", "ih", "h"]
    given_ = ["", "", "", "i", "i", "i", "ih", "h"]
    said = [[p, 0.5] for p in (0.30, 0.10, 0.20, 0.70, 0.90, 0.80, 0.95, 0.05)]
    return answers(gold, given_, said)


@pytest.fixture
def evaluation(told: Answers) -> Evaluation:
    return evaluate(told, rounds=50)


def card(model: Model, evaluation: Evaluation, wrong: list[Failure], statement: str = "Ours.") -> str:
    return write_card("mine", replace(model, about=ABOUT), Findings(evaluation, GAP, wrong), statement)


def tables(text: str) -> list[list[list[str]]]:
    """Read each table as Markdown does: cells parted by a pipe that no backslash stands before."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE)
    return [[re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines()] for table in found]


def test_the_surest_mistakes_come_first_missed_ones_before_wrong_ones(told: Answers) -> None:
    found = failures(told, [f"p{n}" for n in range(8)], ["一段话"] * 8)
    assert [(f.paragraph, f.measure, f.missed, f.probability) for f in found] == [
        ("p1", "industry", True, 0.1),
        ("p2", "industry", True, 0.2),
        ("p4", "industry", False, 0.9),
        ("p5", "industry", False, 0.8),
    ]
    assert len(failures(told, ["p"] * 8, ["x"] * 8, each=9)) == 6


def test_mistakes_as_sure_as_each_other_keep_their_order() -> None:
    found = failures(answers(["i"] * 3, [""] * 3, [[0.2, 0.2]] * 3), ["p0", "p1", "p2"], ["x"] * 3)
    assert [f.paragraph for f in found] == ["p0", "p1"]


def test_answers_without_a_mistake_have_no_failures() -> None:
    assert failures(answers(["i", ""], ["i", ""], [[0.9, 0.1], [0.1, 0.1]]), ["a", "b"], ["x", "y"]) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("甲\n\n乙\t 丙", "甲 乙 丙"),
        ("修" * QUOTE, "修" * QUOTE),
        ("修" * (QUOTE + 1), "修" * QUOTE + "…"),
        ("甲\x1b[31m乙", "甲\N{REPLACEMENT CHARACTER}[31m乙"),
    ],
)
def test_a_quote_is_one_line_of_limited_length(text: str, quote: str) -> None:
    (found,) = failures(answers(["i"], [""], [[0.1, 0.1]]), ["p"], [text])
    assert found.quote == quote


def test_the_card_holds_all_that_was_measured(model: Model, evaluation: Evaluation, told: Answers) -> None:
    wrong = failures(told, [f"p{n}" for n in range(8)], ["村里的一段话"] * 8)
    text = card(model, evaluation, wrong)
    figures, thresholds, mistakes, digests = tables(text)
    assert [row[0].strip() for row in figures[2:4]] == ["industry", "health"]
    for measure, row in zip(("industry", "health"), figures[2:4], strict=True):
        assert str(evaluation.measures[measure]["f1"]) in [cell.strip() for cell in row]
    assert [[cell.strip() for cell in row] for row in thresholds[2:]] == [
        [measure, f"{threshold:.3f}"] for measure, threshold in zip(model.measures, model.thresholds, strict=True)
    ]
    assert [[cell.strip() for cell in row] for row in mistakes[2:]] == [
        [f.paragraph, f.measure, "missed" if f.missed else "wrongly given", f"{f.probability:.2f}", f.quote]
        for f in wrong
    ]
    assert [[cell.strip() for cell in row] for row in digests[2:]] == [["labels", "a" * 64], ["codebook", "b" * 64]]
    for part in (
        "# Model `mine`\n",
        "From 7 outer folds by article on 8 paragraphs of 8 articles",
        f"Micro-F1 **{evaluation.overall['micro_f1']}**",
        f"exact match **{evaluation.overall['exact_match']}**",
        "would say +0.012 [-0.001, +0.025] micro-F1 on top",
        "objective `recall 0.9`",
        "## Data\n\nOurs.\n",
        "With numpy 1.2.3, scikit-learn 4.5.6.",
    ):
        assert part in text


@given(key=st.text(), quote=st.text() | st.sampled_from(["a|b", "a\\|b", "a\\", "|", "甲\r乙", "<b>|", "`|`"]))
def test_no_text_breaks_the_table(model: Model, key: str, quote: str) -> None:
    wrong = failures(answers(["i"], [""], [[0.1, 0.1]]), [key], [quote])
    figures = Figure(0.5, 0.4, 0.6)
    names = ("micro_precision", "micro_recall", "micro_f1", "macro_f1", "exact_match", "calibration_error")
    text = card(model, Evaluation(1, 1, {}, {}, dict.fromkeys(names, figures)), wrong)
    mistakes = tables(text)[2]
    assert len(mistakes) == 3
    assert {len(row) for row in mistakes} == {5}


def test_a_card_without_mistakes_keeps_its_place_for_them(model: Model, evaluation: Evaluation) -> None:
    mistakes = tables(card(model, evaluation, []))[2]
    assert len(mistakes) == 2


def test_the_card_shows_the_pictures_that_lie_beside_it(model: Model, evaluation: Evaluation, tmp_path: Path) -> None:
    for name in ("learning.svg", "pr.svg", "other.svg"):
        (tmp_path / name).write_text("<svg/>")
    beside = pictures_beside(tmp_path)
    assert beside == ("pr.svg", "learning.svg")
    findings = Findings(evaluation, GAP, [])
    text = write_card("mine", replace(model, about=ABOUT), findings, "Ours.", beside)
    assert re.findall(r"^!\[[^]]+\]\((.*)\)$", text, re.MULTILINE) == ["pr.svg", "learning.svg"]
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert heads[heads.index("Pictures") + 1] == "Data"


@given(st.sets(st.sampled_from(sorted(PICTURES))), st.sets(st.sampled_from(sorted(PICTURES))))
def test_pictures_change_nothing_else_of_a_card(first: set[str], then: set[str]) -> None:
    plain = "# Model `m`\n\nText.\n\n## Data\n\nOurs.\n\n## Made from\n\nThis.\n"
    shown = with_pictures(plain, first)
    assert with_pictures(shown, first) == shown
    assert with_pictures(shown, then) == with_pictures(plain, then)
    assert with_pictures(shown, ()) == plain
