"""The page keeps what it is given, shows it as text, and takes codes from itself alone."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tagger import cli_serve, web_phrases
from tagger.article import Block, Source
from tagger.console import group
from tagger.errors import UsageError
from tagger.marks import Segment, printed
from tagger.serve import address, bind
from tagger.tagfiles import tag_rows, write_rows
from tagger.web_documents import Documents, document
from tagger.web_training import Standing
from tests.conftest import ROOT
from tests.made import word
from tests.serving import TEXT, code, made_workspace, page_token, paste, serving

HOSTILE = sorted((ROOT / "tests" / "hostile").glob("*.txt"))
OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "img", "nav", "form", "input", "label",
    "button", "main", "div", "p", "progress", "article", "h1", "h2", "section", "span", "i", "ul", "li", "small",
    "aside", "dl", "dt", "dd", "kbd", "svg", "rect", "details", "summary", "s",
}  # fmt: skip


class Elements(HTMLParser):
    """The elements of a page, and every attribute that could run or load something."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()
        self.running: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        for name, value in attrs:
            leads = name in ("href", "src", "action") and not re.match(r"/(?!/)|#", value or "")
            if name.startswith("on") or name in ("style", "srcdoc", "http-equiv") or leads:
                self.running.append((name, value))


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    folder = made_workspace(tmp_path / "mine")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def client(workspace):
    with serving(workspace) as served:
        yield served


def fields(page: str, number: int) -> dict[str, str]:
    """Return a paragraph's data on the page."""
    found = re.search(rf'<section class="body[^"]*" id="p{number}"([^>]*)>', page)
    assert found, f"no paragraph {number}"
    return dict(re.findall(r'data-(\w+)="([^"]*)"', found[1]))


def test_a_pasted_text_is_shown_line_by_line_with_its_measures(client) -> None:
    page = client.get(paste(client)).text
    assert [fields(page, n)["measures"] for n in (1, 2, 3)] == ["industry", "health", ""]
    assert "东沟村的新产业" in page
    assert 'data-n="3"' in page


def test_the_same_text_pasted_again_is_the_same_article(client) -> None:
    assert paste(client) == paste(client, "\n\n" + TEXT.replace("\n", "\r\n") + "\n")


def test_an_empty_text_leads_back(client) -> None:
    assert paste(client, " \n ") == "/"


def test_a_code_is_kept_over_a_reload_and_a_restart(client, workspace) -> None:
    where = paste(client)
    answer = code(client, where[3:], 3, ["health"])
    assert answer.status_code == 200
    assert fields(answer.text, 3) == fields(client.get(where).text, 3)
    with serving(workspace) as again:
        told = fields(again.get(where).text, 3)
    assert (told["measures"], told["coded"]) == ("health", "yes")


def test_undo_brings_the_machines_tags_back(client) -> None:
    where = paste(client)
    token = {"X-Tagger-Token": page_token(client)}
    code(client, where[3:], 1, [])
    told = client.post("/page/undo", json={"document": where[3:], "p": 2}, headers=token)
    assert (fields(told.text, 1)["measures"], fields(told.text, 1)["coded"]) == ("industry", "no")
    assert "Nothing to take back" in client.post("/page/undo", json={"document": where[3:], "p": 2}, headers=token).text


def test_why_shows_words_as_printed_thresholds_and_the_codebook(client) -> None:
    where = paste(client)
    told = client.get("/page/why", params={"document": where[3:], "p": 1}).text
    assert 'id="m-industry"' in told
    assert "茶叶" in told
    assert "threshold" in told
    assert "Definition" in told
    assert 'aria-pressed="true"' in told


@pytest.mark.parametrize("path", ["/page/code", "/page/undo", "/page/train", "/page/use", "/page/file", "/page/coder"])
def test_nothing_is_changed_without_the_pages_own_token(client, workspace, path) -> None:
    for headers in ({}, {"X-Tagger-Token": "guessed"}):
        answer = client.post(path, json={}, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["error"]["where"] == "X-Tagger-Token"
    assert not (workspace / "labels" / "coding").exists()


def test_whoever_comes_second_sees_neither_codes_nor_the_machines_tags_until_they_have_coded(client) -> None:
    where = paste(client)
    code(client, where[3:], 1, ["health"])
    client.cookies.set("tagger-coder", "ben")
    page = client.get(where).text
    assert "You come second" not in page
    assert [fields(page, n)["measures"] for n in (1, 2, 3)] == ["", "", ""]
    assert "told m" not in page
    hidden = client.get("/page/why", params={"document": where[3:], "p": 1}).text
    assert "threshold" not in hidden
    seen = code(client, where[3:], 1, ["industry"]).text
    assert fields(seen, 1)["measures"] == "industry"
    assert "threshold" in seen


def test_two_coders_see_how_well_they_agree(client) -> None:
    where = paste(client)
    assert "No paragraph is coded by two" in client.get("/agreement").text
    for number in (1, 2, 3):
        code(client, where[3:], number, ["industry"] if number == 1 else [])
    client.cookies.set("tagger-coder", "ben")
    for number in (1, 2, 3):
        code(client, where[3:], number, ["health"] if number == 2 else [])
    page = client.get("/agreement").text
    assert "3 paragraphs coded by two or more, 0 by one" in page
    assert f'href="{where}"' in page
    home = client.get("/").text
    assert ">ann</th><td>3</td>" in home
    assert ">ben</th><td>3</td>" in home


def test_the_coder_is_changed_by_the_form_and_leads_back_to_this_server_alone(client) -> None:
    for back, lands in (("/agreement", "/agreement"), ("//evil.example", "/"), ("https://evil.example", "/")):
        data = {"token": page_token(client), "coder": "Ben", "back": back}
        answer = client.post("/page/coder", data=data, follow_redirects=False)
        assert answer.headers["location"] == lands
    assert 'value="ben"' in client.get("/").text
    bad = client.post("/page/coder", data={"token": page_token(client), "coder": "../x"})
    assert bad.status_code == 422


def test_the_most_doubtful_paragraph_not_coded_comes_first(client) -> None:
    where = paste(client)
    page = client.get(where).text
    doubts = sorted((1, 2, 3), key=lambda n: -float(fields(page, n)["doubt"]))
    for number in doubts:
        answer = client.get("/doubtful", follow_redirects=False)
        assert answer.headers["location"] == f"{where}?p={number}#p{number}"
        code(client, where[3:], number, [])
    assert client.get("/doubtful", follow_redirects=False).headers["location"] == "/?left=none"


@pytest.mark.parametrize(
    ("headers", "query", "says"),
    [
        ({}, "", "Add an article"),
        ({"accept-language": "zh-CN,zh;q=0.9"}, "", "加入文章"),
        ({"accept-language": "zh-CN"}, "?lang=en", "Add an article"),
        ({}, "?lang=zh", "加入文章"),
    ],
)
def test_the_page_speaks_the_language_asked_for_and_keeps_to_it(client, headers, query, says) -> None:
    assert says in client.get(f"/{query}", headers=headers).text
    if query:
        assert says in client.get("/", headers=headers).text


def test_every_label_stands_in_both_languages_and_is_used() -> None:
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "tagger" / "web").glob("*.html"))
    used = set(re.findall(r"\bt\.(\w+)", templates))
    zh, en = web_phrases.labels("zh"), web_phrases.labels("en")
    assert set(zh) == set(en) == used
    braces = re.compile(r"{\w+}")
    assert all(sorted(braces.findall(zh[key])) == sorted(braces.findall(en[key])) for key in zh)


def give(client, name: str, data: bytes):
    return client.post(
        "/page/file", params={"name": name}, content=data, headers={"X-Tagger-Token": page_token(client)}
    )


def shown(page: str) -> str:
    """Return a page's text without its tags: what told is marked wherever the model says."""
    return re.sub(r"<[^>]+>", "", page)


def test_a_dropped_file_is_read_by_its_content(client) -> None:
    where = give(client, "报告.docx", word(*TEXT.split("\n"))).json()["go"]
    assert "家庭医生" in shown(client.get(where).text)
    big5 = "東溝村成立合作社，種植茶葉三百畝，年底給入社農戶分紅。".encode("big5")
    page = client.get(give(client, "a.txt", big5).json()["go"]).text
    assert "東溝村成立合作社" in shown(page)


def test_a_file_that_cannot_be_read_is_refused_by_its_name(client) -> None:
    answer = give(client, "../../照片.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert answer.status_code == 422
    assert answer.json()["error"]["where"].endswith("照片.png")


@pytest.mark.parametrize(
    "name", ["../../labels/codebook.toml", "..\\x.txt", "/etc/passwd", "a\0b.txt", "", ".", "x" * 999]
)
def test_a_files_name_leads_nowhere(client, workspace, name) -> None:
    before = sorted(path for path in workspace.rglob("*") if path.is_file())
    where = give(client, name, TEXT.encode()).json()["go"]
    after = sorted(path for path in workspace.rglob("*") if path.is_file())
    assert set(after) - set(before) == {workspace / "labels" / "coding" / "articles" / f"{where[3:]}.json"}


@pytest.mark.parametrize("name", ["x", "../../../etc/passwd", "0" * 12, "%2e%2e", "ABCDEFABCDEF"])
def test_an_article_that_is_not_there_is_a_page_that_says_so(client, name) -> None:
    answer = client.get(f"/a/{name}", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "<main" in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"document": 1}', b'{"document": "000000000000"}'])
def test_a_code_of_another_shape_is_refused_and_not_kept(client, workspace, body) -> None:
    headers = {"X-Tagger-Token": page_token(client)}
    assert client.post("/page/code", content=body, headers=headers).status_code in (400, 404)
    where = paste(client)
    for given in ({"p": 9, "measures": []}, {"p": 1}, {"p": 1, "measures": ["x"]}, {"p": "1 ", "measures": []}):
        answer = client.post("/page/code", json={"document": where[3:], **given}, headers=headers)
        assert answer.status_code == 422
    assert not (workspace / "labels" / "coding" / "ann.jsonl").exists()


def test_in_the_workspace_that_comes_with_tagger_nothing_is_kept(client, workspace, tmp_path, monkeypatch) -> None:
    from tagger.workspace import Workspace

    monkeypatch.setattr("tests.serving.Workspace", lambda path: Workspace(path, packaged=True))
    with serving(workspace) as packaged:
        where = paste(packaged)
        assert "tagger init DIR" in packaged.get("/").text
        assert fields(packaged.get(where).text, 1)["measures"] == "industry"
        assert code(packaged, where[3:], 1, []).status_code == 409
    assert not (workspace / "labels" / "coding").exists()


def test_a_finished_training_shows_new_figures_beside_old_and_its_model_can_be_taken(client, workspace) -> None:
    paste(client)
    token = {"X-Tagger-Token": page_token(client)}
    assert 'data-state="running"' in client.post("/page/train", headers=token).text
    page = client.get("/page/train?wait=1").text
    while 'data-state="running"' in page:
        page = client.get("/page/train?wait=1").text
    assert 'data-state="done"' in page
    assert page.count("<b>") == 14  # six measures and all, old and new
    assert client.get("/v1/model").json()["name"] == "default"
    client.post("/page/use", headers=token)
    assert client.get("/v1/model").json()["name"] == "page"
    assert (workspace / "models" / "page" / "README.md").is_file()


def test_a_training_that_fails_says_why(client, workspace) -> None:
    (workspace / "labels" / "paragraphs" / "broken.jsonl").write_text("{\n", "utf-8")
    client.post("/page/train", headers={"X-Tagger-Token": page_token(client)})
    page = client.get("/page/train?wait=1").text
    while 'data-state="running"' in page:
        page = client.get("/page/train?wait=1").text
    assert "broken.jsonl:1" in page
    assert Standing() == Standing("idle", 0, None, "")


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_article_adds_no_element_and_nothing_that_runs(client, path) -> None:
    data = path.read_bytes()
    where = give(client, path.name, data).json().get("go") or paste(client, data.decode("utf-8"))
    pages = [client.get(where).text, client.get(where, params={"p": 1}).text, client.get("/").text]
    pages.append(client.get("/page/why", params={"document": where[3:], "p": 1}).text)
    for page in pages:
        elements = Elements(page)
        assert set(elements.found) <= OURS | {"table", "thead", "tbody", "tr", "th", "td", "textarea"}
        assert elements.running == []
        assert elements.found["script"] <= 1
        assert elements.found["svg"] in (0, 6)  # a meter for each measure of the panel
        assert "1787569" not in page  # 1337 * 1337
    assert not re.search("[\0\x1b\u202a-\u202e\u2066-\u2069]", "".join(pages))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_articles_workbook_has_no_formula(workspace, model, tmp_path, path) -> None:
    from tagger.read import read
    from tagger.split import articles
    from tagger.tag import tag

    given = read([str(path)]) if b"\0" not in path.read_bytes() else articles(Source("x", path.read_text("utf-8")))
    rows = [row for tagged in tag(given, model) for row in tag_rows(tagged)]
    hostile = [row | {"id": row["text"][:99], "file": row["text"][:99], "title": row["text"][:99]} for row in rows]
    out = tmp_path / "tags.xlsx"
    write_rows(str(out), hostile, ("file", "id", "title", "text", "measures"))
    book = openpyxl.load_workbook(out)
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert len(cells) >= 5
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(str(cell.value or "")[:1] in "=+-@\t" and cell.value for cell in cells)


def test_there_are_thirty_hostile_articles() -> None:
    assert len(HOSTILE) >= 30


def test_a_document_comes_back_as_it_was_given(tmp_path) -> None:
    sources = [Source("a.docx", "甲\n乙", hints={1: "title"}, wrapped=False), Source("b", "丙", row=3, date="2020")]
    kept = document("a.docx", sources)
    Documents(tmp_path).keep(kept)
    assert Documents(tmp_path).get(kept.id) == kept
    assert Documents(tmp_path).ids() == [kept.id]
    assert Documents(tmp_path).get("../" + kept.id) is None


def test_a_damaged_document_is_named(tmp_path) -> None:
    (tmp_path / "0123456789ab.json").write_text('{"name": 1}')
    with pytest.raises(UsageError, match="damaged"):
        Documents(tmp_path).get("0123456789ab")


def test_printed_lines_are_the_text_cut_where_the_source_cut_it() -> None:
    block = Block("body", (2, 3), "一行 two words四")
    marked = (Segment("一行 tw", ("health",)), Segment("o words四"))
    lines = list(printed(block, ["", " 一行 two ", "words四"], marked))
    assert [line.number for line in lines] == [2, 3]
    assert ["".join(part.text for part in line.segments) for line in lines] == ["一行 two ", "words四"]
    assert [part.measures for part in lines[0].segments] == [("health",), ()]
    assert len(list(printed(block, ["", "另外的", "文字"], marked))) == 1


def command(*words: str):
    app = group("A test.")
    app.callback()(_options)
    cli_serve.add(app)
    return CliRunner().invoke(app, ["serve", "--no-open", *words])


def _options(workspace: Path | None = None) -> None:
    """Take the option that all commands share."""


def test_another_address_demands_a_token(workspace) -> None:
    for words in (["--host", "0.0.0.0"], ["--host", "0.0.0.0", "--token", "short"]):  # noqa: S104 - that is the test
        told = command(*words)
        assert told.exit_code == 2
        assert "token" in told.stderr


def test_a_port_in_use_is_said(workspace) -> None:
    taken = bind("127.0.0.1", 0)
    taken.listen()
    with taken, pytest.raises(UsageError, match="choose another --port"):
        bind("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(UsageError, match="no such address"):
        bind("no.such.host.invalid", 0)


def test_an_address_is_one_that_a_browser_opens() -> None:
    with bind("0.0.0.0", 0) as bound:  # noqa: S104
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address(bound))


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_any_free_port_and_stops_when_told(workspace, name) -> None:
    program = (
        "import typer; from tagger import cli_serve; from tagger.console import group\n"
        "app = group('A test.')\n"
        "@app.callback()\ndef main(workspace: str = ''):\n    pass\n"
        "cli_serve.add(app); app(['serve', '--port', '0', '--no-open', '--coder', 'ann'])\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as server:
        said = next(server.stderr)
        where = re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
        with urllib.request.urlopen(where + "v1/health", timeout=30) as answer:  # noqa: S310 - our own server
            assert json.load(answer)["status"] == "ok"
        server.send_signal(name)
        assert server.stderr.read() == "tagger: stopped\n"
        assert server.wait(30) == 0
