"""What all of the page's answers share: templates, languages, cookies, the page's own token."""

import hmac
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlencode

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from tagger.cells import printable
from tagger.corrections import coder_name
from tagger.errors import UsageError
from tagger.phrases import Lang, phrases
from tagger.report import percent
from tagger.report_html import COLOURS
from tagger.web_api import Served
from tagger.web_guard import Refusal
from tagger.web_phrases import labels
from tagger.web_training import Training

if TYPE_CHECKING:
    from jinja2 import Environment

LANG, CODER = "tagger-lang", "tagger-coder"
YEAR = 31_536_000  # seconds
ASSETS = {
    "page.css": ("web/page.css", "text/css"),
    "report.css": ("templates/style.css", "text/css"),
    "page.js": ("web/page.js", "text/javascript"),
    "icon.svg": ("web/icon.svg", "image/svg+xml"),
}


class Shown(Protocol):
    """What every page shows of the desk."""

    served: Served
    training: Training
    before: Any
    token: str
    writable: bool


async def render(request: Request, desk: Shown, name: str, **values: Any) -> Response:  # noqa: ANN401 - a template's
    """Return a page; a language that the address asks for is kept. Others are answered while a long page is made."""
    lang = chosen_lang(request)
    names = desk.served.codebook.names(lang)
    template = environment().get_template(name)
    text = await run_in_threadpool(
        lambda: template.render(
            t=labels(lang),
            say=phrases(lang),
            lang=lang,
            names=names,
            colours={measure: place % COLOURS for place, measure in enumerate(names)},
            codebook=desk.served.codebook,
            desk=desk,
            path=request.url.path,
            base=str(request.base_url).rstrip("/"),
            other=_other_language(request, lang),
            **values,
        )
    )
    answer = HTMLResponse(text, headers={"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"})
    return with_cookie(answer, LANG, lang) if request.query_params.get("lang") == lang else answer


def error_page(request: Request, refusal: Refusal) -> Response:
    """Return a refusal as a page."""
    lang = chosen_lang(request)
    text = environment().get_template("error.html").render(t=labels(lang), lang=lang, refusal=refusal)
    return HTMLResponse(text, refusal.status, refusal.headers)


def asset(name: str) -> Response:
    """Return a style sheet, script or picture of our own."""
    if name not in ASSETS:
        raise Refusal(404, "no such file", name, "see /")
    path, kind = ASSETS[name]
    data = files("tagger").joinpath(path).read_bytes()
    return Response(data, media_type=kind, headers={"Cache-Control": "no-cache"})


def guarded(desk: Shown, request: Request, given: str | None = None) -> None:
    """Refuse what doesn't bring the page's own token: another site's page can send forms, but not read it."""
    told = given if given is not None else request.headers.get("x-tagger-token", "")
    if not hmac.compare_digest(told.encode("utf-8", "replace"), desk.token.encode()):
        raise Refusal(403, "the request lacks the page's token", "X-Tagger-Token", "reload the page and do it again")


def chosen_lang(request: Request) -> Lang:
    """Return the language: the address's, else the one kept, else the browser's, else English."""
    for given in (request.query_params.get("lang"), request.cookies.get(LANG)):
        if given in ("zh", "en"):
            return given  # type: ignore[return-value]
    first = request.headers.get("accept-language", "").strip().lower()
    return "zh" if first.startswith("zh") else "en"


def chosen_coder(request: Request, default: str) -> str:
    """Return the coder that the browser goes by, else the server's."""
    try:
        return coder_name(unquote(request.cookies.get(CODER, "")))
    except UsageError:
        return default


def with_cookie(answer: Response, name: str, value: str) -> Response:
    """Return an answer with a cookie that only this page gets and no script reads."""
    answer.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="strict")
    return answer


async def json_body(request: Request) -> dict[str, Any]:
    """Return a request's JSON object."""
    try:
        found = json.loads((await request.body()).decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "not a JSON object in UTF-8", "body", "reload the page and do it again")
    return found


def _other_language(request: Request, lang: Lang) -> str:
    kept = {key: value for key, value in request.query_params.items() if key != "lang"}
    return request.url.path + "?" + urlencode({**kept, "lang": "en" if lang == "zh" else "zh"})


@cache
def environment() -> "Environment":
    """Return what renders the templates: everything escaped, controls made visible, nothing undefined passed over."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    found = Environment(
        loader=ChoiceLoader([PackageLoader("tagger", "web"), PackageLoader("tagger", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    found.filters |= {
        "percent": percent,
        "tojson_plain": lambda value: json.dumps(value, ensure_ascii=False),
        "tojson_wide": lambda value: json.dumps(value, ensure_ascii=False, indent=2),
    }
    return found
