"""The page in a real Chromium: marks, alternatives, score, what is missing, hostile text, keyboard, accessibility."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from server_support import STALE, Served, serving

pytest.importorskip("selenium", reason="needs selenium (the dev extra)")

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("no Chromium with chromedriver on this machine", allow_module_level=True)

#: Seconds; shared machines are slow at times.
PATIENCE = 40


class Page:
    """The page as a user meets it."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self) -> None:
        self.driver.get(self.url + "/")

    def js(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def find(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1).until(
            lambda _: condition(), f"waited in vain: {what}"
        )

    def write(self, text: str) -> None:
        """Type as a keyboard or a paste does."""
        self.find("#draft").click()
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})

    @property
    def text(self) -> str:
        return str(self.js("return document.getElementById('draft').value"))

    def marks(self, code: str = "") -> list[str]:
        return list(
            self.js(
                "return [...document.querySelectorAll('#mirror span[data-codes]')]"
                ".filter(s => s.dataset.codes.includes(arguments[0])).map(s => s.textContent)",
                code,
            )
        )

    def score(self) -> int:
        return int(self.js("return document.getElementById('total').textContent"))

    def wait_for_mark(self, code: str) -> list[str]:
        found: list[str] = self.until(lambda: self.marks(code), f"a mark of {code}")
        return found


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield made
    made.quit()


@pytest.fixture
def page(driver: webdriver.Chrome, server: Served) -> Page:
    made = Page(driver, server.url)
    look(made, dark=False, width=1280)
    made.open()
    driver.get_log("browser")  # drop what earlier tests left
    return made


def look(page: Page, *, dark: bool, width: int) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
    )
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )


def test_a_cliche_is_marked_and_an_alternative_makes_it_better(page: Page) -> None:
    assert page.find("#empty").is_displayed()
    page.write(STALE)
    words = page.wait_for_mark("KLI001")
    assert any("videre" in w for w in words)
    assert not page.find("#empty").is_displayed()
    before = page.score()
    card = page.find("li[data-code=KLI001]")
    assert "Standardavslag" in card.text and "Hvorfor?" in card.text
    card.find_element(By.CSS_SELECTOR, ".choices button").click()
    page.until(lambda: "gått videre med andre" not in page.text, "the words to change")
    page.until(lambda: not page.marks("KLI001") and page.score() > before, "the score to rise")
    # The browser's own undo brings the draft back.
    ActionChains(page.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    assert page.text == STALE
    page.wait_for_mark("KLI001")
    assert page.score() == before


def test_a_missing_sentence_is_put_in(page: Page) -> None:
    page.write(STALE)
    page.wait_for_mark("KLI001")
    before = page.score()
    item = page.find("#missing li[data-code=MAN06]")
    proposed = item.find_element(By.CSS_SELECTOR, ".words").text
    item.find_element(By.CSS_SELECTOR, ".choices button").click()
    assert proposed.split("⟨")[0] in page.text
    page.until(
        lambda: not page.js("return document.querySelector('#missing [data-code=MAN06]')"), "it to be there"
    )
    assert page.score() >= before
    assert "Kontakt" in page.find("#present").text


def test_marks_stand_on_the_words_after_emoji(page: Page) -> None:
    page.write("👋🏽 Kjære søker 🇳🇴,\n\n" + STALE.split("\n\n", 1)[1])
    page.wait_for_mark("KLI001")
    quoted = page.find("li[data-code=KLI001] blockquote").text.strip("«»")
    assert quoted and quoted in " ".join(page.text.split())
    assert "videre med andre" in quoted
    page.find("li[data-code=KLI001] .choices button").click()
    page.until(lambda: "gått videre med andre" not in page.text, "the words to change")
    assert "👋🏽 Kjære søker 🇳🇴,\n\nTakk for interessen" in page.text
    assert "Lykke til videre i jobbsøkingen!" in page.text


def test_marks_move_while_one_types(page: Page) -> None:
    page.write(STALE)
    words = page.wait_for_mark("KLI001")
    page.js("const d = document.getElementById('draft'); d.focus(); d.setSelectionRange(0, 0)")
    # In one go: the marks must be right before the next answer comes.
    moved = page.js(
        "document.execCommand('insertText', false, 'Et nytt ord. ');"
        "return [...document.querySelectorAll('#mirror span[data-codes*=KLI001]')].map(s => s.textContent)"
    )
    assert moved == words


def test_the_layer_lies_exactly_under_the_words(page: Page) -> None:
    page.write(STALE + "En lang linje som må brytes på flere steder. " * 40)
    page.wait_for_mark("KLI001")
    same = page.js(
        "const d = document.getElementById('draft'), m = document.getElementById('mirror');"
        "d.scrollTop = 1e6; d.dispatchEvent(new Event('scroll'));"
        "const a = getComputedStyle(d), b = getComputedStyle(m);"
        "return [a.font === b.font, a.lineHeight === b.lineHeight, a.letterSpacing === b.letterSpacing,"
        " Math.abs(d.scrollTop - m.scrollTop) < 1, Math.abs(d.scrollHeight - m.scrollHeight) < a.lineHeight.slice(0, -2)]"
    )
    assert same == [True] * 5


def test_script_in_a_draft_never_runs(page: Page) -> None:
    hostile = (
        'Kjære søker <img src=x onerror="window.ran=1"><script>window.ran=2</script>,\n\n'
        '<svg onload="window.ran=3"></svg> Vi har dessverre gått videre med andre kandidater '
        '"><iframe srcdoc="<script>top.ran=4</script>">.\n\nMed vennlig hilsen\nHR-avdelingen'
    )
    page.write(hostile)
    page.until(lambda: page.js("return document.querySelectorAll('.cards li').length"), "findings")
    page.find("#suggest").click()
    page.until(lambda: page.js("return document.getElementById('letter-dialog').open"), "the letter")
    time.sleep(0.5)
    assert page.js("return window.ran === undefined")
    assert (
        page.js("return document.querySelectorAll('main img, main script, main iframe, main svg').length")
        == 0
    )
    assert page.js("return document.querySelectorAll('dialog img, dialog script, dialog iframe').length") == 0
    assert page.text == hostile


def test_nothing_leaves_the_machine_and_nothing_is_kept(page: Page) -> None:
    page.write(STALE)
    page.wait_for_mark("KLI001")
    page.find("li[data-code=KLI001] .actions button:last-child").click()
    page.until(lambda: page.js("return document.getElementById('rule-dialog').open"), "the rule's page")
    assert "Hva regelen finner" in page.find("#rule-page").text
    names = page.js("return performance.getEntriesByType('resource').map(e => e.name)")
    assert any("/v1/check" in n for n in names)
    assert all(n.startswith(page.url + "/") for n in names)
    kept = page.js("return [localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert [e for e in page.driver.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_whole_letter_is_proposed_filled_in_and_undone(page: Page) -> None:
    page.write(STALE)
    page.wait_for_mark("KLI001")
    page.find("#suggest").click()
    page.until(lambda: page.js("return document.getElementById('letter-dialog').open"), "the letter")
    field = page.find("#letter-questions input[data-gap=sender]")
    field.send_keys("Per Lund")
    assert "Per Lund" in page.find("#letter-text").text
    page.find("#letter-use").click()
    assert "Per Lund" in page.text and "Kjære søker" not in page.text
    assert page.find("#next-gap").is_displayed()  # the other facts are still open
    page.find("#next-gap").click()
    chosen = page.js(
        "const d = document.getElementById('draft'); return d.value.slice(d.selectionStart, d.selectionEnd)"
    )
    assert chosen.startswith("⟨") and chosen.endswith("⟩")
    ActionChains(page.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    assert page.text == STALE


def test_facts_change_the_proposals(page: Page) -> None:
    page.write(STALE)
    page.wait_for_mark("KLI001")
    page.find("#facts summary").click()
    page.find("#candidate_name").send_keys("Samira Haugen")
    page.until(lambda: "Hei Samira" in page.find("#findings").text, "her name in a proposal")


def test_a_file_is_read_into_the_draft(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "brev.txt"
    file.write_bytes(STALE.replace("\n", "\r\n").encode("cp1252"))
    page.find("#file").send_keys(str(file))
    page.wait_for_mark("KLI001")
    assert page.text.strip() == STALE.strip()


def test_an_unreadable_file_leaves_the_draft_alone(page: Page, tmp_path: Path) -> None:
    page.write("Hei Kari,")
    file = tmp_path / "bilde.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)
    page.find("#file").send_keys(str(file))
    page.until(lambda: page.find("#note").text, "a word on why")
    assert page.text == "Hei Kari,"


def test_copy_for_outlook_carries_escaped_html_and_text(page: Page) -> None:
    page.driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": page.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    page.write("Hei <b>Kari</b> & co,\n\nførste linje\nandre linje")
    page.find("#copy-html").click()
    page.until(lambda: "Kopiert" in page.find("#note").text, "the copy")
    copied = page.driver.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.read().then(async ([item]) => done({"
        "html: await (await item.getType('text/html')).text(), text: await (await item.getType('text/plain')).text()}))"
        ".catch(e => done({error: String(e)}))"
    )
    assert copied.get("text") == "Hei <b>Kari</b> & co,\n\nførste linje\nandre linje"
    assert "Hei &lt;b&gt;Kari&lt;/b&gt; &amp; co," in copied["html"]
    assert "første linje<br>andre linje" in copied["html"]


def test_the_summary_is_read_aloud(page: Page) -> None:
    page.write(STALE)
    page.until(
        lambda: "av 100" in page.js("return document.getElementById('summary').textContent"), "a summary"
    )
    assert page.find("#summary").get_attribute("aria-live") == "polite"


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.write(STALE)
    page.wait_for_mark("KLI001")
    page.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    reached = set()
    for step in range(200):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        if page.js("return document.activeElement === document.body"):
            break  # past the last one
        label = page.js(
            "const a = document.activeElement; return a.id || a.className || a.textContent.trim()"
        )
        if step == 0:
            assert label == "skip"
        reached.add(label)
        outline = page.js("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"no visible focus on {label}"
    assert {"upload", "suggest", "stage", "mode", "draft", "copy-text", "copy-html", "link"} <= reached


@pytest.mark.parametrize("width", [1280, 360])
def test_it_fits_and_its_targets_are_large_enough(page: Page, width: int) -> None:
    look(page, dark=False, width=width)
    page.find("#facts summary").click()
    page.write(STALE)
    page.wait_for_mark("KLI001")
    assert page.js("return document.documentElement.scrollWidth <= innerWidth")
    small = page.js(
        "return [...document.querySelectorAll('button, select, input:not([type=checkbox]):not([hidden]), summary')]"
        ".filter(e => e.checkVisibility() && e.getClientRects().length)"
        ".map(e => [e.id || e.textContent.trim(), e.getBoundingClientRect()])"
        ".filter(([, b]) => b.height < 24 || b.width < 24).map(([n]) => n)"
    )
    assert small == []


def test_the_key_is_asked_for_and_kept_in_memory_only(driver: webdriver.Chrome) -> None:
    with serving("--token", "hemmelig") as served:
        page = Page(driver, served.url)
        page.open()
        page.write(STALE)
        opened = "return document.getElementById('token-dialog').open"
        page.until(lambda: page.js(opened), "the question")
        page.find("#token").send_keys("feil" + Keys.ENTER)
        page.until(lambda: "stemmer ikke" in page.find("#token-error").text, "the refusal")
        page.find("#token").send_keys("hemmelig" + Keys.ENTER)
        page.wait_for_mark("KLI001")
        assert page.js("return [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched by npm: it is under another licence than ours, so it is no part of the project."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which fetches axe-core, is not installed")
    folder = tmp_path_factory.mktemp("axe")
    environment = {
        **os.environ,
        "npm_config_update_notifier": "false",
        "npm_config_cache": str(folder / "cache"),
    }
    fetched = subprocess.run(
        [npm, "pack", "axe-core@4.10.3", "--silent"],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False, env=environment,
    )  # fmt: skip
    archives = list(folder.glob("axe-core-*.tgz"))
    if fetched.returncode != 0 or not archives:
        pytest.skip("axe-core could not be fetched from the npm registry")
    with tarfile.open(archives[0]) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.js(axe)
    answer = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']}).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)"
        " + ' ' + n.failureSummary).slice(0, 3).join(' | '))))"
    )
    return list(answer)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(page: Page, axe: str, dark: bool, width: int) -> None:
    page.driver.set_script_timeout(90)
    look(page, dark=dark, width=width)
    page.open()
    assert violations(page, axe) == []
    page.find("#example").click()
    page.wait_for_mark("KLI001")
    page.find("#facts summary").click()
    page.js("document.querySelectorAll('.more').forEach(d => d.open = true)")
    assert violations(page, axe) == []
    page.find("li[data-code=KLI001] .actions button:last-child").click()
    page.until(lambda: page.js("return document.getElementById('rule-dialog').open"), "the rule's page")
    assert violations(page, axe) == []
    page.find("#rule-dialog [data-close]").click()
    page.find("#suggest").click()
    page.until(lambda: page.js("return document.getElementById('letter-dialog').open"), "the letter")
    assert violations(page, axe) == []
