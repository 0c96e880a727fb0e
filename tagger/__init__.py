"""Tag Chinese policy reports with the measures that they report, and show why.

>>> from tagger import load, tag_text
>>> tag_text("镇党委派出驻村工作队，帮村民种茶叶，年底合作社分红。", load())
('industry', 'party-building')
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tagger.api import load, read_articles, tag_articles, tag_text
    from tagger.article import Article, Block, Evidence, Source, Tag, TaggedArticle, TaggedParagraph, Unread
    from tagger.coverage import add_up
    from tagger.errors import TaggerError
    from tagger.explain import explained
    from tagger.model import Model
    from tagger.read import ReadOptions
    from tagger.summary import summarise

__all__ = [
    "Article",
    "Block",
    "Evidence",
    "Model",
    "ReadOptions",
    "Source",
    "Tag",
    "TaggedArticle",
    "TaggedParagraph",
    "TaggerError",
    "Unread",
    "add_up",
    "explained",
    "load",
    "read_articles",
    "summarise",
    "tag_articles",
    "tag_text",
]

_HOME = {
    **dict.fromkeys(
        ["Article", "Block", "Evidence", "Source", "Tag", "TaggedArticle", "TaggedParagraph", "Unread"], "article"
    ),
    "Model": "model",
    "ReadOptions": "read",
    "TaggerError": "errors",
    "add_up": "coverage",
    "explained": "explain",
    "load": "api",
    "read_articles": "api",
    "summarise": "summary",
    "tag_articles": "api",
    "tag_text": "api",
}

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is first asked for: `tagger --help` needs none of them."""
    if name not in _HOME:
        message = f"module 'tagger' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"tagger.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
