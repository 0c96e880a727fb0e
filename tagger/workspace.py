"""Finds labels/, training/ and models/: those of the workspace one stands in, or the packaged ones."""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from tagger.errors import WorkspaceError

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with labels/, training/ and models/; `packaged` where it is the one that comes with tagger."""

    root: Path
    packaged: bool = False

    @property
    def codebook(self) -> Path:
        """The codebook's file."""
        return self.root / "labels" / "codebook.toml"

    @property
    def lexicon(self) -> Path:
        """The file of terms for the segmenter; it need not exist."""
        return self.root / "labels" / "lexicon.txt"

    @property
    def paragraphs(self) -> Path:
        """The folder of labelled paragraphs."""
        return self.root / "labels" / "paragraphs"

    def terms(self, measure: str) -> Path:
        """Return the file of a measure's terms that labelled paragraphs should hold; it need not exist."""
        return self.root / "labels" / "terms" / f"{measure}.txt"

    def classes(self) -> list[Path]:
        """Return the lists of words of one kind, by name; there need be none."""
        return sorted((self.root / "labels" / "classes").glob("*.txt"))

    def recipe(self, name: str) -> Path:
        """Return the file of a recipe: a path as given, or a name in training/recipes/."""
        path = Path(name)
        return path if path.suffix == ".toml" else self.root / "training" / "recipes" / f"{name}.toml"

    def models(self) -> list[Path]:
        """Return the folders of the models, by name."""
        return sorted(path.parent for path in (self.root / "models").glob("*/model.json"))

    def model(self, name: str) -> Path:
        """Return a model's folder: a path as given, or a name in models/.

        Raises WorkspaceError, naming the models that are there, where it isn't.
        """
        path = Path(name)
        if len(path.parts) > 1 or (path / "model.json").is_file():
            return path
        folder = self.root / "models" / name
        if (folder / "model.json").is_file():
            return folder
        names = [other.name for other in self.models()]
        if not names:
            raise WorkspaceError(self.root / "models", "no model is here yet; make one with: tagger train")
        near = difflib.get_close_matches(name, names, 1) or names
        raise WorkspaceError(self.root / "models", f"no model named {name!r}; there is: {', '.join(near)}")


def find(given: Path | None = None) -> Workspace:
    """Return the given workspace, else the one that the current folder stands in, else the packaged one."""
    if given is not None:
        if not (given / "labels" / "codebook.toml").is_file():
            raise WorkspaceError(given, "no workspace (labels/codebook.toml is missing); make one: tagger init DIR")
        return Workspace(given)
    here = Path.cwd()
    for folder in [here, *here.parents]:
        if (folder / "labels" / "codebook.toml").is_file():
            return Workspace(Path(os.path.relpath(folder)))  # messages name files as the user would
    return packaged()


def packaged() -> Workspace:
    """Return the workspace that comes with tagger: inside the wheel, or the clone it runs from."""
    inside = _PACKAGE / "_workspace"
    return Workspace(inside if inside.is_dir() else _PACKAGE.parent, packaged=True)
