"""What the page works on: a workspace's texts and codes, and the model that answers."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from tagger.corrections import Coding, coder_name
from tagger.model import Model
from tagger.phrases import Lang
from tagger.web_api import Served, done
from tagger.web_documents import Document, Documents
from tagger.web_guard import Refusal
from tagger.web_training import Training
from tagger.web_view import Paper, papers, passages
from tagger.web_work import Seen
from tagger.workspace import Workspace

MOST_SHOWN = 100  # articles of one document
MOST_LISTED = 200  # documents on the first page
HELD = 32  # tagged documents kept in memory


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list: how many paragraphs it has, how many the coder has coded, who coded it first."""

    id: str
    title: str
    paragraphs: int
    coded: int
    first: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a document without its text: each paragraph's id, article and doubt, in order."""

    title: str
    paragraphs: tuple[tuple[str, str, float], ...]


class Desk:
    """A workspace's texts and codes, and the model that answers."""

    def __init__(self, workspace: Workspace, served: Served, coder: str, token: str) -> None:
        """Take the workspace, what is served, the coder that the page starts with, and the page's own token."""
        self.workspace = workspace
        self.served = served
        self.coder = coder_name(coder)
        self.token = token
        self.writable = not workspace.packaged or (workspace.root / "pyproject.toml").is_file()
        folder = workspace.root.absolute() / "labels" / "coding" / "articles" if self.writable else None
        self.documents = Documents(folder)
        self.coding = Coding(workspace.paragraphs.absolute(), served.codebook)
        self.training = Training(workspace.root.absolute())
        self.before = served.model  # what new figures are shown beside
        self._seen: OrderedDict[tuple[str, int], tuple[list[Seen], int]] = OrderedDict()
        self._entries: dict[tuple[str, int], Entry] = {}

    async def seen(self, kept: Document) -> tuple[list[Seen], int]:
        """Return a document's articles, tagged by the model that answers now, and how many there are in all."""
        key = (kept.id, id(self.served.model))
        if key not in self._seen:
            found = await self._tagged(kept, evidence=True)
            self._seen[key] = (found[:MOST_SHOWN], max(len(found), len(kept.sources)))
        self._seen.move_to_end(key)
        while len(self._seen) > HELD:
            self._seen.popitem(last=False)
        return self._seen[key]

    async def papers(self, kept: Document, coder: str, lang: Lang) -> tuple[list[Paper], int]:
        """Return a document's articles as a coder is to see them, and how many there are in all."""
        seen, total = await self.seen(kept)
        articles = {passage.article for _, _, passage in passages(kept, seen)}
        blind = {article: self.coding.blind(coder, article) for article in articles}
        names = self.served.codebook.names(lang)
        codes = self.coding.codes(coder)
        return await run_in_threadpool(papers, kept, seen, codes, blind, names), total

    async def entry(self, kept: Document) -> Entry:
        """Return what is known of a document without its text."""
        key = (kept.id, id(self.served.model))
        if key not in self._entries:
            told = list(passages(kept, (await self._tagged(kept, evidence=False))[:MOST_SHOWN]))
            title = next((passage.title for _, _, passage in told if passage.title), "")
            rows = tuple((passage.id, passage.article, one.doubts[at]) for one, at, passage in told)
            self._entries[key] = Entry(title, rows)
        return self._entries[key]

    async def listed(self, coder: str) -> list[Listed]:
        """Return the newest documents as one coder sees them."""
        codes = self.coding.codes(coder)
        owners: dict[str, str] = {}
        found = []
        for name in self.documents.ids()[:MOST_LISTED]:
            entry = await self.entry(self.find(name))
            for article in dict.fromkeys(article for _, article, _ in entry.paragraphs):
                owners[article] = self.coding.owner(article) or ""
            coded = sum(paragraph in codes for paragraph, _, _ in entry.paragraphs)
            first = next((owners[article] for _, article, _ in entry.paragraphs if owners[article]), "")
            found.append(Listed(name, entry.title, len(entry.paragraphs), coded, first))
        return found

    async def doubtful(self, coder: str) -> tuple[str, int] | None:
        """Return the document and number of the paragraph that is most doubtful of those a coder has not coded."""
        codes = self.coding.codes(coder)
        best: tuple[float, str, int] | None = None
        for name in self.documents.ids()[:MOST_LISTED]:
            entry = await self.entry(self.find(name))
            for number, (paragraph, _, doubt) in enumerate(entry.paragraphs, start=1):
                if paragraph not in codes and (best is None or doubt > best[0]):
                    best = (doubt, name, number)
        return best[1:] if best else None

    def take(self, folder: Path, model: Model) -> None:
        """Answer by another model from now on."""
        self.served.folder, self.served.model = folder, model
        self._seen.clear()
        self._entries.clear()

    def find(self, name: object) -> Document:
        """Return a document by its id, or refuse."""
        kept = self.documents.get(name) if isinstance(name, str) else None
        if kept is None:
            raise Refusal(404, "no such article", "document", "give its text again on the first page")
        return kept

    def may_write(self) -> None:
        """Refuse where codes can't be kept."""
        if not self.writable:
            what = "codes can't be kept in the workspace that comes with tagger"
            raise Refusal(409, what, "workspace", "make your own with tagger init DIR, and run tagger serve there")

    async def _tagged(self, kept: Document, *, evidence: bool) -> list[Seen]:
        given = kept.sources[:MOST_SHOWN]
        size = sum(len(source.text) for source in given)
        found: list[Seen] = await done(self.served, "page", (self.served.folder, given, evidence), size)
        return found
