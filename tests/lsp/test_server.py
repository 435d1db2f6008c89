"""The language server, driven by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import pytest

lsp_client = pytest.importorskip("pygls.lsp.client", reason="needs the lsp extra")
from lsprotocol import types  # noqa: E402

LETTER = "Hei 😀,\n\nVi har dessverre valgt å gå videre med andre kandidater.\n\nMvh\nHR-avdelingen\n"


class Client:
    """A language client that remembers what the server published."""

    def __init__(self) -> None:
        self.client = lsp_client.LanguageClient("test", "1")
        self.diagnostics: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.status: list[Any] = []

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics.setdefault(params.uri, []).append(params)

        @self.client.feature("feedbackcheck/status")
        def status(params: Any) -> None:
            self.status.append(params)

    async def start(self, root: Path) -> None:
        await self.client.start_io(sys.executable, "-m", "feedbackcheck", "lsp", "--debounce", "50")
        await self.client.initialize_async(
            types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=root.as_uri())
        )
        self.client.initialized(types.InitializedParams())

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def open(self, uri: str, text: str, language: str = "plaintext") -> None:
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, 1, text))
        )

    def change(self, uri: str, version: int, text: str) -> None:
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def published(self, uri: str, version: int, seconds: float = 60) -> list[types.Diagnostic]:
        """Diagnostics for a version of a document."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for params in self.diagnostics.get(uri, []):
                if params.version == version:
                    return list(params.diagnostics)
            await asyncio.sleep(0.01)
        raise AssertionError(f"nothing published for {uri} version {version}")


def drive(tmp_path: Path, story: Any) -> None:
    async def play() -> None:
        client = Client()
        await client.start(tmp_path)
        try:
            await story(client, (tmp_path / "utkast.txt").as_uri())
        finally:
            await client.stop()

    asyncio.run(asyncio.wait_for(play(), 120))


def codes(diagnostics: list[types.Diagnostic]) -> set[object]:
    return {d.code for d in diagnostics}


def test_typing_moves_the_diagnostics_in_utf16_units(tmp_path: Path) -> None:
    async def story(client: Client, uri: str) -> None:
        (tmp_path / "feedbackcheck.toml").write_text('stage = "soknad"\n')
        client.open(uri, LETTER)
        found = await client.published(uri, 1)
        mark = next(d for d in found if d.code == "KLI001")
        assert mark.range.start.line == 2
        line = LETTER.splitlines()[2]
        assert "videre med andre" in line[mark.range.start.character : mark.range.end.character]
        greeting = next(d for d in found if d.code == "PER001" and d.range.start.line == 0)
        assert greeting.range.end.character <= len("Hei 😀,".encode("utf-16-le")) // 2
        client.change(
            uri,
            2,
            LETTER.replace(
                "Vi har dessverre valgt å gå videre med andre kandidater.", "Jeg har ansatt en annen enn deg."
            ),
        )
        assert "KLI001" not in codes(await client.published(uri, 2))
        assert client.status[-1].score is not None

    drive(tmp_path, story)


def test_hover_shows_the_page_and_quick_fix_ignores_the_line(tmp_path: Path) -> None:
    async def story(client: Client, _: str) -> None:
        (tmp_path / "feedbackcheck.toml").write_text('stage = "soknad"\n')
        uri = (tmp_path / "mal.md").as_uri()
        client.open(uri, LETTER, "markdown")
        mark = next(d for d in await client.published(uri, 1) if d.code == "KLI001")
        document = types.TextDocumentIdentifier(uri)
        hover = await client.client.text_document_hover_async(types.HoverParams(document, mark.range.start))
        assert hover is not None
        assert "KLI001" in hover.contents.value or "standard" in hover.contents.value.lower()
        actions = await client.client.text_document_code_action_async(
            types.CodeActionParams(document, mark.range, types.CodeActionContext([mark]))
        )
        ignore = next(a for a in actions if a.title == "Ikke meld KLI001 her")
        (edit,) = ignore.edit.changes[uri]
        lines = LETTER.splitlines(keepends=True)
        lines.insert(edit.range.start.line, edit.new_text)
        client.change(uri, 2, "".join(lines))
        assert "KLI001" not in codes(await client.published(uri, 2))
        lens = await client.client.text_document_code_lens_async(types.CodeLensParams(document))
        assert "av 100" in lens[0].command.title

    drive(tmp_path, story)


def test_quick_fixes_keep_the_tags_between_the_words(tmp_path: Path) -> None:
    page = "<p>Hei,</p>\n<p>Takk for søknaden. Vi har dessverre {} kandidater til stillingen.</p>\n<p>Hilsen<br>Kari Nes</p>"

    async def story(client: Client, _: str) -> None:
        (tmp_path / "feedbackcheck.toml").write_text('stage = "soknad"\n')
        titles = {}
        for name, words in (("hel", "g&aring;tt videre med andre"), ("delt", "gått <b>videre</b> med andre")):
            uri = (tmp_path / f"{name}.html").as_uri()
            client.open(uri, page.format(words), "html")
            mark = next(d for d in await client.published(uri, 1) if d.code == "KLI001")
            actions = await client.client.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(uri), mark.range, types.CodeActionContext([mark])
                )
            )
            edits = [edit for a in actions for edit in a.edit.changes[uri]]
            titles[name] = [a.title for a in actions if not a.title.startswith("Ikke meld")]
            lines = page.format(words).splitlines()
            for edit in (e for e in edits if e.new_text and "feedbackcheck" not in e.new_text):
                start, end = edit.range.start, edit.range.end
                assert start.line != end.line or "<" not in lines[start.line][start.character : end.character]
        assert len(titles["hel"]) > len(titles["delt"])

    drive(tmp_path, story)


def test_changed_settings_are_picked_up(tmp_path: Path) -> None:
    async def story(client: Client, uri: str) -> None:
        (tmp_path / "feedbackcheck.toml").write_text('stage = "soknad"\n')
        client.open(uri, LETTER)
        assert "KLI001" in codes(await client.published(uri, 1))
        client.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"feedbackcheck": {"ignore": ["KLI"]}})
        )
        for _ in range(500):
            await asyncio.sleep(0.02)
            if "KLI001" not in codes(list(client.diagnostics[uri][-1].diagnostics)):
                break
        else:
            raise AssertionError("the setting was not picked up")

    drive(tmp_path, story)


def test_a_draft_that_cannot_be_read_is_a_diagnostic_not_a_crash(tmp_path: Path) -> None:
    async def story(client: Client, _: str) -> None:
        uri = (tmp_path / "mal.html").as_uri()
        client.open(uri, "<p>Hei {% if navn %}{{ navn }}, du fikk ikke jobben.</p>", "html")
        (problem,) = await client.published(uri, 1)
        assert problem.severity == types.DiagnosticSeverity.Error
        client.change(uri, 2, "")
        assert await client.published(uri, 2) == []

    drive(tmp_path, story)
