"""The HTTP API and the page. Everything is answered from this machine; nothing is stored or logged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib import resources
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, File, HTTPException, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.formparsers import MultiPartParser

from feedbackcheck import __version__
from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.server.limits import RateLimit
from feedbackcheck.server.memory import Memory, remembering
from feedbackcheck.server.models import (
    CheckAnswer,
    CheckRequest,
    ErrorModel,
    HealthAnswer,
    RuleModel,
    SuggestAnswer,
    SuggestRequest,
    UploadAnswer,
)
from feedbackcheck.server.security import Guard
from feedbackcheck.server.workers import Workers
from feedbackcheck.settings import Settings

__all__ = ["create_app"]

_STATIC = {
    "": ("index.html", "text/html; charset=utf-8"),
    "app.js": ("app.js", "text/javascript; charset=utf-8"),
    "style.css": ("style.css", "text/css; charset=utf-8"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
_BODY_LIMITS = {"/": 4_000, "/v1/": 400_000, "/v1/upload": 10_500_000}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorModel} for code in (400, 401, 403, 413, 421, 422, 429)
}


def create_app(
    *,
    hosts: Iterable[str] = ("127.0.0.1", "localhost", "[::1]"),
    token: str | None = None,
    settings: Settings | None = None,
    per_minute: int = 120_000,
    at_once: int = 4,
    processes: int = 0,
) -> Any:
    """Build the application (ASGI).

    Args:
        hosts: names the server answers to.
        token: ask ``/v1/`` for this bearer token.
        settings: what to look for.
        per_minute: requests a client may make; a page that checks while one types makes some hundred.
        at_once: analyses run at a time, per process; more wait.
        processes: work in so many processes; 0: in threads of this one.
    """
    # Large uploads would lie in a temporary file while they are read; nothing is to touch the disk.
    MultiPartParser.spool_max_size = _BODY_LIMITS["/v1/upload"]
    workers = Workers(settings, processes=processes, at_once=at_once)
    gate = asyncio.Semaphore(processes * 2 or at_once)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await workers.start()
        yield
        await asyncio.to_thread(workers.stop)

    api = FastAPI(
        title="feedbackcheck",
        version=__version__,
        summary="Kontrollerer utkast til avslag til jobbsøkere, på din egen maskin.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=_REFUSALS,
    )

    async def run(request: Request, name: str, *arguments: Any) -> Any:
        async with gate:
            # A page that has typed on has hung up: nobody waits for this answer.
            if await request.is_disconnected():
                raise HTTPException(499, "Klienten har lagt på.")
            return await workers.do(name, *arguments)

    @api.exception_handler(FeedbackcheckError)
    async def refused(_: Any, error: FeedbackcheckError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=422)

    @api.exception_handler(RequestValidationError)
    async def invalid(_: Any, error: RequestValidationError) -> Response:
        # What was sent is not sent back: it may be a letter, or no text at all (lone surrogates).
        detail = [{"loc": e["loc"], "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        body = json.dumps({"detail": detail}, default=str)
        return Response(body, status_code=422, media_type="application/json")

    router = APIRouter(route_class=remembering(Memory()))

    @router.post("/v1/check", summary="Kontroller et utkast", response_model=CheckAnswer)
    async def check(body: CheckRequest, request: Request) -> Response:
        return Response(await run(request, "check", body), media_type="application/json")

    @router.post("/v1/suggest", summary="Foreslå et bedre utkast", response_model=SuggestAnswer)
    async def suggest(body: SuggestRequest, request: Request) -> Response:
        return Response(await run(request, "suggest", body), media_type="application/json")

    api.include_router(router)

    @api.post("/v1/upload", summary="Les teksten i en fil")
    async def upload(file: Annotated[UploadFile, File()], request: Request) -> UploadAnswer:
        text, kind, notices = await run(request, "read", await file.read(), file.filename or "")
        return UploadAnswer(text=text, kind=kind, notices=notices)

    @api.get("/v1/rules", summary="Alle regler")
    async def rules() -> list[RuleModel]:
        from feedbackcheck.rules import codes

        return [_rule(code) for code in codes()]

    @api.get("/v1/rules/{code}", summary="Én regel", responses={404: {"model": ErrorModel}})
    async def one_rule(code: str) -> RuleModel:
        from feedbackcheck.rules import codes

        if code not in codes():
            raise HTTPException(404, "Ingen regel har den koden.")
        return _rule(code)

    @api.get("/health", summary="Er tjeneren i gang?")
    async def health() -> HealthAnswer:
        return HealthAnswer(version=__version__)

    def static(name: str) -> None:
        file, kind = _STATIC[name]
        data = (resources.files("feedbackcheck") / "server" / "static" / file).read_bytes()

        @api.get(f"/{name}", include_in_schema=False)
        async def serve() -> Response:
            return Response(data, media_type=kind)

    for name in _STATIC:
        static(name)
    return Guard(
        api,
        hosts=hosts,
        token=token,
        limits=_BODY_LIMITS,
        rate=RateLimit(per_minute, burst=max(60, per_minute // 10)),
    )


def _rule(code: str) -> RuleModel:
    from feedbackcheck.rules import rule
    from feedbackcheck.rules.pages import render_page

    found = rule(code)
    return RuleModel(
        code=code,
        name=found.name,
        message=str(found.data["message"]),
        advice=str(found.data.get("advice", "")),
        page=render_page(found),
    )
