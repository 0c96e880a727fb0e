"""The server in this process, for tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from tagger.serve import Options, application
from tagger.web_guard import Rules
from tagger.workspace import Workspace
from tests.conftest import ROOT

HERE = "http://127.0.0.1"
TEXT = (
    "东沟村的新产业\n\n东沟村种下茶叶300亩，加工厂投产，农户卖茶增收2000元。\n\n"
    "东沟村的家庭医生上门签约，住院报销比例提高到90%。\n\n山路弯弯，炊烟升起，孩子们在村口追着一只花狗跑。\n"
)


def made_workspace(folder: Path) -> Path:
    """Make a workspace of the shipped codebook and model, with so few labels that it trains in seconds."""
    for name in ("labels/codebook.toml", "labels/lexicon.txt", "training/recipes/default.toml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "models" / "default", folder / "models" / "default")
    (folder / "labels" / "paragraphs").mkdir()
    for genre in ("village-report", "work-report"):
        lines = (ROOT / "labels" / "paragraphs" / f"{genre}.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / "labels" / "paragraphs" / f"{genre}.jsonl").write_text("".join(lines[:60]), "utf-8")
    return folder


@contextmanager
def serving(workspace: Path, rules: Rules | None = None, **options: object) -> Iterator[TestClient]:
    """Serve a workspace; without child processes unless `children` says so."""
    chosen = Options(coder="ann", rules=rules or Rules(), **{"children": 0} | options)  # type: ignore[arg-type]
    app = application(Workspace(workspace), chosen)
    with TestClient(app, HERE, raise_server_exceptions=False) as client:
        yield client


def page_token(client: TestClient) -> str:
    """Return the token that the page holds."""
    return client.get("/").text.partition('name="tagger-token" content="')[2].partition('"')[0]


def paste(client: TestClient, text: str = TEXT) -> str:
    """Give a text on the page and return the address that it leads to."""
    sent = client.post("/page/text", data={"token": page_token(client), "text": text}, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def code(client: TestClient, name: str, number: int, measures: list[str]):
    """Code a paragraph as the page does."""
    body = {"document": name, "p": number, "measures": measures}
    return client.post("/page/code", json=body, headers={"X-Tagger-Token": page_token(client)})
