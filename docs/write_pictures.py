"""Draw the pictures that the READMEs and the model card show; --check fails where they show other values.

The model's come from training/results/evaluation.json (written by `tagger evaluate --cv`), the READMEs' from
examples/. Only the values are compared: how they are drawn changes with the libraries' versions. The picture of a
marked article is taken by chromium; where there is none, it is left as it is.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.article import Source, TaggedArticle
from tagger.card import pictures_beside, with_pictures
from tagger.codebook import Codebook, load_codebook
from tagger.coverage import add_up
from tagger.errors import UsageError
from tagger.files import sha256, write_bytes, write_text
from tagger.ledger import ledger
from tagger.pictures import (
    Picture,
    coverage_bars,
    draw,
    drawn_from,
    learning_curve,
    noted,
    precision_recall,
    reliability,
)
from tagger.read import read, sources
from tagger.report_html import render_page
from tagger.store import load
from tagger.tag import tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.phrases import Lang

ROOT = Path(__file__).parent.parent
MODEL, OUT = ROOT / "models" / "default", ROOT / "docs" / "pictures"
RESULTS = ROOT / "training" / "results" / "evaluation.json"
ARTICLE = Path("examples/1-newspaper.txt")  # seen from the root
SIZE, MOST = "960,800", 200_000  # pixels of the page's picture, bytes of its file
SHOTS = {
    OUT / "article.png": "",
    OUT / "text.png": "header, .said, .missing, h3, .furniture, #a1p1, #a1p2",
}  # without these parts
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def model_pictures(codebook: Codebook) -> dict[Path, Picture]:
    """Return the model's pictures by their place; those that the evaluation has no values for are told of."""
    found = json.loads(RESULTS.read_text("utf-8"))
    names = codebook.names("en")
    kinds: dict[str, Callable[[], Picture]] = {
        "pr.svg": lambda: precision_recall(found, names, "en"),
        "reliability.svg": lambda: reliability(found, "en"),
        "learning.svg": lambda: learning_curve(found, names, "en"),
    }
    pictures = {}
    for name, picture in kinds.items():
        try:
            pictures[MODEL / name] = picture()
        except UsageError as error:
            print(f"{name} is left out: {error}")
    return pictures


def readme_pictures(codebook: Codebook, items: list[TaggedArticle]) -> dict[Path, Picture]:
    """Return the coverage of the examples in both languages, by its place."""
    coverage = add_up(items, [measure.id for measure in codebook.measures])
    places: dict[Lang, Path] = {"en": OUT / "coverage.svg", "zh": OUT / "coverage.zh-CN.svg"}
    return {place: coverage_bars(coverage, codebook.names(lang), lang) for lang, place in places.items()}


def marked(codebook: Codebook, item: TaggedArticle) -> tuple[str, str]:
    """Return one article's page, and the digest of what it shows."""
    cues = {measure.id: measure.cues for measure in codebook.measures}
    rows = ledger(item, cues)
    texts = {(item.article.file, one.row): one.text for one in sources(ARTICLE) if isinstance(one, Source)}
    shown = [[list(paragraph.measures), paragraph.block.text] for paragraph in item.paragraphs]
    data = json.dumps([shown, [row.quote for row in rows]], ensure_ascii=False)
    return render_page([item], codebook.names("zh"), "zh", rows, texts), sha256(data.encode())


def photograph(page: str, digest: str, path: Path, without: str) -> None:
    """Write a picture of a page, without some of its parts, as PNG; where no browser is installed, say so."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"{path.name} is left as it is: no chromium is installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        html, png = Path(folder) / "page.html", Path(folder) / "page.png"
        hidden = f"<style>{without} {{ display: none }}</style></head>" if without else "</head>"
        html.write_text(page.replace("</head>", hidden, 1), "utf-8")
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={SIZE}", f"--screenshot={png}"]
        subprocess.run([browser, *options, html.as_uri()], check=True, capture_output=True)  # noqa: S603
        data = noted(png.read_bytes(), digest)
    if len(data) > MOST:
        sys.exit(f"{path}: {len(data):,} bytes, more than {MOST:,}; take a smaller part of the page")
    write_bytes(path, data)


def main(*, check: bool) -> None:
    """Draw all pictures and show the model's in its card, or compare what they show."""
    os.chdir(ROOT)  # the page shows the names of files as they are given
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    model = load(MODEL)
    tagged = tag(read(["examples"]), model, evidence=True)
    items = [item for item in tagged if isinstance(item, TaggedArticle)]
    pictures = model_pictures(codebook) | readme_pictures(codebook, items)
    page, digest = marked(codebook, next(item for item in items if item.article.file == str(ARTICLE)))
    wanted = {path: picture.digest for path, picture in pictures.items()} | dict.fromkeys(SHOTS, digest)
    stale = [path for path, shown in wanted.items() if drawn_from(path) != shown]
    card = (MODEL / "README.md").read_text("utf-8")
    if check:
        if card != with_pictures(card, pictures_beside(MODEL)):
            stale.append(MODEL / "README.md")
        if stale:
            names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
            sys.exit(f"{names}: not what the values give; run: python docs/write_pictures.py")
        return
    for path in stale:
        if path in SHOTS:
            photograph(page, digest, path, SHOTS[path])
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            draw(pictures[path], path)
    shown = with_pictures(card, pictures_beside(MODEL))
    if shown != card:
        write_text(MODEL / "README.md", shown)


if __name__ == "__main__":
    main(check=sys.argv[1:] == ["--check"])
