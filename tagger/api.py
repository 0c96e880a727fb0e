"""The shortest way in from Python: files to articles, articles to tags, a model by its name."""

from pathlib import Path

from tagger import store
from tagger.model import Model
from tagger.read import read as read_articles
from tagger.tag import tag as tag_articles
from tagger.tag import tag_texts
from tagger.workspace import find

__all__ = ["load", "read_articles", "tag_articles", "tag_text"]


def load(name: str | Path = "default") -> Model:
    """Return a model by its name in the workspace stood in (or the packaged one), or by its folder.

    Raises WorkspaceError or ModelError where it isn't there or isn't whole.
    """
    return store.load(find().model(str(name)))


def tag_text(text: str, model: Model) -> tuple[str, ...]:
    """Return the measures that one paragraph reports."""
    measures, _ = next(tag_texts([text], model))
    return measures
