"""Who may ask the server what: sizes, hosts, origins, tokens; and every refusal as the same JSON."""

import hmac
import ipaddress
import json
import socket
from asyncio import timeout
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

LARGEST = 10_000_000  # bytes of one request's body
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE = "tagger-token"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Refusal(Exception):  # noqa: N818 - it is one
    """A request that is not answered: its HTTP status, and what is wrong, where, and what to do."""

    def __init__(self, status: int, what: str, where: str, then: str, headers: Mapping[str, str] | None = None) -> None:
        """Keep the parts."""
        super().__init__(what)
        self.status = status
        self.what = what
        self.where = where
        self.then = then
        self.headers = dict(headers or {})

    @property
    def body(self) -> bytes:
        """The refusal as JSON: {"error": {"what", "where", "next"}}."""
        told = {"what": self.what, "where": self.where, "next": self.then}
        return json.dumps({"error": told}, ensure_ascii=False).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom the server answers: by the names `hosts`, and with a `token` by any address; and how much.

    `largest` is in bytes of a body, which may take `patience` seconds to come; `at_once` in requests.
    """

    hosts: frozenset[str] = LOCAL
    token: str = ""
    largest: int = LARGEST
    patience: float = 60.0
    at_once: int = 100


def rules(host: str, token: str) -> Rules:
    """Return the rules for the address that a server binds to; a token is asked for wherever there is one."""
    names = LOCAL if host in LOCAL else LOCAL | {host.lower(), socket.gethostname().lower()}
    return Rules(names, token)


class Guard:
    """An ASGI application before another: what it lets through is small enough, meant for us, and ours to answer."""

    def __init__(self, app: App, rules: Rules) -> None:
        """Stand before an application."""
        self._app = app
        self._rules = rules
        self._open = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._open += 1
        try:
            await self._answer(scope, receive, _with_headers(send))
        finally:
            self._open -= 1

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            headers = _headers(scope)
            self._host(headers)
            self._origin(scope["method"], headers)
            if not self._known(scope, headers):
                await _let_in(scope, send, self._rules.token)
                return
            self._room()
            async with timeout(self._rules.patience):
                body = await self._body(headers, receive)
        except TimeoutError:
            then = {"Connection": "close"}
            await refuse(Refusal(408, "the request took too long to come", "body", "send it again", then), send)
            return
        except Refusal as refusal:
            await refuse(refusal, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    def _room(self) -> None:
        if self._open > self._rules.at_once:
            raise Refusal(503, f"{self._rules.at_once} requests are open", "server", "send it again in a moment")

    def _host(self, headers: Mapping[str, str]) -> None:
        """Refuse other names: a stranger's page may have its own name point at this machine."""
        name = _host_name(headers.get("host", ""))
        if name in self._rules.hosts or (self._rules.token and _is_address(name)):
            return
        raise Refusal(421, "this server does not go by that name", "Host", "use http://127.0.0.1 and its port")

    def _origin(self, method: str, headers: Mapping[str, str]) -> None:
        origin, host = headers.get("origin", ""), headers.get("host", "").lower()
        site = headers.get("sec-fetch-site", "")
        own = origin.lower() in ("", f"http://{host}", f"https://{host}")
        if origin == "null":  # a page without referrers says so of its own forms: then the browser's word, or a token
            own = site == "same-origin" or (not site and bool(self._rules.token))
        if not own or (method not in SAFE and site in ("cross-site", "same-site")):
            raise Refusal(403, "the request comes from another site", "Origin", "open the page that tagger serves")

    def _known(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        """Tell whether the token is given; False where it came in the address, and is to become a cookie."""
        if not self._rules.token:
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        if (kind.lower() == "bearer" and self._is_token(given.strip())) or self._is_token(_cookie(headers)):
            return True
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if scope["method"] == "GET" and self._is_token(asked):
            return False
        then = "send the header Authorization: Bearer TOKEN, or open the address with ?token=TOKEN"
        raise Refusal(401, "this server asks for its token", "Authorization", then, {"WWW-Authenticate": "Bearer"})

    def _is_token(self, given: str) -> bool:
        return bool(given) and hmac.compare_digest(given.encode("utf-8", "replace"), self._rules.token.encode())

    async def _body(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        """Return the body, read no further than is allowed, whatever length it says or doesn't say it has."""
        stated = headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and int(stated[:20]) > self._rules.largest:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refusal(400, "the request broke off", "body", "send it again")
            part = message.get("body", b"")
            size += len(part)
            if size > self._rules.largest:
                raise self._too_large()
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    def _too_large(self) -> Refusal:
        then = "send fewer articles at a time, or use the command tagger tag"
        headers = {"Connection": "close"}
        return Refusal(413, f"the request has more than {self._rules.largest:,} bytes", "body", then, headers)


async def refuse(refusal: Refusal, send: Send) -> None:
    """Send a refusal as an answer."""
    headers = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
    headers += [(b"content-type", b"application/json"), (b"content-length", str(len(refusal.body)).encode())]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})


async def _let_in(scope: Mapping[str, Any], send: Send, token: str) -> None:
    """Send the browser to the same page with the token in a cookie: an address is seen and kept, a cookie is not."""
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict"
    path = "/" + scope["raw_path"].decode("latin-1").partition("?")[0].lstrip("/")
    headers = [(b"location", path.encode("latin-1")), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _headers(scope: Mapping[str, Any]) -> dict[str, str]:
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.decode("latin-1").lower()
        if key in ("host", "origin") and key in found:
            raise Refusal(400, f"the request has two headers {key}", key, "send one")
        found[key] = value.decode("latin-1")
    return found


def _host_name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return sending


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already, and whatever comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
