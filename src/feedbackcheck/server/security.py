"""Guards every request before it reaches a route: host, origin, token, size, rate; and sets the security headers.

The server reads personal data on the user's own machine. A web page elsewhere must not be able to ask it anything
(cross-origin), not even under a name that points here (DNS rebinding): the ``Host`` must be one that we serve, and an
``Origin``, when there is one, must be our own.
"""

from __future__ import annotations

import hmac
import json
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from feedbackcheck.server.limits import RateLimit

__all__ = ["Guard", "place_of"]

_log = logging.getLogger("feedbackcheck.server")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cache-control", b"no-store"),
]  # fmt: skip


def place_of(error: BaseException) -> str:
    """Kind of an error and where it was raised, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    if type(error).__name__ == "InternalError":
        return str(error)  # already so described, in a worker process
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{where}"


class _TooLarge(Exception):
    pass


class Guard:
    """ASGI middleware.

    Args:
        app: what it guards.
        hosts: host names (without port) that requests may name.
        token: when set, ``/v1/`` asks for ``Authorization: Bearer TOKEN``.
        limits: bytes of body by path prefix, the longest matching prefix counts.
        rate: requests a client.
    """

    def __init__(
        self, app: App, *, hosts: Iterable[str], token: str | None, limits: dict[str, int], rate: RateLimit
    ) -> None:
        self.app = app
        self.hosts = {h.casefold() for h in hosts}
        self.token = token
        self.limits = limits
        self.rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _answer(send, *refusal)
            return
        limit = max(((p, n) for p, n in self.limits.items() if scope["path"].startswith(p)), default=("", 0))[
            1
        ]
        declared = headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or int(declared) > limit:
            await _answer(send, 413, f"Forespørselen er større enn {limit // 1000} kB.")
            return
        seen = 0
        started = False
        too_large = False
        failing = False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen, too_large
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                too_large = True
                raise _TooLarge
            return message

        async def dressed(message: MutableMapping[str, Any]) -> None:
            nonlocal started, failing
            if message.get("status") == 500 or failing:
                failing = True
                return  # the framework's own page for an error that it raises again; ours follows below
            if too_large and not started:
                return  # the framework's own answer to what was raised below it
            if message["type"] == "http.response.start":
                started = True
                own = {k for k, _ in _HEADERS}
                message["headers"] = [
                    h for h in message.get("headers", []) if h[0].lower() not in own
                ] + _HEADERS
            await send(message)

        try:
            await self.app(scope, counted, dressed)
        except _TooLarge:
            pass
        except Exception as error:
            # The traceback of a server's log would hold what the error quotes, and that may be a draft.
            _log.error("intern feil: %s", place_of(error))
            if not started:
                await _answer(send, 500, "Noe gikk galt i programmet. Teksten din er ikke lagret.")
            return
        if too_large and not started:
            await _answer(send, 413, f"Forespørselen er større enn {limit // 1000} kB.")

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = _host_name(headers.get("host", ""))
        if host not in self.hosts:
            return 421, "Vertsnavnet er ikke et som denne tjeneren svarer på."
        origin = headers.get("origin")
        if origin is not None:
            # The whole origin must be ours, port too: another local program is another origin.
            ours = f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
            if origin.casefold() != ours.casefold():
                return 403, "Forespørselen kommer fra en annen nettside."
        path = scope["path"]
        # Following a link to the empty page is harmless, and the only thing that another site may lead to.
        followed = (
            path == "/"
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        if headers.get("sec-fetch-site") not in (None, "same-origin", "none") and not followed:
            return 403, "Forespørselen kommer fra en annen nettside."
        if path.startswith("/v1/"):
            if self.token is not None:
                scheme, _, given = headers.get("authorization", "").partition(" ")
                known = hmac.compare_digest(given.strip().encode(), self.token.encode())
                if scheme.casefold() != "bearer" or not known:
                    return 401, "Tilgangsnøkkelen mangler eller er feil."
            client = scope.get("client")
            waiting = self.rate.wait(client[0] if client else "")
            if waiting > 0:
                return 429, f"For mange forespørsler. Prøv igjen om {waiting:.0f} sekunder."
        return None


def _host_name(host: str) -> str:
    host = host.casefold()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host


async def _answer(send: Send, status: int, text: str) -> None:
    body = json.dumps({"detail": text}, ensure_ascii=False).encode()
    extra = (
        [(b"retry-after", b"1")]
        if status == 429
        else [(b"www-authenticate", b"Bearer")]
        if status == 401
        else []
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *extra,
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
