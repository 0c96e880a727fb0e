"""The command that serves: the page and the API."""

import getpass
import os
import re
import signal
from contextlib import suppress
from typing import Annotated

import typer

from tagger.console import ModelName, say, workspace
from tagger.errors import UsageError
from tagger.files import optional

LOCAL = ("127.0.0.1", "localhost", "::1")
LEAST_TOKEN = 16  # characters


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port; 0 is any free one.")] = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; one that others reach demands a token.")
    ] = "127.0.0.1",
    token: Annotated[
        str,
        typer.Option(metavar="SECRET", envvar="TAGGER_TOKEN", help="What whoever asks must know.", show_default=False),
    ] = "",
    coder: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who codes on the page; the name you are logged in by.", show_default=False),
    ] = None,
    model: ModelName = "default",
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Serve a page to tag, explain and correct articles on, and an API that gives the commands' JSON.

    Its address is printed; stop it by Ctrl-C. What it does is in docs/serve.md.
    """
    for library in ("fastapi", "uvicorn"):
        optional(library, "web", "tagger serve")
    from tagger.corrections import coder_name
    from tagger.serve import Options, address, application, bind, run_server
    from tagger.web_guard import rules

    if host not in LOCAL and not token:
        reason = (
            "others can reach this address, so it needs a secret: --token SECRET, or TAGGER_TOKEN in the environment"
        )
        raise UsageError(f"--host {host}", reason)
    if token and (len(token) < LEAST_TOKEN or not re.fullmatch(r"[\w.~-]+", token, re.ASCII)):
        raise UsageError("--token", f"give {LEAST_TOKEN} or more letters, digits, - or _")
    name = coder_name(coder if coder is not None else _login())
    app = application(workspace(ctx), Options(coder=name, model=model, rules=rules(host, token)))
    bound = bind(host, port)
    where = address(bound)

    def ready() -> None:
        say(f"serving {where} for coder {name}; stop with Ctrl-C")
        if token:
            say(f"whoever asks must send Authorization: Bearer TOKEN, or open {where}?token=TOKEN")
        if open_page:
            _open(f"{where}?token={token}" if token else where)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways to stop end here
    with suppress(KeyboardInterrupt):
        run_server(app, bound, ready)
    say("stopped")


def _login() -> str:
    try:
        name = re.sub(r"[^\w-]+", "-", getpass.getuser()).strip("-_")[:32]
    except (OSError, KeyError):
        name = ""
    return name or "me"


def _open(where: str) -> None:
    if (
        os.name == "posix"
        and os.uname().sysname == "Linux"
        and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    ):
        return  # no screen: a text browser would take the terminal over
    import webbrowser

    webbrowser.open(where)
