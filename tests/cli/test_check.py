"""The check command as a user meets it: exit codes, streams, bad input, fixes, baseline, cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
CLICHE = (
    "Hei,\n\nVi har dessverre valgt å gå videre med andre kandidater i denne omgang.\n\nMvh\nHR-avdelingen\n"
)


def run(
    *args: str | Path, cwd: Path, stdin: str | bytes | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "feedbackcheck", *map(str, args)],
        cwd=cwd,
        input=data,
        capture_output=True,
        env={**os.environ, "FEEDBACKCHECK_CACHE_DIR": str(cwd / ".cache"), **env},
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "utkast.txt"
    file.write_text(CLICHE, "utf-8")
    return file


def test_check_finds_what_is_wrong_and_exits_1(draft: Path) -> None:
    done = run("check", "--stage", "soknad", draft, cwd=draft.parent)
    assert done.returncode == 1
    for code in ("KLI001", "PER001", "MAN03"):
        assert code in done.stdout
    assert "Traceback" not in done.stderr


def test_check_example_letters_are_told_apart(tmp_path: Path) -> None:
    scores = {}
    for name in ("utkast.txt", "godt-brev.txt"):
        context = EXAMPLES / "amina.yaml"
        done = run("check", "--context", context, "--output-format", "json", EXAMPLES / name, cwd=tmp_path)
        scores[name] = json.loads(done.stdout)["messages"][0]["score"]["total"]
    assert scores["utkast.txt"] < 40
    assert scores["godt-brev.txt"] > 85


def test_exit_codes_follow_fail_on_and_exit_zero(draft: Path) -> None:
    assert (
        run(
            "check", "--stage", "soknad", "--select", "KLI001", "--fail-on", "error", draft, cwd=draft.parent
        ).returncode
        == 0
    )
    assert run("check", "--stage", "soknad", "--select", "KLI001", draft, cwd=draft.parent).returncode == 1
    assert run("check", "--stage", "soknad", "--exit-zero", draft, cwd=draft.parent).returncode == 0
    done = run(
        "check", "--stage", "soknad", "--select", "JUS001", "--min-score", "90", draft, cwd=draft.parent
    )
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("finnes-ikke.txt", None),
        ("tom.txt", b""),
        ("blank.txt", b" \n\n\t "),
        ("bilde.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00\x00\x00" * 40),
        ("mal.html", b"Hei {% if navn %}{{ navn }}, du fikk ikke jobben denne gangen."),
        ("forside.md", b"---\nstage: [intervju\n---\nHei Kari, vi har valgt en annen.\n"),
        ("data.json", b'{"mal": "Hei Kari, vi har valgt'),
        ("brev.docx", b"PK\x03\x04 this is no zip"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2_and_the_others_are_checked(
    draft: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (draft.parent / name).write_bytes(content)
    done = run("check", "--stage", "soknad", name, "utkast.txt", cwd=draft.parent)
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if name in line]
    assert len(lines) == 1
    assert "Traceback" not in done.stderr
    assert "KLI001" in done.stdout


def test_quiet_hides_clean_files_from_people_and_not_from_programs(tmp_path: Path) -> None:
    (tmp_path / "innkalling.txt").write_text(
        "Hei Kari,\n\nVi vil gjerne invitere deg til intervju torsdag kl. 10.\n\nHilsen Per\n", "utf-8"
    )
    assert run("check", "-q", "innkalling.txt", cwd=tmp_path).stdout == ""
    done = run("check", "-q", "--output-format", "json", "innkalling.txt", cwd=tmp_path)
    assert [m["path"] for m in json.loads(done.stdout)["messages"]] == ["innkalling.txt"]


def test_a_terminal_is_told_once_what_could_not_be_read(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="needs a POSIX terminal")
    (tmp_path / "bilde.txt").write_bytes(b"\x00\x01\x02" * 40)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        command = [sys.executable, "-m", "feedbackcheck", "check", "--no-cache", "bilde.txt"]
        done = subprocess.run(
            command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, timeout=120
        )
        shown = screen.read(10_000)
        os.close(theirs)
    assert done.returncode == 2
    assert shown.count("Filen er en binærfil".encode()) == 1


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "stor.txt").open("wb") as stream:
        stream.truncate(100_000_000)
    done = run("check", "stor.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "stor.txt" in done.stderr


def test_a_folder_with_nothing_to_check_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "bilde.png").write_bytes(b"\x89PNG")
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert "Ingen filer" in done.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--select", "KLI01"], "KLI001"),
        (["--ignore", "tom-begrunelse"], "tom-begrunnelse"),
        (["--context", "mangler.yaml"], "mangler.yaml"),
        (["--config", "mangler.toml"], "mangler.toml"),
        (["--interviewed-on", "i går"], "interviewed_on"),
    ],
)
def test_wrong_use_names_what_is_wrong(draft: Path, args: list[str], told: str) -> None:
    done = run("check", *args, draft, cwd=draft.parent)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_unknown_configuration_key_names_the_nearest(draft: Path) -> None:
    (draft.parent / "feedbackcheck.toml").write_text('ignroe = ["KLI"]\n')
    done = run("check", draft, cwd=draft.parent)
    assert done.returncode == 2
    assert "ignore" in done.stderr
    assert run("check", "--isolated", "--stage", "soknad", draft, cwd=draft.parent).returncode == 1


def test_configuration_is_found_upward_and_options_win(draft: Path) -> None:
    (draft.parent / "pyproject.toml").write_text(
        '[tool.feedbackcheck]\nselect = ["PER001"]\nstage = "soknad"\n'
    )
    inner = draft.parent / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "x.txt").write_text(CLICHE)
    done = run("check", "a/b/x.txt", cwd=draft.parent)
    assert "PER001" in done.stdout
    assert "KLI001" not in done.stdout
    assert "KLI001" in run("check", "--select", "KLI", "a/b/x.txt", cwd=draft.parent).stdout


def test_standard_input_takes_the_name_it_is_given(tmp_path: Path) -> None:
    html = "<p>Hei,</p><p>Vi har dessverre valgt &aring; g&aring; videre med andre kandidater.</p>"
    done = run(
        "check",
        "-",
        "--stdin-filename",
        "mal.html",
        "--stage",
        "soknad",
        "--output-format",
        "json",
        cwd=tmp_path,
        stdin=html,
    )
    assert done.returncode == 1
    found = {f["code"]: f for f in json.loads(done.stdout)["messages"][0]["findings"]}
    marked = html[found["KLI001"]["start"] : found["KLI001"]["end"]]
    assert "videre med andre" in marked
    assert json.loads(done.stdout)["messages"][0]["path"] == "mal.html"


def test_second_run_uses_the_cache_and_says_the_same(draft: Path) -> None:
    first = run("check", "--stage", "soknad", "--output-format", "json", draft, cwd=draft.parent)
    second = run("check", "--stage", "soknad", "--output-format", "json", "-v", draft, cwd=draft.parent)
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert "fra hurtiglager" in second.stderr
    stored = b"".join(p.read_bytes() for p in (draft.parent / ".cache").rglob("*.json"))
    assert stored
    assert b"dessverre" not in stored
    assert b"kandidater" not in stored


def test_baseline_hides_old_findings_and_reports_stale_ones(draft: Path) -> None:
    cwd = draft.parent
    assert (
        run(
            "check", "--stage", "soknad", draft, "--baseline", "b.json", "--write-baseline", cwd=cwd
        ).returncode
        == 0
    )
    assert run("check", "--stage", "soknad", draft, "--baseline", "b.json", cwd=cwd).returncode == 0
    draft.write_text("\n\n" + CLICHE.replace("Hei,", "Hei Kari,"), "utf-8")
    done = run("check", "--stage", "soknad", draft, "--baseline", "b.json", "--select", "KLI,PER", cwd=cwd)
    assert done.returncode == 0
    assert "gjelder ikke lenger" in done.stderr
    draft.write_text(CLICHE + "Lykke til videre i jobbsøkingen!\n", "utf-8")
    assert (
        run(
            "check", "--stage", "soknad", draft, "--baseline", "b.json", "--fail-on", "hint", cwd=cwd
        ).returncode
        == 1
    )


def test_ignore_comment_hides_and_an_idle_one_is_reported(tmp_path: Path) -> None:
    text = "Hei,\n\n<!-- feedbackcheck: ignore KLI001 vedtatt formulering -->\nVi har dessverre valgt å gå videre med andre kandidater.\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    done = run("check", "--stage", "soknad", "a.md", cwd=tmp_path)
    assert "KLI001 standardavslag" not in done.stdout
    (tmp_path / "b.md").write_text(text.replace("KLI001", "JUS003"), "utf-8")
    assert "IGN001" in run("check", "--stage", "soknad", "b.md", cwd=tmp_path).stdout


def test_closed_pipe_ends_quietly(draft: Path) -> None:
    command = f"{sys.executable} -m feedbackcheck check --stage soknad {draft} | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=120, cwd=draft.parent
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_colour_follows_no_color_before_force_color(draft: Path) -> None:
    assert "\x1b[" in run("check", draft, "--stage", "soknad", cwd=draft.parent, FORCE_COLOR="1").stdout
    assert (
        "\x1b["
        not in run(
            "check", draft, "--stage", "soknad", cwd=draft.parent, FORCE_COLOR="1", NO_COLOR="1"
        ).stdout
    )


def test_other_mail_and_other_languages_are_passed_over_with_a_notice(tmp_path: Path) -> None:
    (tmp_path / "invitasjon.txt").write_text(
        "Hei Kari,\n\nVi vil gjerne invitere deg til intervju tirsdag 4. mars kl. 10. Gi beskjed om det passer.\n\nHilsen Per\n"
    )
    (tmp_path / "dansk.txt").write_text(
        "Kære Mette,\n\nTak for din ansøgning. Vi har desværre valgt at gå videre med andre ansøgere, og jeg ønsker dig held og lykke fremover.\n\nVenlig hilsen\nSøren\n"
    )
    done = run("check", "invitasjon.txt", "dansk.txt", cwd=tmp_path)
    assert done.returncode == 0
    assert "ikke ut som et avslag" in done.stdout
    assert "dansk" in done.stdout


def test_nothing_heavy_is_imported_for_help(tmp_path: Path) -> None:
    code = "import sys; sys.argv=['feedbackcheck','--help']\nfrom feedbackcheck.cli import main\ntry: main()\nexcept SystemExit: pass\nprint(sorted({m.split('.')[0] for m in sys.modules} & {'numpy','spacy','onnxruntime','yaml','lxml','docx','rich','sklearn','torch'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]"


FIXABLE = "Hei Kari,\n\nVi er utrolig lei oss og beklager så mye at du dessverre ikke får stillingen.\n\nHilsen Per\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("own", ["\n", "\r\n"])
def test_fix_keeps_encoding_and_line_ends(tmp_path: Path, mark: bytes, encoding: str, own: str) -> None:
    file = tmp_path / "brev.txt"
    file.write_bytes(mark + FIXABLE.replace("\n", own).encode(encoding))
    run("check", "--stage", "soknad", "--fix", file, cwd=tmp_path)
    after = file.read_bytes()
    assert after.startswith(mark)
    text = after[len(mark) :].decode(encoding)
    assert "utrolig" not in text
    assert "får" in text
    assert text.count(own) == FIXABLE.count("\n")
    assert text.replace(own, "").count("\n") == 0


def test_fix_leaves_a_file_that_would_lose_bytes(tmp_path: Path) -> None:
    broken, whole = tmp_path / "a.txt", tmp_path / "b.txt"
    data = FIXABLE.replace("Per", "Pål Åsmund Øståsen").encode() + b"\xff"
    broken.write_bytes(data)
    whole.write_text(FIXABLE, "utf-8")
    done = run("check", "--stage", "soknad", "--fix", broken, whole, cwd=tmp_path)
    assert done.returncode == 2
    assert str(broken) in done.stderr
    assert broken.read_bytes() == data
    assert "utrolig" not in whole.read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="the system has no /dev/full")
def test_results_that_cannot_be_written_are_an_error(draft: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "feedbackcheck", "check", "--stage", "soknad", str(draft)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert len(done.stderr.decode().splitlines()) == 1
    assert run("check", "--stage", "soknad", draft, "-o", "/dev/full", cwd=draft.parent).returncode == 2
    assert Path("/dev/full").is_char_device()


def test_output_is_readable_where_the_terminal_has_no_norwegian_letters(draft: Path) -> None:
    done = run("check", "--stage", "soknad", draft, cwd=draft.parent, PYTHONIOENCODING="ascii")
    assert "soeknad (oppgitt) - bokmaal - melding" in done.stdout
    assert "| ..." in done.stdout or "| Vi har" in done.stdout
    done = run("check", draft, "--output-format", "json", cwd=draft.parent, PYTHONIOENCODING="cp1252")
    json.loads(done.stdout)
    assert "⟨" in done.stdout


@pytest.mark.skipif(
    sys.platform == "win32", reason="named pipes and bytes in names are made otherwise on Windows"
)
def test_odd_names_in_a_folder_are_passed_over_or_shown_safely(draft: Path) -> None:
    folder = draft.parent
    os.mkfifo(folder / "rør.txt")
    os.mkfifo(folder / "rør.json")
    (folder / "lenke").symlink_to(folder)
    odd = os.fsencode(folder) + b"/br\xe6v\x1b[31m.txt"
    Path(os.fsdecode(odd)).write_text(CLICHE)
    done = run("check", ".", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert "2 meldinger kontrollert" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    for form in ("json", "sarif", "junit", "html", "github", "markdown"):
        done = run("check", ".", "--output-format", form, "-o", f"ut.{form}", cwd=folder)
        assert (done.returncode, done.stderr) == (1, "")
        (folder / f"ut.{form}").read_bytes().decode("utf-8")
    done = run("check", ".", "--baseline", "b.json", "--write-baseline", cwd=folder)
    assert done.returncode == 0
    assert run("check", ".", "--baseline", "b.json", cwd=folder).returncode == 0


def test_endless_and_closed_standard_input_are_one_line(tmp_path: Path) -> None:
    command = f"yes 'Hei du' | {sys.executable} -m feedbackcheck check - --output-format concise"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 2
    assert "mer enn grensen" in done.stderr
    command = f"{sys.executable} -m feedbackcheck check - <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "feedbackcheck: Standard inn er lukket. Oppgi en fil.\n")


@pytest.mark.parametrize("damage", ["[" * 100_000, '[{"language":"nb"}]', "", "{", "999"])
def test_a_damaged_cache_costs_time_but_no_result(draft: Path, damage: str) -> None:
    arguments = ("check", "--stage", "soknad", draft, "--output-format", "concise")
    first = run(*arguments, cwd=draft.parent)
    (entry,) = (draft.parent / ".cache").glob("*/*.json")
    whole = entry.read_bytes()
    entry.write_bytes(whole.replace(b"0", b"9") if damage == "999" else damage.encode())
    again = run(*arguments, cwd=draft.parent)
    assert (again.stdout, again.stderr, again.returncode) == (first.stdout, "", 1)
    assert entry.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_fix_that_is_killed_leaves_the_old_file_and_nothing_that_is_checked(draft: Path, call: str) -> None:
    program = (
        "import os, pathlib, signal, sys\n"
        f"{call} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.argv = ['feedbackcheck', 'check', '.', '--stage', 'soknad', '--fix', '--unsafe-fixes', '--no-cache']\n"
        "from feedbackcheck.cli import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=draft.parent, capture_output=True, timeout=60)
    assert done.returncode == -9
    assert draft.read_text("utf-8") == CLICHE
    done = run("check", ".", "--show-files", cwd=draft.parent)
    assert done.stdout.split() == ["utkast.txt"]


def test_diff_exits_as_a_run_without_it(draft: Path) -> None:
    done = run("check", "--stage", "soknad", "--diff", draft, cwd=draft.parent)
    assert done.returncode == 1
    assert "KLI001" not in done.stdout
    assert run("check", "--stage", "soknad", "--diff", "--exit-zero", draft, cwd=draft.parent).returncode == 0
    clean = ("check", "--context", EXAMPLES / "amina.yaml", "--diff", EXAMPLES / "godt-brev.txt")
    assert run(*clean, cwd=draft.parent).returncode == 0
    assert run("check", "--diff", "finnes-ikke.txt", cwd=draft.parent).returncode == 2


@pytest.mark.parametrize("how", ["--fix", "--diff"])
def test_fix_says_which_formats_are_not_written(tmp_path: Path, how: str) -> None:
    file = tmp_path / "brev.eml"
    head = "From: Mona Lie <m@x.no>\nTo: k@x.no\nSubject: Svar\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
    body = "Hei Kari,\n\nKandidaten vil ikke bli innkalt. Vi har valgt en annen.\n\nHilsen Mona Lie\n"
    letter = f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}"
    file.write_text(letter, "utf-8")
    done = run("check", "--stage", "soknad", how, file, cwd=tmp_path)
    assert "rettelser kan ikke skrives i eml-filer" in done.stderr
    assert file.read_text("utf-8") == letter


def test_fix_thanks_after_the_greeting_of_the_letter_that_it_is_for(tmp_path: Path) -> None:
    file = tmp_path / "mal.yaml"
    letter = "Hei {{ navn }}, vi har dessverre valgt å gå videre med andre kandidater til stillingen som kokk. Hilsen Mona Lie"
    file.write_text(f'emne: "Svar på søknaden"\navslag: "{letter}"\n', "utf-8")
    run("check", "--stage", "soknad", "--fix", "--unsafe-fixes", "--select", "MAN01", file, cwd=tmp_path)
    subject, body = file.read_text("utf-8").splitlines()
    assert subject == 'emne: "Svar på søknaden"'
    assert body.startswith('avslag: "Hei {{ navn }}, takk for ')
    assert body.endswith(f'. V{letter[17:]}"')


def test_fix_offers_no_interview_to_those_who_have_been_there(tmp_path: Path) -> None:
    file = tmp_path / "mal.txt.j2"
    said = "Vi har valgt å gå videre med andre kandidater"
    file.write_text(
        f"Hei {{{{ navn }}}},\n\nTakk for søknaden på stillingen som kokk.\n\n{{% if intervju %}}\n{said} etter intervjuet.\n"
        f"{{% else %}}\n{said}.\n{{% endif %}}\n\nHilsen Mona Lie\n",
        "utf-8",
    )
    run("check", "--fix", "--unsafe-fixes", file, cwd=tmp_path)
    after = file.read_text("utf-8")
    assert "til intervju" not in after
    assert f"{{% else %}}\n{said}.\n{{% endif %}}\n\n" in after


def test_the_configuration_of_a_named_folder_is_its_own(tmp_path: Path) -> None:
    project = tmp_path / "maler"
    (project / "sub").mkdir(parents=True)
    for name in ("a.txt", "sub/b.txt"):
        (project / name).write_text(CLICHE, "utf-8")
    (project / "feedbackcheck.toml").write_text(
        'exclude = ["sub"]\noutput_format = "concise"\nbaseline = "kjent.json"\n', "utf-8"
    )
    assert run("check", "maler", "--write-baseline", cwd=tmp_path).returncode == 0
    assert list(json.loads((project / "kjent.json").read_text("utf-8"))["files"]) == ["a.txt"]
    done = run("check", "maler", cwd=tmp_path)
    assert done.returncode == 0
    assert "b.txt" not in done.stdout


def test_findings_about_a_whole_message_stand_at_its_own_string(tmp_path: Path) -> None:
    letter = "Hei {{ navn }}, vi har dessverre valgt å gå videre med andre kandidater til stillingen som kokk. Hilsen Mona Lie"
    (tmp_path / "maler.yaml").write_text(f'# maler\n\nen: "{letter}"\n', "utf-8")
    done = run("check", "--output-format", "concise", "maler.yaml", cwd=tmp_path)
    places = {line.split(" ")[0] for line in done.stdout.splitlines() if " MAN" in line}
    assert places == {"maler.yaml:3:6:"}
