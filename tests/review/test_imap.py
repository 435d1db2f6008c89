"""IMAP against a real Dovecot on loopback: read-only, resumed by UID, errors in one line."""

from __future__ import annotations

import getpass
import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_support import mail, review, review_json

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


def test_addresses_that_are_refused() -> None:
    for spec, words in (
        ("imaps://firma.example/Sent", "bruker og tjener"),
        ("imaps://a:hemmelig@firma.example/Sent", "Passord hører ikke hjemme"),
        ("imap://a@firma.example/Sent", "Ukryptert IMAP"),
    ):
        with pytest.raises(FeedbackcheckError, match=words) as caught:
            review(spec)
        assert "hemmelig" not in str(caught.value)
