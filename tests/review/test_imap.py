"""IMAP against a real Dovecot on loopback: read-only, resumed by UID, errors in one line."""

from __future__ import annotations

import contextlib
import getpass
import json
import mailbox
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_support import LETTER, mail, review, review_json
from test_attached_letters import word

from feedbackcheck.errors import FeedbackcheckError

DOVECOT = shutil.which("dovecot") or (p if Path(p := "/usr/sbin/dovecot").exists() else None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(DOVECOT is None, reason="Dovecot is not installed (Debian: dovecot-imapd)"),
]

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
ssl = {ssl}
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{base}/mail
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password=hemmelig
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, Path]]:
    import grp

    # Not under pytest's own folder, which only its user may enter: run as root, Dovecot drops to others.
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    base.chmod(0o755)
    box = mailbox.Maildir(str(base / "mail"))
    sent = box.add_folder("Sent")
    for i, name in enumerate(("Kari Nordmann", "Ola Hansen", "Amina Warsame")):
        sent.add(mail(name, number=i))
    big = mail("Per Lie", number=7)
    big.add_attachment(b"x" * (6 << 20), maintype="application", subtype="pdf", filename="cv.pdf")
    sent.add(big)
    # A letter that is a Word file, after six megabytes of another file.
    attached = mail("Ida Berg", number=8, text="Hei Ida,\n\nse vedlagt svarbrev.\n\nHilsen Henrik\n")
    attached.add_attachment(
        os.urandom(6 << 20), maintype="application", subtype="pdf", filename="stillingsbeskrivelse.pdf"
    )
    attached.add_attachment(
        word(LETTER.format(name="Ida", position="kokk")),
        maintype="application",
        subtype="octet-stream",
        filename="Svar.docx",
    )
    box.add_folder("Svar").add(attached)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(base / "key.pem"), "-out", str(base / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    secure, plain = free_port(), free_port()
    uid, gid, login, internal = os.getuid(), os.getgid(), getpass.getuser(), getpass.getuser()
    if uid == 0:
        import pwd

        nobody, dovecot = pwd.getpwnam("nobody"), pwd.getpwnam("dovecot")
        uid, gid, login, internal = nobody.pw_uid, dovecot.pw_gid, "dovenull", "dovecot"
        for path in (base / "mail", *(base / "mail").rglob("*")):
            os.chown(path, uid, gid)
    (base / "dovecot.conf").write_text(
        CONFIG.format(
            base=base, ssl="yes", login=login, internal=internal, group=grp.getgrgid(gid).gr_name, uid=uid, gid=gid,
            plain=plain, secure=secure,
        )
    )  # fmt: skip
    process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(base / "dovecot.conf")])
    for _ in range(100):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", secure)) == 0:
                break
        time.sleep(0.1)
    else:
        process.terminate()
        pytest.fail((base / "log").read_text() if (base / "log").exists() else "Dovecot did not start")
    yield secure, base
    process.terminate()
    process.wait(20)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def address(server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FEEDBACKCHECK_IMAP_PASSWORD", "hemmelig")
    monkeypatch.setenv("FEEDBACKCHECK_IMAP_CA", str(server[1] / "cert.pem"))
    return f"imaps://hr%40firma.example@localhost:{server[0]}/Sent"


def test_sent_mail_is_reviewed_and_left_as_it_was(server: tuple[int, Path], address: str) -> None:
    folder = server[1] / "mail" / ".Sent"

    def state() -> set[str]:
        return {
            f"{p.parent.name}/{p.name}" for p in folder.glob("[cn]*/*") if p.parent.name in ("cur", "new")
        }

    before = {name.split("/")[1].split(":2,")[0]: name.partition(":2,")[2] for name in state()}
    data = review_json(address)
    assert data["counts"] == {"read": 4, "scored": 4, "other": 0, "failed": 0}
    after = {name.split("/")[1].split(":2,")[0]: name.partition(":2,")[2] for name in state()}
    assert after == before  # no flag was set: nothing counts as seen


def test_the_letter_may_stand_at_the_end_of_a_large_mail(address: str) -> None:
    [found] = review_json(address.replace("/Sent", "/Svar"))["messages"]
    assert found["score"] and found["part"].endswith(".docx")


def test_only_new_mail_is_fetched_again(server: tuple[int, Path], address: str, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    assert len(review_json(address, "--store", store)["messages"]) == 4
    assert review_json(address, "--store", store)["messages"] == []
    sent = mailbox.Maildir(str(server[1] / "mail")).get_folder("Sent")
    key = sent.add(mail("Ida Berg", number=9))
    try:
        grown = review_json(address, "--store", store)
        assert len(grown["messages"]) == 1 and grown["counts"]["read"] == 5
    finally:
        sent.remove(key)


def test_wrong_password_folder_and_certificate(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FeedbackcheckError, match=r"Har ingen mappe «Sendt»"):
        review(address.replace("/Sent", "/Sendt"))
    monkeypatch.setenv("FEEDBACKCHECK_IMAP_PASSWORD", "feil")
    with pytest.raises(FeedbackcheckError, match="godtar ikke brukernavn og passord"):
        review(address)
    monkeypatch.delenv("FEEDBACKCHECK_IMAP_CA")
    with pytest.raises(FeedbackcheckError, match="sertifikatet godtas ikke"):
        review(address)


class Cut:
    """Stands between the program and Dovecot, and cuts each connection after so many bytes from the server."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        self.port, self.cuts, self.made = port, cuts, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.server.accept()
                most = self.cuts[self.made] if self.made < len(self.cuts) else 1 << 40
                self.made += 1
                threading.Thread(target=self._carry, args=(client, most), daemon=True).start()

    def _carry(self, client: socket.socket, most: int) -> None:
        with client, socket.create_connection(("127.0.0.1", self.port)) as behind:
            while most > 0:
                for end in select.select([client, behind], [], [])[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    if end is client:
                        behind.sendall(data)
                    else:
                        client.sendall(data[:most])
                        most -= len(data)

    def close(self) -> None:
        self.server.close()


@pytest.fixture
def plain(server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> int:
    """Dovecot's port without encryption, and no waiting between tries."""
    monkeypatch.setenv("FEEDBACKCHECK_IMAP_PASSWORD", "hemmelig")
    monkeypatch.setattr("feedbackcheck.review.sources.imap._PAUSES", (0, 0, 0))
    monkeypatch.setattr("feedbackcheck.review.sources.imap._CHUNK", 1)
    return int(re.findall(r"port = (\d+)", (server[1] / "dovecot.conf").read_text())[0])


def test_a_connection_that_breaks_is_made_again(plain: int) -> None:
    """Cut in the greeting, in the middle of mails and of the largest one: every mail is read once."""
    for cuts in ([1500], [2600, 3000], [3500, 100_000, 2_000_000], [5000, 900, 900]):
        proxy = Cut(plain, cuts)
        data = review_json(f"imap://hr@127.0.0.1:{proxy.server.getsockname()[1]}/Sent")
        proxy.close()
        assert data["counts"] == {"read": 4, "scored": 4, "other": 0, "failed": 0}
        assert proxy.made == len(cuts) + 1
        assert len({m["id"] for m in data["messages"]}) == 4


def test_what_was_read_before_the_end_is_kept(plain: int, tmp_path: Path) -> None:
    from feedbackcheck.review.store import Store

    store = tmp_path / "s.duckdb"
    proxy = Cut(plain, [3500, *[300] * 20])
    address = f"imap://hr@127.0.0.1:{proxy.server.getsockname()[1]}/Sent"
    with pytest.raises(FeedbackcheckError, match=r"Forbindelsen ble brutt.*--store"):
        review(address, "--store", store)
    with Store.open(store) as opened:
        kept = opened.counts().read
    assert 1 <= kept < 4
    proxy.cuts = []
    data = review_json(address, "--store", store)
    proxy.close()
    assert data["counts"]["read"] == 4 and len(data["messages"]) == 4 - kept


def test_addresses_that_are_refused() -> None:
    for spec, words in (
        ("imaps://firma.example/Sent", "bruker og tjener"),
        ("imaps://a:hemmelig@firma.example/Sent", "Passord hører ikke hjemme"),
        ("imap://a@firma.example/Sent", "Ukryptert IMAP"),
    ):
        with pytest.raises(FeedbackcheckError, match=words) as caught:
            review(spec)
        assert "hemmelig" not in str(caught.value)


def test_a_broken_source_does_not_lose_the_others(plain: int, tmp_path: Path) -> None:
    """What was read before the break, and the sources after it, are in the summary; the error comes last."""
    letter = tmp_path / "letters"
    letter.mkdir()
    (letter / "one.eml").write_bytes(
        b"From: hr@example.org\nSubject: x\n\nHei, og takk for s\xc3\xb8knaden. Du fikk ikke jobben.\n"
    )
    proxy = Cut(plain, [3500, *[300] * 20])
    address = f"imap://hr@127.0.0.1:{proxy.server.getsockname()[1]}/Sent"
    with pytest.raises(FeedbackcheckError, match="Forbindelsen ble brutt"):
        review(address, letter, "--output-format", "json", "--output-file", tmp_path / "out.json")
    proxy.close()
    read = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["messages"]
    assert 2 <= len(read) < 5
    assert read[-1]["id"].endswith("one.eml")
