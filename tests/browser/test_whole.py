"""One analyst's whole way, from a pasted newspaper to a model trained on their correction, by the keyboard alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import running
from tests.browser.steps import NEWSPAPER, WIDTHS, marked, paste

MEASURES = {"industry", "education", "health", "housing", "employment", "party-building"}
WAIT = 120_000  # milliseconds, for training


@pytest.fixture
def served(tmp_path) -> Iterator[tuple[str, Path]]:
    """A server of the test's own: it changes the model."""
    with running(tmp_path / "mine") as found:
        yield found


@pytest.mark.parametrize("width", WIDTHS)
def test_six_measures_are_seen_explained_corrected_kept_and_trained_on(opened, served, width) -> None:
    page = opened(width)
    paste(page, NEWSPAPER)
    before = marked(page)
    assert set().union(*before.values()) == MEASURES
    assert page.locator(".furniture").count() >= 2
    number = next(n for n, measures in before.items() if measures == {"housing"})

    page.keyboard.press("j")
    page.wait_for_selector('#why[data-p="1"]')
    while not page.locator(f'#why[data-p="{number}"]').count():
        here = int(page.get_attribute("#why", "data-p"))
        page.keyboard.press("j")
        page.wait_for_selector(f'#why[data-p="{here + 1}"]')
    why = page.locator("#why")
    assert "危房改造" in why.inner_text()
    assert page.get_attribute("#m-housing", "aria-pressed") == "true"
    page.locator(".measure:has(#m-housing) summary").focus()
    page.keyboard.press("Enter")
    assert "Definition" in why.inner_text()

    page.keyboard.press("3")
    page.wait_for_selector(f'#p{number}[data-coded="yes"]')
    assert marked(page)[number] == {"housing", "health"}
    assert "Saved" in page.inner_text("#said")
    page.reload()
    assert marked(page) == before | {number: {"housing", "health"}}
    assert page.get_attribute("#m-health", "aria-pressed") == "true"

    page.keyboard.press("u")
    page.wait_for_selector(f'#p{number}[data-coded="no"]')
    assert marked(page) == before
    page.keyboard.press("c")
    page.wait_for_selector(f'#p{number}[data-coded="yes"]')
    (path,) = (served[1] / "labels" / "paragraphs").glob("page-*.jsonl")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["measures"] for row in rows] == [["housing"]]

    page.goto(served[0] + "/")
    page.focus("#train")
    page.keyboard.press("Enter")
    page.wait_for_selector('#training[data-state="running"]')
    page.wait_for_selector('#training[data-state="done"]', timeout=WAIT)
    assert page.locator(".figures tbody tr").count() == 7
    page.focus("#use")
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('training').innerText.includes('page')")
    page.goto(served[0] + "/a/" + rows[0]["id"].split("-")[1])
    page.wait_for_selector(f'#p{number}[data-coded="yes"]')
