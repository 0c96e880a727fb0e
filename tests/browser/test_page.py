"""What an analyst does on the page, in a real browser, by the keyboard."""

from pathlib import Path

import pytest

from tests.browser.steps import NEWSPAPER, WIDTHS, choose, marked, paste
from tests.conftest import ROOT

HOSTILE = sorted((ROOT / "tests" / "hostile").glob("*.txt"))


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(opened, request):
    return opened(request.param)


def test_nothing_is_wider_than_the_screen(page, served) -> None:
    paste(page, NEWSPAPER)
    article = page.url
    for where in (served[0] + "/", article, served[0] + "/agreement", served[0] + "/docs"):
        page.goto(where)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_there_is_room_to_paste_a_text_in(page) -> None:
    box = page.locator("#text").bounding_box()
    room = page.evaluate("document.querySelector('main').clientWidth")
    assert box["width"] > 0.6 * room
    assert box["height"] > 120  # pixels: some six lines


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_to_mend(opened, served, width, scheme) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(width, scheme, "zh-CN")
    source = (Path(__import__("axe_playwright_python").__file__).parent / "axe.min.js").read_text("utf-8")
    found = {}

    def look(name: str) -> None:
        results = Axe(source).run(page).response["violations"]
        if results:
            found[name] = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in results]

    look("first page")
    paste(page, NEWSPAPER)
    look("article")
    choose(page, 3)
    look("reasons")
    page.keyboard.press("2")
    page.wait_for_selector('#p3[data-coded="yes"]')
    look("coded")
    page.keyboard.press("u")
    page.wait_for_selector('#p3[data-coded="no"]')
    for name in ("agreement", "docs"):
        page.goto(f"{served[0]}/{name}")
        look(name)
    assert found == {}


def test_keys_move_and_the_mouse_codes(opened) -> None:
    page = opened(1400)
    paste(page, NEWSPAPER)
    page.click("#p2 p")
    page.wait_for_selector('#why[data-p="2"]')
    page.keyboard.press("k")
    page.wait_for_selector('#why[data-p="1"]')
    assert page.evaluate("document.activeElement.id") == "b1"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('#why[data-p="2"]')
    page.click("#m-education")
    page.wait_for_selector('#p2[data-coded="yes"]')
    assert "education" in marked(page)[2]
    assert page.evaluate("document.activeElement.id") == "m-education"
    page.click("#m-none")
    page.wait_for_selector('#p2[data-measures=""]')
    for _ in range(2):
        page.click("#undo")
    page.wait_for_selector('#p2[data-coded="no"]')
    page.keyboard.press("Escape")
    assert page.locator("#why[data-p]").count() == 0
    assert page.evaluate("document.activeElement.id") == "b2"


def test_d_walks_the_doubtful_ones_first(opened) -> None:
    page = opened(1400)
    paste(page, NEWSPAPER)
    doubts = page.eval_on_selector_all(
        ".body[data-coded=no]", "all => all.map(one => [Number(one.dataset.doubt), one.dataset.p])"
    )
    (_, first), (_, second) = sorted(doubts, reverse=True)[:2]
    page.keyboard.press("d")
    page.wait_for_selector(f'#why[data-p="{first}"]')
    page.keyboard.press("d")
    page.wait_for_selector(f'#why[data-p="{second}"]')


def test_focus_is_always_to_be_seen(opened) -> None:
    page = opened(1400)
    paste(page, NEWSPAPER)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_files_are_taken_and_what_cannot_be_read_is_said(opened, tmp_path) -> None:
    page = opened(1400)
    (tmp_path / "a.txt").write_bytes("東溝村成立合作社，種植茶葉三百畝，年底給入社農戶分紅。".encode("big5"))
    page.set_input_files("#files", tmp_path / "a.txt")
    page.wait_for_url("**/a/*")
    assert "東溝村" in page.inner_text(".full")


def test_a_second_coder_sees_no_tags_until_they_code(opened) -> None:
    page = opened(1400)
    paste(page, NEWSPAPER.replace("青坪", "柳坪"))
    page.keyboard.press("j")
    page.wait_for_selector('#why[data-p="1"]')
    page.keyboard.press("0")
    page.wait_for_selector('#p1[data-coded="yes"]')
    page.fill("#coder", "ben")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note")
    assert set().union(*marked(page).values()) == set()
    assert page.locator(".told").count() == 0
    choose(page, 2)
    assert page.locator("#why .meter").count() == 0
    page.keyboard.press("1")
    page.wait_for_selector('#p2[data-coded="yes"]')
    assert page.locator("#why .meter").count() == 6


SHAPE = """() => {
  const kinds = {};
  for (const one of document.querySelectorAll("*")) {
    const parent = one.parentElement?.localName ?? "";
    const kind = one.namespaceURI.split("/").pop() + " " + one.localName + " in " + parent;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}"""
RUNNING = "[...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()).filter(n => /^on|style/.test(n))"
ONCE = ["xhtml script in head", "xhtml img in a", "xhtml title in head", "xhtml form in header", "xhtml main in body"]


@pytest.fixture(scope="module")
def good(browser, served) -> set[str]:
    """Every kind of element, with its parent's, that a harmless article's page has, before and after a choice."""
    page = browser.new_page()
    page.goto(served[0] + "/")
    paste(page, NEWSPAPER.replace("石橋", "柏橋"))
    found = set(page.evaluate(SHAPE))
    choose(page, 2)
    found |= set(page.evaluate(SHAPE))
    page.keyboard.press("1")
    page.wait_for_selector('#p2[data-coded="yes"]')
    found |= set(page.evaluate(SHAPE))
    page.close()
    return found


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_article_leaves_the_page_its_own(opened, served, good, path) -> None:
    page = opened(1400)
    token = page.get_attribute('meta[name="tagger-token"]', "content")
    form = {"token": token, "text": path.read_bytes().decode("utf-8")}
    sent = page.request.post(served[0] + "/page/text", form=form, max_redirects=0)
    page.goto(served[0] + sent.headers["location"])
    if page.locator("#b1").count():
        choose(page, 1)
        page.keyboard.press("2")
        page.wait_for_selector('#p1[data-coded="yes"]')
    found = page.evaluate(SHAPE)
    assert set(found) - good <= {"xhtml s in li"}  # a tag that was taken off
    assert [found[kind] for kind in ONCE] == [1] * len(ONCE)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(RUNNING) == []
    page.goto(served[0] + "/")
    assert page.locator("script").count() == 1
    assert page.evaluate("window.hacked") is None
