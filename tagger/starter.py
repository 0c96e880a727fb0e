"""A new workspace: a commented two-measure codebook and ten coded paragraphs that train and tag at once."""

from pathlib import Path

from tagger.errors import UsageError
from tagger.files import write_text

_FILES = Path(__file__).parent / "starter_files"
PLACES = {
    "codebook.toml": "labels/codebook.toml",
    "lexicon.txt": "labels/lexicon.txt",
    "paragraphs.jsonl": "labels/paragraphs/first.jsonl",
    "recipe.toml": "training/recipes/default.toml",
    "report.txt": "report.txt",
    "README.md": "README.md",
}


def start(folder: Path) -> list[Path]:
    """Write a workspace's first files and return their paths; raises UsageError where something is in the way."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(folder, "is not empty; name a new or empty folder")
    written = []
    for name, place in PLACES.items():
        write_text(folder / place, (_FILES / name).read_text("utf-8"))
        written.append(folder / place)
    return written
