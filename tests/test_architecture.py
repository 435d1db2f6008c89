"""The house's order: a room imports only rooms to its left; heavy packages load only where they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "feedbackcheck"

#: Rooms from left to right; those in one tuple stand side by side and may use each other.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("errors", "files", "lazy", "processes"),
    ("message",),
    ("findings", "settings"),
    ("sources",),
    ("language",),
    ("signs",),
    ("rules",),
    ("report",),
    ("score", "ignores"),
    ("analysis",),
    ("suggest",),
    ("checker",),
    ("fixes",),
    ("reports",),
    ("config", "cache", "baseline"),
    ("filecheck",),
    ("training", "review", "server", "lsp"),
    ("cli",),
    ("__init__", "__main__"),
)
RANK = {room: i for i, rooms in enumerate(ROOMS) for room in rooms}
HEAVY = {
    "spacy", "numpy", "onnxruntime", "torch", "transformers", "sklearn", "lxml", "docx", "oxmsg", "yaml", "duckdb", "pyarrow", "openpyxl",
    "altair", "pandas", "dask", "distributed", "charset_normalizer", "pydantic", "fastapi", "starlette", "uvicorn", "pygls",
}  # fmt: skip
#: Rooms whose own business is a heavy package (they are imported by the command that needs them).
MAY_BE_HEAVY = ("training", "server", "lsp")


def imports(file: Path) -> Iterator[tuple[str, int, bool]]:
    """Imported modules of a file, their line, and whether the import runs when the file is imported."""

    def walk(node: ast.AST, top: bool) -> Iterator[tuple[str, int, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield alias.name, child.lineno, top
            elif isinstance(child, ast.ImportFrom) and child.module and child.level == 0:
                if child.module == "feedbackcheck":
                    for alias in child.names:
                        yield f"feedbackcheck.{alias.name}", child.lineno, top
                else:
                    yield child.module, child.lineno, top
            inner = top and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, inner)

    yield from walk(ast.parse(file.read_text("utf-8")), True)


def room_of(file: Path) -> str:
    first = file.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


FILES = sorted(SOURCE.rglob("*.py"))


def test_every_room_has_a_place() -> None:
    assert {room_of(f) for f in FILES} - {"data"} <= set(RANK)


@pytest.mark.parametrize("room", sorted(RANK))
def test_no_import_runs_backwards(room: str) -> None:
    wrong = []
    for file in FILES:
        if room_of(file) != room:
            continue
        for module, line, _ in imports(file):
            parts = module.split(".")
            if parts[0] != "feedbackcheck" or len(parts) < 2 or parts[1] not in RANK:
                continue
            if RANK[parts[1]] > RANK[room]:
                wrong.append(f"{file.relative_to(SOURCE)}:{line} imports {module}")
    assert wrong == []


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    wrong = [
        f"{file.relative_to(SOURCE)}:{line} imports {module}"
        for file in FILES
        if room_of(file) not in MAY_BE_HEAVY
        for module, line, top in imports(file)
        if top and module.split(".")[0] in HEAVY
    ]
    assert wrong == []


def test_importing_the_package_loads_almost_nothing() -> None:
    code = "import sys; before=set(sys.modules); import feedbackcheck; print(len([m for m in set(sys.modules)-before if m.startswith('feedbackcheck')]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) == 1


def test_public_face() -> None:
    import feedbackcheck

    assert set(feedbackcheck.__all__) == {
        "Checker", "Context", "FeedbackcheckError", "Finding", "Mode", "Report", "Settings", "Severity", "Stage", "__version__",
    }  # fmt: skip
    for name in feedbackcheck.__all__:
        assert getattr(feedbackcheck, name) is not None
