"""The language server: diagnostics while typing, the rule's page on hover, quick fixes, the score as status.

Nothing is sent anywhere but to the editor, and no text is written to a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from feedbackcheck import __version__
from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.findings import Applicability, Suggestion
from feedbackcheck.fixes import Edit, file_edit
from feedbackcheck.lsp.documents import Analysis, DocumentChecker, Place
from feedbackcheck.lsp.positions import Lines
from feedbackcheck.message import Severity, Span

__all__ = ["STATUS", "create_server"]

#: Notification with ``{"uri", "score", "grade", "text"}`` after each check, for a status bar.
STATUS = "feedbackcheck/status"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.HINT: types.DiagnosticSeverity.Information,
}
_COMMENTS = {
    "html": ("<!-- ", " -->"), "markdown": ("<!-- ", " -->"), "mjml": ("<!-- ", " -->"), "yaml": ("# ", ""),
}  # fmt: skip
_LABELS = {
    Applicability.SAFE: "Erstatt med",
    Applicability.UNSAFE: "Erstatt (endrer mening litt) med",
    Applicability.FILL_IN: "Sett inn med plass til å fylle ut",
}


class _Server(LanguageServer):
    """State of one session: the latest analysis of each open document."""

    def __init__(self, *, debounce: float) -> None:
        super().__init__("feedbackcheck", __version__)
        self.debounce = debounce
        self.checker = DocumentChecker()
        self.analyses: dict[str, Analysis] = {}
        self.waiting: dict[str, asyncio.Task[None]] = {}

    def schedule(self, uri: str, *, delay: float) -> None:
        """Check a document soon; a newer call replaces one that still waits."""
        if old := self.waiting.pop(uri, None):
            old.cancel()
        self.waiting[uri] = asyncio.get_running_loop().create_task(self._check(uri, delay))

    async def _check(self, uri: str, delay: float) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(delay)
            document = self.workspace.get_text_document(uri)
            version, text = document.version, document.source
            language = document.language_id or "plaintext"
            try:
                analysis = await asyncio.to_thread(self.checker.check, text, path_of(uri), language)
            except Exception as error:
                # A fault of ours must not silence the server; the traceback could quote the draft, its kind cannot.
                fault = FeedbackcheckError(
                    f"intern feil ({type(error).__name__}); teksten er ikke kontrollert"
                )
                analysis = Analysis(text, error=fault)
            # The user may have typed on: an answer about an older version would mark the wrong words.
            if (
                uri in self.workspace.text_documents
                and self.workspace.get_text_document(uri).version == version
            ):
                self.analyses[uri] = analysis
                self.publish(uri, document, analysis)

    def publish(self, uri: str, document: TextDocument, analysis: Analysis) -> None:
        """Send diagnostics and status."""
        lines = self.lines(analysis.text)
        diagnostics = [_diagnostic(place, lines) for place in analysis.places]
        if analysis.error is not None:
            diagnostics.append(
                types.Diagnostic(
                    range=lines.range(lines.line_span(0)),
                    message=str(analysis.error),
                    severity=types.DiagnosticSeverity.Error,
                    source="feedbackcheck",
                )
            )
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, version=document.version, diagnostics=diagnostics)
        )
        scored = [r.score for r in analysis.reports if r.score is not None]
        self.protocol.notify(
            STATUS,
            {
                "uri": uri,
                "score": scored[0].total if scored else None,
                "grade": scored[0].grade if scored else None,
                "text": analysis.status(),
            },
        )

    def lines(self, text: str) -> Lines:
        return Lines(text, self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    def recheck_all(self) -> None:
        """After a change of configuration."""
        for uri in self.workspace.text_documents:
            self.schedule(uri, delay=0)


def path_of(uri: str) -> Path | None:
    """The file of a ``file:`` address; None for a document that was never saved."""
    parts = urlparse(uri)
    if parts.scheme != "file":
        return None
    name = unquote(parts.path)
    # file:///C:/x on Windows
    return Path(name[1:] if len(name) > 2 and name[2] == ":" else name)


def _diagnostic(place: Place, lines: Lines) -> types.Diagnostic:
    finding = place.finding
    return types.Diagnostic(
        range=lines.range(place.span),
        message=f"{finding.message} {finding.advice}".strip(),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="feedbackcheck",
        data={"name": finding.name, "confidence": round(finding.confidence, 2)},
    )


def create_server(*, debounce: float = 0.15) -> LanguageServer:
    """Build the server; ``debounce`` is how long (seconds) it waits for more typing before it checks."""
    # pygls logs whole messages, and those hold the draft.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = _Server(debounce=debounce)

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        capabilities = server.client_capabilities.workspace
        watched = capabilities.did_change_watched_files if capabilities else None
        if watched and watched.dynamic_registration:
            watchers = [
                types.FileSystemWatcher(glob_pattern="**/{feedbackcheck,.feedbackcheck,pyproject}.toml")
            ]
            server.client_register_capability(
                types.RegistrationParams(
                    [
                        types.Registration(
                            id="feedbackcheck-config",
                            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                            register_options=types.DidChangeWatchedFilesRegistrationOptions(
                                watchers=watchers
                            ),
                        )
                    ]
                )
            )

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.schedule(params.text_document.uri, delay=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.schedule(params.text_document.uri, delay=server.debounce)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        if (path := path_of(params.text_document.uri)) and path.suffix == ".toml":
            server.checker.forget_configuration()
            server.recheck_all()
            return
        server.schedule(params.text_document.uri, delay=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.analyses.pop(uri, None)
        if old := server.waiting.pop(uri, None):
            old.cancel()
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def reconfigured(params: types.DidChangeConfigurationParams) -> None:
        settings = _plain(params.settings)
        options = settings.get("feedbackcheck", settings) if isinstance(settings, dict) else {}
        server.checker.forget_configuration(options if isinstance(options, dict) else {})
        server.recheck_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(_: types.DidChangeWatchedFilesParams) -> None:
        server.checker.forget_configuration()
        server.recheck_all()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        analysis = server.analyses.get(params.text_document.uri)
        if analysis is None:
            return None
        lines = server.lines(analysis.text)
        places = [p for p in analysis.at(lines.offset(params.position)) if p.exact]
        if not places:
            return None
        from feedbackcheck.rules import rule
        from feedbackcheck.rules.pages import render_page

        place = min(places, key=lambda p: len(p.span))
        page = "\n\n---\n\n".join(
            render_page(rule(code)) for code in dict.fromkeys(p.finding.code for p in places)
        )
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, page), lines.range(place.span))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        analysis = server.analyses.get(uri)
        if analysis is None:
            return []
        lines = server.lines(analysis.text)
        wanted = Span(lines.offset(params.range.start), lines.offset(params.range.end))
        out: list[types.CodeAction] = []
        for place in analysis.places:
            if place.span.start <= wanted.end and wanted.start <= place.span.end:
                out += _fixes(place, lines, uri)
                if place.exact and (ignore := _ignore(place, lines, uri)):
                    out.append(ignore)
        return out

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        analysis = server.analyses.get(params.text_document.uri)
        if analysis is None:
            return []
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        return [types.CodeLens(range=start, command=types.Command(title=analysis.status(), command=""))]

    return server


def _plain(value: Any) -> Any:
    """Settings as dictionaries, however the protocol library has wrapped them."""
    if hasattr(value, "_asdict"):
        return {k: _plain(v) for k, v in value._asdict().items()}
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value


def _fixes(place: Place, lines: Lines, uri: str) -> list[types.CodeAction]:
    out = []
    preferred = True
    for suggestion in place.finding.suggestions:
        edit = _edit(place, suggestion)
        if edit is None:
            continue
        shown = " ".join(suggestion.text.split())
        label = _LABELS[suggestion.applicability]
        if edit.start == edit.end and suggestion.applicability is not Applicability.FILL_IN:
            label = "Sett inn"
        title = f"{label} «{shown[:80]}{'…' if len(shown) > 80 else ''}»" if shown else "Stryk"
        out.append(
            types.CodeAction(
                title=title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[_diagnostic(place, lines)],
                is_preferred=preferred and suggestion.applicability is Applicability.SAFE,
                edit=types.WorkspaceEdit(
                    changes={
                        uri: [
                            types.TextEdit(range=lines.range(Span(edit.start, edit.end)), new_text=edit.text)
                        ]
                    }
                ),
            )
        )
        preferred = False
    return out


def _edit(place: Place, suggestion: Suggestion) -> Edit | None:
    """An edit of the editor's text; None where it would break what stands there."""
    span = suggestion.span or place.finding.span
    if span is None:
        return None
    message = place.report.message
    shift = (
        place.span.start - place.report.source_span(place.finding.span).start
        if place.exact and place.finding.span
        else 0
    )
    if not place.exact and place.finding.span is not None:
        return None
    edit = file_edit(message, span, suggestion.text, place.finding.code)
    return None if edit is None else replace(edit, start=edit.start + shift, end=edit.end + shift)


def _ignore(place: Place, lines: Lines, uri: str) -> types.CodeAction | None:
    """An action that writes an ignore comment on the line above."""
    marks = _COMMENTS.get(place.report.message.kind)
    if marks is None:
        return None
    line = lines.position(place.span.start).line
    start = lines.starts[line]
    indent = lines.text[start : start + len(lines.text[start:]) - len(lines.text[start:].lstrip(" \t"))]
    comment = f"{indent}{marks[0]}feedbackcheck: ignore {place.finding.code}{marks[1]}\n"
    return types.CodeAction(
        title=f"Ikke meld {place.finding.code} her",
        kind=types.CodeActionKind.QuickFix,
        edit=types.WorkspaceEdit(
            changes={uri: [types.TextEdit(range=lines.range(Span(start, start)), new_text=comment)]}
        ),
    )
