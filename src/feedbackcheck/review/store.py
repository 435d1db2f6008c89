"""The store: one DuckDB file with a row a message and a row a finding, and the journal of what has been read.

Every commit holds results and journal together, so a run that is killed goes on where the last commit ended, with nothing
lost or doubled. A message is known by a keyed hash of its bytes; equal bytes may well be two messages, so copies are counted, for each source
apart: a mailbox exported twice is one mailbox.

No text is kept unless asked for; people stand as keyed hashes (see ``pseudonyms``). Tables::

    messages   id, content, source, position, status, kind, reason, language, stage, stage_source, mode, score, grade,
               personlig, begrunnelse, utvikling, tone, trygghet, words, sent_on, days, sender, department, job, template,
               people[], ingredients[], text
    findings   message, code, severity, start, end, confidence, phrase
    gains      message, code, points
    templates  number, sketch
    journal    source, identity, cursor        passed   source, content        tokens   source, token
"""

from __future__ import annotations

import contextlib
import shutil
import struct
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import MissingExtraError, UsageError
from feedbackcheck.review.clusters import Templates
from feedbackcheck.review.items import Counts, Item, Outcome, Status
from feedbackcheck.review.outcome import PARTS
from feedbackcheck.review.pseudonyms import content_key, key_file, new_key, pseudonym, read_key

if TYPE_CHECKING:
    from feedbackcheck.review.run import Run
    from feedbackcheck.review.sources import Source

__all__ = ["SCHEMA", "Forgotten", "Phrases", "Store"]

SCHEMA = 1
#: A commit at the latest after so many messages or seconds.
_MESSAGES, _SECONDS = 2000, 2.0

#: The source under which the contents of forgotten messages stay known.
_FORGOTTEN = -1

_TABLES = f"""
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE messages (
  id BIGINT, content BIGINT, source INTEGER, position VARCHAR, status VARCHAR, kind VARCHAR, reason VARCHAR,
  language VARCHAR, stage VARCHAR, stage_source VARCHAR, mode VARCHAR, score SMALLINT, grade VARCHAR,
  {", ".join(f"{p} SMALLINT" for p in PARTS)},
  words INTEGER, sent_on DATE, days INTEGER, sender VARCHAR, department VARCHAR, job VARCHAR, template INTEGER,
  people VARCHAR[], ingredients VARCHAR[], text VARCHAR);
CREATE TABLE findings (
  message BIGINT, code VARCHAR, severity VARCHAR, "start" INTEGER, "end" INTEGER, confidence FLOAT, phrase VARCHAR);
CREATE TABLE gains (message BIGINT, code VARCHAR, points SMALLINT);
CREATE TABLE templates (number INTEGER, sketch BLOB);
CREATE TABLE journal (source INTEGER, identity BIGINT, cursor VARCHAR);
CREATE TABLE passed (source INTEGER, content BIGINT);
CREATE TABLE tokens (source INTEGER, token BIGINT);
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of a person: messages to them, and their name as sender of others."""

    messages: int
    sent: int


class Phrases:
    """Anonymised words of findings, counted; lives only as long as the run."""

    MOST = 3000

    def __init__(self) -> None:
        self.by_code: dict[str, Counter[str]] = {}

    def put(self, outcome: Outcome) -> None:
        for finding, phrase in zip(outcome.findings, outcome.phrases, strict=False):
            if not phrase:
                continue
            counter = self.by_code.setdefault(finding[0], Counter())
            counter[phrase] += 1
            if len(counter) > self.MOST:
                # The rare ones go; what is common comes back.
                self.by_code[finding[0]] = Counter(dict(counter.most_common(self.MOST // 2)))


class Store:
    """An open store. Use as a context manager; make one with :meth:`open`."""

    def __init__(self, connection: Any, key: bytes, *, path: Path | None, temporary: Path | None) -> None:
        self.connection = connection
        self.key = key
        self.path = path
        self._temporary = temporary
        self.phrases = Phrases()
        self._names: dict[int, str] = {}
        self._source = 0
        self._current: Source | None = None
        self._cursor: str | None = None
        self._windowed = False
        self._all_new = False
        self._trail: deque[tuple[Item, int]] = deque()
        self._reset_pending()
        row = self._one("SELECT coalesce(max(id), 0) FROM messages")
        self._last_id = int(row[0])
        self.templates = Templates(self._known_templates())
        self.window(None, None)

    # -- opening and closing

    @classmethod
    def open(cls, path: Path | None, *, create: bool = False, writes: bool = True) -> Store:
        """Open a store.

        Args:
            path: the file; None: a temporary one that goes when it is closed.
            create: make it if it is not there.
            writes: results will be added, so the key must be there.

        Raises:
            UsageError: it is no store, is in use, or its key is gone and needed.
            MissingExtraError: DuckDB is not installed.
        """
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("Lager og rapport", "review") from None
        temporary = None
        if path is None:
            temporary = Path(tempfile.mkdtemp(prefix="feedbackcheck-"))
            file = temporary / "review.duckdb"
        else:
            file = path
            if not path.exists() and not create:
                raise UsageError("Lageret finnes ikke", where=str(path))
            if not path.resolve().parent.is_dir():
                raise UsageError("Mappen til lageret finnes ikke", where=str(path))
        is_new = not file.exists()
        key = b""
        if path is None:
            key = new_key()
        elif writes:
            key = read_key(path, create=is_new)
        try:
            connection = duckdb.connect(
                str(file), config={"memory_limit": "256MB", "threads": 2, "preserve_insertion_order": False}
            )
        except duckdb.IOException as error:
            raise UsageError(
                "Lageret er i bruk av et annet program"
                if "lock" in str(error).lower()
                else "Er ikke et DuckDB-lager",
                where=str(path),
            ) from None
        except duckdb.Error as error:
            raise UsageError(f"Lageret kan ikke åpnes ({type(error).__name__})", where=str(path)) from None
        cls._check(connection, path)
        return cls(connection, key, path=path, temporary=temporary)

    @staticmethod
    def _check(connection: Any, path: Path | None) -> None:
        tables = {
            r[0] for r in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
        }
        if not tables:
            connection.execute("BEGIN")
            connection.execute(_TABLES)
            connection.execute("INSERT INTO meta VALUES ('schema', ?)", [str(SCHEMA)])
            connection.execute("COMMIT")
            return
        if "meta" not in tables or "messages" not in tables:
            connection.close()
            raise UsageError("Er et DuckDB-lager, men ikke et av feedbackcheck sine", where=str(path))
        version = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        if version is None or version[0] != str(SCHEMA):
            connection.close()
            raise UsageError("Lageret er laget av en annen utgave av feedbackcheck", where=str(path))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _one(self, query: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self.connection.execute(query, list(parameters)).fetchone()
        return row

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; the views ``m`` and ``f`` hold the messages and findings of the window."""
        found: list[tuple[Any, ...]] = self.connection.execute(query, list(parameters)).fetchall()
        return found

    def _known_templates(self) -> Iterator[tuple[int, tuple[int, ...], int]]:
        query = """SELECT t.number, t.sketch, coalesce(n, 1) FROM templates t LEFT JOIN
            (SELECT template, count(*) n FROM messages GROUP BY template) m ON m.template = t.number ORDER BY t.number"""
        for number, data, letters in self.connection.execute(query).fetchall():
            yield number, struct.unpack(f"<{len(data) // 4}I", data), letters

    # -- the journal

    def begin_source(self, source: Source, *, windowed: bool = False) -> tuple[str | None, frozenset[int]]:
        """Where to go on in a source (a cursor) and which of its files are known (tokens).

        Args:
            windowed: only a span of days is taken, so the rest must be met again next time.
        """
        identity = content_key(source.identity.encode("utf-8", "surrogateescape"), self.key)
        row = self.connection.execute(
            "SELECT source, cursor FROM journal WHERE identity = ?", [identity]
        ).fetchone()
        sources = self._one("SELECT count(*) FROM journal")[0]
        after = None
        if row is None:
            self._source = sources + 1
            self.connection.execute("INSERT INTO journal VALUES (?, ?, NULL)", [self._source, identity])
        else:
            self._source = row[0]
            if row[1] is not None and source.resumes and not windowed and source.accepts(row[1]):
                after = row[1]
        tokens = frozenset(
            r[0]
            for r in self.connection.execute(
                "SELECT token FROM tokens WHERE source = ?", [self._source]
            ).fetchall()
        )
        if after is None and not tokens:
            self.connection.execute("BEGIN")
            self.connection.execute("DELETE FROM passed WHERE source = ?", [self._source])
            self.connection.execute("UPDATE journal SET cursor = NULL WHERE source = ?", [self._source])
            self.connection.execute("COMMIT")
        self._names[self._source] = source.name
        self._current, self._cursor, self._windowed = source, None, windowed
        # Nothing can be known where the store is empty, or holds but the part of this source that was read before.
        empty = self._one("SELECT count(*) FROM messages")[0] == 0
        self._all_new = empty or (after is not None and max(sources, 1) == 1)
        return after, tokens

    def is_new(self, batch: Sequence[Item]) -> list[bool]:
        """For each item of a batch, whether the store lacks it. To be called in reading order."""
        contents = [content_key(item.data, self.key) for item in batch]
        taken: dict[int, int] = {}
        passed: dict[int, int] = {}
        if not self._all_new:
            taken = self._counts(
                f"(SELECT content FROM messages UNION ALL SELECT content FROM passed WHERE source = {_FORGOTTEN})",
                contents,
            )
            passed = self._counts(f"(SELECT content FROM passed WHERE source = {self._source})", contents)
        out = []
        for item, content in zip(batch, contents, strict=True):
            before = passed.get(content, 0) + self._ahead_passed[content]
            have = taken.get(content, 0) + self._ahead_taken[content]
            is_new = before >= have
            self._ahead_passed[content] += 1
            if is_new:
                self._ahead_taken[content] += 1
            self._trail.append((item, content))
            out.append(is_new)
        return out

    def _counts(self, table: str, contents: Sequence[int]) -> dict[int, int]:
        wanted = ", ".join(str(c) for c in set(contents))
        query = f"SELECT content, count(*) FROM {table} WHERE content IN ({wanted}) GROUP BY content"
        return dict(self.connection.execute(query).fetchall())

    def _pass(self, until: Item | None) -> int:
        """Let the journal pass the items read before ``until`` (all of them if None); its content."""
        while self._trail:
            item, content = self._trail.popleft()
            if item is until:
                return content
            self._journal(item, content)
        return 0

    def _journal(self, item: Item, content: int) -> None:
        self._passed.append((self._source, content))
        if item.cursor is not None and not self._windowed:
            self._cursor = item.cursor
        if item.token is not None:
            self._tokens.append((self._source, item.token))

    # -- results

    def put(self, item: Item, outcome: Outcome) -> None:
        """Take the outcome of an item that is new."""
        content = self._pass(item)
        self._journal(item, content)
        self._last_id += 1
        template = self.templates.number(outcome.sketch) if outcome.sketch else None
        # A file's name may be a person's; numbers of rows and bytes are nobody's.
        position = item.position if item.token is None else f"fil {pseudonym(item.position, self.key)}"
        self._messages.append(
            (
                self._last_id, content, self._source, position, outcome.status.value, outcome.kind or None,
                outcome.reason or None, outcome.language or None, outcome.stage or None, outcome.stage_source or None,
                outcome.mode or None, outcome.score, outcome.grade or None, *(outcome.parts or (None,) * len(PARTS)),
                outcome.words, date.fromisoformat(outcome.sent_on) if outcome.sent_on else None, outcome.days,
                outcome.sender, outcome.department, outcome.job, template, list(outcome.people),
                list(outcome.ingredients), outcome.text,
            )
        )  # fmt: skip
        self._gains += [(self._last_id, code, points) for code, points in outcome.gains]
        keep = outcome.text is not None
        phrases = outcome.phrases or ("",) * len(outcome.findings)
        self._findings += [
            (self._last_id, *finding, phrase if keep and phrase else None)
            for finding, phrase in zip(outcome.findings, phrases, strict=True)
        ]

    def outside(self, item: Item) -> None:
        """Pass by an item that lies outside the window: it will be met again."""
        while self._trail:
            other, content = self._trail.popleft()
            if other is item:
                self._ahead_passed[content] -= 1
                self._ahead_taken[content] -= 1
                return
            self._journal(other, content)

    def maybe_commit(self) -> None:
        """Commit if enough has gathered."""
        if (
            len(self._messages) + len(self._passed) >= 2 * _MESSAGES
            or time.monotonic() - self._since > _SECONDS
        ):
            self.commit()

    def finish_source(self) -> None:
        """The source is at its end: everything read is passed."""
        self._pass(None)
        self.commit()
        self._ahead_passed.clear()
        self._ahead_taken.clear()

    def _reset_pending(self) -> None:
        self._messages: list[tuple[Any, ...]] = []
        self._findings: list[tuple[Any, ...]] = []
        self._gains: list[tuple[int, str, int]] = []
        self._passed: list[tuple[int, int]] = []
        self._tokens: list[tuple[int, int]] = []
        if not hasattr(self, "_ahead_passed"):
            self._ahead_passed: Counter[int] = Counter()
            self._ahead_taken: Counter[int] = Counter()
        self._since = time.monotonic()

    def commit(self) -> None:
        """Write what has gathered, with the journal, in one transaction."""
        if not (self._messages or self._passed or self._tokens):
            self._since = time.monotonic()
            return
        cursor = self._cursor
        if cursor is not None and hasattr(self._current, "cursor"):
            cursor = self._current.cursor(cursor)  # type: ignore[union-attr]
        self.connection.execute("BEGIN")
        self._insert("messages", self._messages)
        self._insert("findings", self._findings)
        self._insert("gains", self._gains)
        self._insert("passed", self._passed)
        self._insert("tokens", self._tokens)
        fresh = [(n, struct.pack(f"<{len(s)}I", *s)) for n, s in self.templates.fresh]
        self._insert("templates", fresh)
        if cursor is not None:
            self.connection.execute("UPDATE journal SET cursor = ? WHERE source = ?", [cursor, self._source])
        self.connection.execute("COMMIT")
        self.templates.fresh = []
        # What is committed is counted by queries again; what is read ahead but not yet put stays counted here.
        for _, content in self._passed:
            self._less(self._ahead_passed, content)
        for row in self._messages:
            self._less(self._ahead_taken, row[1])
        self._reset_pending()

    @staticmethod
    def _less(counter: Counter[int], content: int) -> None:
        counter[content] -= 1
        if counter[content] <= 0:
            del counter[content]

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        import pyarrow as pa

        schema = _arrow_schema(self.connection, table)
        columns = [
            pa.array(column, type=kind) for column, kind in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        names = [f"c{i}" for i in range(len(columns))]
        self.connection.register("incoming", pa.table(columns, names=names))
        self.connection.execute(f"INSERT INTO {table} SELECT * FROM incoming")
        self.connection.unregister("incoming")

    # -- reading

    def window(self, since: date | None, until: date | None) -> None:
        """Let the views ``m`` and ``f`` show only mail sent in a span of days."""
        limits = []
        if since is not None:
            limits.append(f"sent_on >= DATE '{since.isoformat()}'")
        if until is not None:
            limits.append(f"sent_on <= DATE '{until.isoformat()}'")
        where = f"WHERE status = 'failed' OR ({' AND '.join(limits)})" if limits else ""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW m AS SELECT * FROM messages {where}")
        self.connection.execute(
            "CREATE OR REPLACE TEMP VIEW f AS SELECT findings.* FROM findings JOIN m ON m.id = findings.message"
        )

    def counts(self) -> Counts:
        """Counts of everything in the window."""
        by_status = dict(self.rows("SELECT status, count(*) FROM m GROUP BY status"))
        kinds = dict(
            self.rows("SELECT coalesce(kind, 'annet'), count(*) FROM m WHERE status = 'other' GROUP BY 1")
        )
        return Counts(
            read=sum(by_status.values()),
            scored=by_status.get(Status.SCORED.value, 0),
            other=by_status.get(Status.OTHER.value, 0),
            failed=by_status.get(Status.FAILED.value, 0),
            kinds=kinds,
        )

    def describe(self, run: Run) -> None:
        """Let a run's figures be those of everything in the window, not of the run alone."""
        from feedbackcheck.review.run import LISTED, Failure

        run.scores = Counter(
            dict(self.rows("SELECT score, count(*) FROM m WHERE score IS NOT NULL GROUP BY 1"))
        )
        run.grades = Counter(
            dict(self.rows("SELECT grade, count(*) FROM m WHERE grade IS NOT NULL GROUP BY 1"))
        )
        run.codes = Counter(dict(self.rows("SELECT code, count(DISTINCT message) FROM f GROUP BY 1")))
        here = {(f.position, f.reason) for f in run.failures}
        query = f"SELECT source, position, reason FROM m WHERE status = 'failed' ORDER BY id LIMIT {LISTED}"
        for source, position, reason in self.rows(query):
            if (position, reason) not in here and not position.startswith("fil "):
                run.failures.append(Failure(self.source_name(source), position, reason or ""))

    def forget(self, person: str) -> Forgotten:
        """Remove every message to a person, and the person as a sender.

        The file is written anew, so that nothing of them stays behind in unused blocks.
        """
        name = pseudonym(person, self.key)
        ids = [r[0] for r in self.rows("SELECT id FROM messages WHERE list_contains(people, ?)", [name])]
        self.connection.execute("BEGIN")
        for table in ("findings", "gains"):
            self.connection.execute(
                f"DELETE FROM {table} WHERE message IN (SELECT id FROM messages WHERE list_contains(people, ?))",
                [name],
            )
        # That the message was read must stay known, or the next run would take it again: only its hash does.
        self.connection.execute(
            f"INSERT INTO passed SELECT {_FORGOTTEN}, content FROM messages WHERE list_contains(people, ?)",
            [name],
        )
        self.connection.execute("DELETE FROM messages WHERE list_contains(people, ?)", [name])
        sent = self._one("SELECT count(*) FROM messages WHERE sender = ?", [name])[0]
        self.connection.execute("UPDATE messages SET sender = NULL WHERE sender = ?", [name])
        self.connection.execute("COMMIT")
        if ids or sent:
            self._rewrite()
        return Forgotten(messages=len(ids), sent=sent)

    def _rewrite(self) -> None:
        if self.path is None:
            return
        fresh = self.path.with_name(self.path.name + ".ny")
        fresh.unlink(missing_ok=True)
        self.connection.execute("CHECKPOINT")
        self.connection.execute("DROP VIEW IF EXISTS f")
        self.connection.execute("DROP VIEW IF EXISTS m")
        name = self._one("SELECT current_database()")[0]
        self.connection.execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh")
        self.connection.execute(f'COPY FROM DATABASE "{name}" TO fresh')
        self.connection.execute("DETACH fresh")
        self.connection.close()
        fresh.replace(self.path)
        with contextlib.suppress(OSError):
            self.path.with_name(self.path.name + ".wal").unlink()
        import duckdb

        self.connection = duckdb.connect(str(self.path))
        self.window(None, None)

    def source_name(self, number: int) -> str:
        """A source as this run's user named it; a number for one of an earlier run."""
        return self._names.get(number, f"kilde {number}")

    @property
    def key_file(self) -> Path | None:
        """Where the key lies; throwing it away makes every pseudonym in the store untraceable."""
        return key_file(self.path) if self.path is not None else None


def _arrow_schema(connection: Any, table: str) -> list[Any]:
    import pyarrow as pa

    kinds = {
        "BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16(), "FLOAT": pa.float32(), "VARCHAR": pa.string(),
        "DATE": pa.date32(), "BLOB": pa.binary(), "VARCHAR[]": pa.list_(pa.string()),
    }  # fmt: skip
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    return [kinds[row[1]] for row in described]
