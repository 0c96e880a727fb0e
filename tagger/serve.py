"""The server put together: page and API over one workspace, behind one guard."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from tagger.codebook import load_codebook
from tagger.errors import TaggerError, UsageError
from tagger.store import load
from tagger.web_api import Served, routes, schemas
from tagger.web_desk import Desk
from tagger.web_guard import Guard, Refusal, Rules
from tagger.web_page import page_routes
from tagger.web_pages import error_page
from tagger.web_pool import Here, Pool
from tagger.web_work import run
from tagger.workspace import Workspace

CHILDREN = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve: the coder that the page starts with, the model, whom to answer, and how many children work.

    `children` of 0 does all work in the server's own process.
    """

    coder: str = "me"
    model: str = "default"
    rules: Rules = field(default_factory=Rules)
    children: int = CHILDREN


def application(workspace: Workspace, options: Options | None = None) -> Guard:
    """Return the ASGI application over a workspace; raises TaggerError where its model or codebook can't be used."""
    chosen = options or Options()
    folder = workspace.model(chosen.model).absolute()
    works = Pool("tagger.web_work", chosen.children) if chosen.children else Here(run)
    served = Served(folder, load(folder), load_codebook(workspace.codebook), works)
    desk = Desk(workspace, served, chosen.coder, secrets.token_urlsafe(24))

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        await works.start()
        try:
            yield
        finally:
            await desk.training.stop()
            await works.stop()

    app = FastAPI(title="tagger", version=version("measure-tagger"), docs_url=None, redoc_url=None, lifespan=living)
    app.include_router(routes(served))
    app.include_router(page_routes(desk), include_in_schema=False)
    app.openapi = _described(app)  # type: ignore[method-assign]
    _catches(app)
    return Guard(app, chosen.rules)


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what gives the OpenAPI document: FastAPI's, with what the API takes, without what it never answers."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            about = "Tags Chinese policy reports with the measures that they report."
            found = get_openapi(title=app.title, version=app.version, description=about, routes=app.routes)
            found.setdefault("components", {}).setdefault("schemas", {}).update(schemas())
            app.openapi_schema = found
        return app.openapi_schema

    return openapi


def _catches(app: FastAPI) -> None:
    """Turn every error into a refusal: JSON, or a page where a browser asks for one."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return error_page(request, error)
        return Response(error.body, error.status, error.headers, "application/json")

    @app.exception_handler(HTTPException)
    async def no_such(request: Request, error: HTTPException) -> Response:
        then = "see /docs for what there is"
        refusal = Refusal(error.status_code, str(error.detail).lower(), request.url.path, then, error.headers)
        return await refused(request, refusal)

    @app.exception_handler(TaggerError)
    async def mended(request: Request, error: TaggerError) -> Response:
        return await refused(request, Refusal(422, error.reason, error.subject, "mend it and try again"))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        what = f"an error of tagger's own ({type(error).__name__})"
        return await refused(request, Refusal(500, what, request.url.path, "try again, and report it if it stays"))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 is any free one. Raises UsageError where it can't be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, proto)
    except OSError as error:
        raise UsageError(host, f"no such address ({error.strerror}); use 127.0.0.1") from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise UsageError(f"{host}:{port}", f"can't be served on ({error.strerror}); choose another --port") from None
    return bound


def address(bound: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = bound.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def run_server(app: Guard, bound: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM); what is being answered is answered first."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
    )
    asyncio.run(Server(config).serve(sockets=[bound]))
