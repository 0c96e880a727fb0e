"""A served workspace and a browser; the tests are left out, with the reason, where there is none."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.serving import made_workspace

CHROMIUM = "/usr/bin/chromium"
PROGRAM = (
    "from tagger import cli_serve; from tagger.console import group\n"
    "app = group('A test.')\n"
    "@app.callback()\ndef main(workspace: str = ''):\n    pass\n"
    "cli_serve.add(app); app(['serve', '--port', '0', '--no-open', '--coder', 'ann'])\n"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser's tests out where it is missing."""
    here = Path(__file__).parent
    missing = "" if shutil.which(CHROMIUM) else f"no browser at {CHROMIUM}: apt-get install chromium"
    try:
        import axe_playwright_python  # noqa: F401
        import playwright  # noqa: F401
    except ImportError as error:
        missing = missing or f"no {error.name}: pip install -e '.[dev]'"
    for item in items:
        if missing and here in Path(item.path).parents:
            item.add_marker(pytest.mark.skip(reason=missing))


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve a new workspace in a process; gives its address and the workspace."""
    made_workspace(folder)
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stderr=subprocess.PIPE, text=True, cwd=folder) as server:
        said = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said + server.stderr.read()
        yield found[0], folder
        server.terminate()
        server.stderr.read()


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address of a server over a workspace of its own, and the workspace."""
    with running(tmp_path_factory.mktemp("browser") / "mine") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's own chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, served) -> Iterator[Any]:
    """Open the first page at a width; whatever the console says is an error of the test."""
    complaints: list[str] = []
    contexts = []

    def failed(request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was still loading when the test went on to another page
            complaints.append(f"{request.url} {request.failure}")

    def open_page(width: int, scheme: str = "light", locale: str = "en-GB") -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", failed)
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(served[0]) else None)
        page.goto(served[0] + "/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
