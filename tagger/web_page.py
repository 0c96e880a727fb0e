"""The page: texts in, articles shown, paragraphs coded, and a model trained on what was coded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse

from tagger.article import Source, Unread
from tagger.corrections import Passage, coder_name
from tagger.decode import tidied
from tagger.errors import TaggerError, UsageError
from tagger.store import load
from tagger.web_api import done
from tagger.web_desk import Desk
from tagger.web_documents import Document, document
from tagger.web_guard import Refusal
from tagger.web_pages import CODER, asset, chosen_coder, chosen_lang, guarded, json_body, render, with_cookie
from tagger.web_training import NAME
from tagger.web_view import Paper, Para, passages, whys

if TYPE_CHECKING:
    from pathlib import Path


MOST_CHARACTERS = 500_000  # of a document on the page


async def _fragment(request: Request, desk: Desk, kept: Document, number: int, said: str = "") -> Response:
    """Return what changes on the page with a paragraph: itself, the reasons, the counts."""
    coder, lang = chosen_coder(request, desk.coder), chosen_lang(request)
    shown, _ = await desk.papers(kept, coder, lang)
    para = _para(shown, number)
    about = await _about(desk, coder, para, shown)
    return await render(request, desk, "fragment.html", said=said, document=kept, papers=shown, **about)


async def _about(desk: Desk, coder: str, para: Para | None, shown: Sequence[Paper]) -> dict[str, Any]:
    """Return what the panel shows of a paragraph."""
    if para is None:
        return {"para": None, "whys": [], "coder": coder, "elsewhere": "", "count": sum(len(p.paras) for p in shown)}
    told = [] if para.hidden else await done(desk.served, "explain", (desk.served.folder, para.passage.text))
    elsewhere = await run_in_threadpool(desk.coding.elsewhere, para.passage.text) if para.code else ""
    return {
        "para": para,
        "whys": whys(para, told, desk.served.codebook.ids),
        "coder": coder,
        "elsewhere": elsewhere,
        "count": sum(len(paper.paras) for paper in shown),
    }


def _para(shown: Sequence[Paper], number: int) -> Para | None:
    return next((para for paper in shown for para in paper.paras if para.number == number), None)


def _number(given: object) -> int:
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0  # noqa: PLR2004


def page_routes(desk: Desk) -> APIRouter:
    """Return the page's addresses."""
    page = APIRouter()
    _reading(page, desk)
    _showing(page, desk)
    _telling(page, desk)
    _coding(page, desk)
    _learning(page, desk)
    return page


def _reading(page: APIRouter, desk: Desk) -> None:
    @page.post("/page/text")
    async def text(request: Request) -> Response:
        given = _fields(await request.body())
        guarded(desk, request, given.get("token"))
        words = tidied(given.get("text", ""))
        if not words.strip():
            return RedirectResponse("/", 303)
        kept = _small(document("paste", [Source("paste.txt", words)]))
        await run_in_threadpool(desk.documents.keep, kept)
        return RedirectResponse(f"/a/{kept.id}", 303)

    @page.post("/page/file")
    async def file(request: Request) -> Response:
        guarded(desk, request)
        data = await request.body()
        name = tidied(request.query_params.get("name", ""))[:200] or "file"
        found: tuple[list[Source], list[Unread]] = await done(desk.served, "read", (name, data), len(data))
        read, unread = found
        if not read:
            reason = unread[0].reason if unread else "nothing in it"
            raise Refusal(422, reason, name, "choose another file, or paste its text")
        kept = _small(document(read[0].file, read))
        await run_in_threadpool(desk.documents.keep, kept)
        return JSONResponse({"go": f"/a/{kept.id}"})

    @page.post("/page/coder")
    async def coder(request: Request) -> Response:
        given = _fields(await request.body())
        guarded(desk, request, given.get("token"))
        name = coder_name(given.get("coder", ""))
        back = given.get("back", "/")
        safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"
        return with_cookie(RedirectResponse(safe, 303), CODER, quote(name))


def _showing(page: APIRouter, desk: Desk) -> None:
    @page.get("/")
    async def home(request: Request) -> Response:
        coder = chosen_coder(request, desk.coder)
        listed = await desk.listed(coder)
        progress = desk.coding.progress()
        about = {"broken": desk.coding.broken(), "left": request.query_params.get("left", "")}
        return await render(request, desk, "home.html", listed=listed, progress=progress, coder=coder, **about)

    @page.get("/a/{name}")
    async def article(request: Request, name: str) -> Response:
        coder, lang = chosen_coder(request, desk.coder), chosen_lang(request)
        kept = desk.find(name)
        shown, total = await desk.papers(kept, coder, lang)
        number = _number(request.query_params.get("p", ""))
        about = await _about(desk, coder, _para(shown, number), shown)
        return await render(request, desk, "document.html", document=kept, papers=shown, total=total, **about)

    @page.get("/page/why")
    async def why(request: Request) -> Response:
        kept = desk.find(request.query_params.get("document"))
        return await _fragment(request, desk, kept, _number(request.query_params.get("p", "")))

    @page.get("/doubtful")
    async def doubtful(request: Request) -> Response:
        """Go to the paragraph that the coder has not coded and that the machine is least sure of."""
        coder = chosen_coder(request, desk.coder)
        found = await desk.doubtful(coder)
        where = f"/a/{found[0]}?p={found[1]}#p{found[1]}" if found else ""
        return RedirectResponse(where or "/?left=none", 303)


def _telling(page: APIRouter, desk: Desk) -> None:
    @page.get("/agreement")
    async def agreement(request: Request) -> Response:
        coder = chosen_coder(request, desk.coder)
        codings = {name: desk.coding.labels(name) for name in desk.coding.coders()}
        found, reason = None, ""
        try:
            if len(codings) > 1:
                found = await desk.served.works.run("agreement", (codings, desk.served.codebook.ids))
        except TaggerError as error:
            reason = "" if "no paragraph is coded by two" in error.reason else str(error)
        return await render(request, desk, "agreement.html", found=found, reason=reason, coder=coder)

    @page.get("/docs")
    async def docs(request: Request) -> Response:
        schema = request.app.openapi()
        return await render(request, desk, "api.html", schema=schema, coder=chosen_coder(request, desk.coder))

    @page.get("/static/{name}")
    async def static(name: str) -> Response:
        return asset(name)


def _coding(page: APIRouter, desk: Desk) -> None:
    @page.post("/page/code")
    async def code(request: Request) -> Response:
        guarded(desk, request)
        desk.may_write()
        given = await json_body(request)
        kept = desk.find(given.get("document"))
        coder, lang = chosen_coder(request, desk.coder), chosen_lang(request)
        number, measures = _number(given.get("p")), given.get("measures")
        para = _para((await desk.papers(kept, coder, lang))[0], number)
        if para is None or not isinstance(measures, list) or not all(isinstance(m, str) for m in measures):
            raise Refusal(422, "no such paragraph, or no list of measures", "body", "reload the page")
        await run_in_threadpool(desk.coding.code, coder, para.passage, measures, para.tagged.measures)
        return await _fragment(request, desk, kept, number, "saved")

    @page.post("/page/undo")
    async def undo(request: Request) -> Response:
        guarded(desk, request)
        desk.may_write()
        given = await json_body(request)
        kept = desk.find(given.get("document"))
        coder = chosen_coder(request, desk.coder)
        last = await run_in_threadpool(desk.coding.undo, coder)
        if last is None:
            return await _fragment(request, desk, kept, _number(given.get("p")), "nothing_to_undo")
        number = await _place(desk, kept, last.passage)
        said = "undone" if number else "undone_elsewhere"
        return await _fragment(request, desk, kept, number or _number(given.get("p")), said)


async def _place(desk: Desk, kept: Document, passage: Passage) -> int:
    seen, _ = await desk.seen(kept)
    return next((n for n, (_, _, other) in enumerate(passages(kept, seen), start=1) if other.id == passage.id), 0)


def _learning(page: APIRouter, desk: Desk) -> None:
    @page.get("/page/train")
    async def standing(request: Request) -> Response:
        if request.query_params.get("wait"):
            await desk.training.wait(1)
        return await render(request, desk, "training.html")

    @page.post("/page/train")
    async def train(request: Request) -> Response:
        guarded(desk, request)
        desk.may_write()
        if desk.training.start():
            desk.before = desk.served.model
        return await render(request, desk, "training.html")

    @page.post("/page/use")
    async def use(request: Request) -> Response:
        guarded(desk, request)
        folder: Path = desk.workspace.root.absolute() / "models" / NAME
        model = await run_in_threadpool(load, folder)
        if model.measures != desk.served.codebook.ids:
            raise UsageError(folder, "its measures are not the codebook's; train again")
        desk.take(folder, model)
        return await render(request, desk, "training.html")


def _small(given: Document) -> Document:
    """Refuse a document of more text than a page can show."""
    size = sum(len(source.text) for source in given.sources)
    if size > MOST_CHARACTERS:
        what = f"{size:,} characters; the page takes {MOST_CHARACTERS:,}"
        raise Refusal(413, what, given.name, "cut it in parts, or use the command tagger tag")
    return given


def _fields(body: bytes) -> dict[str, str]:
    """Return a form's fields, as a browser without script sends them."""
    try:
        found = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Refusal(400, "the form is not UTF-8", "body", "reload the page and send it again") from None
    return {key: values[-1] for key, values in found.items()}
