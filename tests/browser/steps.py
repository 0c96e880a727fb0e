"""What tests of the page have in common: its text, and the steps of whoever sits before it."""

from tests.conftest import ROOT

NEWSPAPER = (ROOT / "tests" / "browser" / "newspaper.txt").read_text("utf-8")
WIDTHS = [400, 1400]


def paste(page, text: str) -> None:
    """Give a text by the keyboard alone."""
    page.focus("#text")
    page.keyboard.insert_text(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")


def marked(page) -> dict[int, set[str]]:
    rows = page.eval_on_selector_all(".body", "all => all.map(one => [one.dataset.p, one.dataset.measures])")
    return {int(number): set(measures.split()) for number, measures in rows}


def choose(page, number: int) -> None:
    page.focus(f"#b{number}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#why[data-p="{number}"]')
