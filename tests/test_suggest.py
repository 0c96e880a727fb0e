"""What is suggested is in doubt, unlike the rest, from many articles, and written ready to code."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.codebook import load_codebook
from tagger.exchange import import_labels
from tagger.labels import load_labels
from tagger.model import Model
from tagger.suggest import Candidate, Form, doubt, proposal, save_to_code, suggest, to_code
from tests.conftest import ROOT

SURE = "家庭医生上门签约，住院报销比例提高，医生为老人体检。"
UNSURE = "合作社的医生。"
TWIN = "合作社的医生！"
OTHER = "茶叶的家庭。"
TEXTS = [SURE, UNSURE, TWIN, OTHER, "全村二百户人家，缺水少地。"]


def candidates(*texts: str, article: str = "") -> list[Candidate]:
    return [Candidate(f"c{n}", article or f"a{n}", text, "标题") for n, text in enumerate(texts)]


def with_thresholds_at(model: Model, text: str) -> Model:
    """Return the model with its thresholds where it sees a text: no doubt is greater."""
    return replace(model, thresholds=model.score_all([text]).probabilities[0])


def test_uncertain_paragraphs_come_before_certain_ones(model: Model) -> None:
    tilted = with_thresholds_at(model, UNSURE)
    found = suggest(candidates(SURE, UNSURE), tilted)
    assert [pick.candidate.text for pick in found] == [UNSURE, SURE]
    assert found[0].doubt == pytest.approx(1 - 0.5 ** len(model.measures))
    assert found[0].doubt > found[1].doubt


def test_near_twins_do_not_stand_together_among_the_first(model: Model) -> None:
    tilted = with_thresholds_at(model, UNSURE)
    texts = [pick.candidate.text for pick in suggest(candidates(*TEXTS), tilted)]
    assert texts[0] == UNSURE
    assert texts[-1] == TWIN
    assert tilted.score_all([TWIN]).probabilities == pytest.approx(tilted.score_all([UNSURE]).probabilities)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.integers(1, 8), st.integers(1, 4))
def test_no_more_than_so_many_come_and_no_more_than_so_many_of_one_article(
    model: Model, articles: list[str], number: int, per_article: int
) -> None:
    some = [Candidate(str(n), article, TEXTS[n % len(TEXTS)]) for n, article in enumerate(articles)]
    found = [pick.candidate for pick in suggest(some, model, number, per_article)]
    allowed = sum(min(per_article, articles.count(article)) for article in set(articles))
    assert len(found) == len({one.id for one in found}) == min(number, allowed)
    assert all(sum(one.article == name for one in found) <= per_article for name in set(articles))


def test_a_text_coded_already_is_passed_over_in_either_script(model: Model) -> None:
    found = suggest(candidates("合作社的醫生。", OTHER), model, coded=[UNSURE])
    assert [pick.candidate.text for pick in found] == [OTHER]
    assert suggest([], model) == []


def test_doubt_lies_between_none_and_a_coin_for_each_decision(model: Model) -> None:
    at, far = model.thresholds, np.array([0.0, 1.0])
    found = doubt(model, np.stack([at, far]))
    assert found[0] == pytest.approx(0.75)
    assert found[1] == pytest.approx(0, abs=1e-6)


def test_the_proposal_names_what_is_carried_and_what_is_least_sure(model: Model) -> None:
    fixed = replace(model, thresholds=np.array([0.5, 0.5]))
    assert proposal(fixed, np.array([0.9, 0.45])) == "industry 0.90; least sure of: health 0.45"
    assert proposal(fixed, np.array([0.1, 0.2])) == "none; least sure of: health 0.20"


@pytest.mark.parametrize(
    ("name", "form"), [("out.csv", None), ("out.xlsx", None), ("out.jsonl", "doccano"), ("out.jsonl", None)]
)
def test_what_is_written_reads_back_without_codes(model: Model, tmp_path: Path, name: str, form: Form | None) -> None:
    book = load_codebook(ROOT / "labels" / "codebook.toml")
    paragraphs = to_code(suggest(candidates(*TEXTS, "住院報銷比例提高。"), model))
    save_to_code(tmp_path / name, paragraphs, form)
    own = name.endswith(".jsonl") and form is None
    back = load_labels(tmp_path / name, book) if own else import_labels(tmp_path / name, book, form)
    assert back == paragraphs
    assert {paragraph.measures for paragraph in back} == {()}
    assert {paragraph.origin for paragraph in back} == {"suggested"}
    assert all(paragraph.note.startswith("model: ") for paragraph in back)
    assert {paragraph.text: paragraph.script for paragraph in back}["住院報銷比例提高。"] == "hant"
    assert {paragraph.script for paragraph in back} == {"hans", "hant"}


def test_label_studio_gets_tasks_that_are_not_annotated_and_gives_them_back_coded(model: Model, tmp_path: Path) -> None:
    book = load_codebook(ROOT / "labels" / "codebook.toml")
    path = tmp_path / "out.json"
    paragraphs = to_code(suggest(candidates(*TEXTS), model))
    save_to_code(path, paragraphs)
    tasks = json.loads(path.read_text("utf-8"))
    assert all(list(task) == ["data"] and "measures" not in task["data"] for task in tasks)
    result = {"type": "choices", "value": {"choices": ["health"]}}
    path.write_text(json.dumps([{**task, "annotations": [{"result": [result]}]} for task in tasks]), "utf-8")
    assert import_labels(path, book) == [replace(one, measures=("health",)) for one in paragraphs]
