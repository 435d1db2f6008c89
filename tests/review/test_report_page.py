"""The report in a real Chromium: on a screen, on a phone, in the dark, on paper, with hostile letters in it."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from review_support import LETTER, PERSONAL, RECEIPT, mail, mbox, review
from test_hostile import SCRIPTS

pytest.importorskip("selenium", reason="needs selenium (the dev extra)")

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("no Chromium with chromedriver on this machine", allow_module_level=True)

DEPARTMENTS = (
    "IT",
    "Oppvekst og utdanning (barnehager, skoler og PP-tjenesten)",
    "Teknisk drift, vei og vann",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of letters over a year and a half, from three departments, some of them hostile."""
    folder = tmp_path_factory.mktemp("rapport")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    mails: list[Any] = []
    for i in range(72):
        script = SCRIPTS[i % len(SCRIPTS)]
        text = (LETTER, PERSONAL, LETTER)[i % 3].replace("Takk", f"{script} Takk" if i % 6 == 0 else "Takk")
        text = (
            text.replace("{", "{{")
            .replace("}", "}}")
            .replace("{{name}}", "{name}")
            .replace("{{position}}", "{position}")
        )
        message = mail(
            number=i, text=text, Organization=DEPARTMENTS[i % 3] if i % 7 else script,
            position=("kokk", "avdelingsleder for tjenester til eldre og uføre", "jurist")[i % 3],
            date=f"Tue, 14 {months[i % 12]} {2024 + (i % 18) // 12} 10:00:00 +0100", sender=f"Person {i % 4} <p{i % 4}@firma.example>",
        )  # fmt: skip
        mails.append(message)
    mails += [mail(text=RECEIPT, number=90 + i) for i in range(5)] + [b"rot"]
    review(mbox(folder / "a.mbox", mails), "--report", folder / "r.html", "--keep-text")
    return folder / "r.html"


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(DRIVER))
    made.set_script_timeout(90)
    yield made
    made.quit()


def shown(
    driver: webdriver.Chrome, report: Path, *, width: int = 1280, dark: bool = False
) -> webdriver.Chrome:
    """The page, without any network."""
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
    )
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    driver.get(report.as_uri())
    return driver


def test_nothing_in_a_letter_runs_and_nothing_is_fetched(driver: webdriver.Chrome, report: Path) -> None:
    driver.get_log("browser")
    page = shown(driver, report)
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.title.startswith("Slik sier vi nei")
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert (
        page.execute_script("return document.querySelectorAll('script, iframe, img, object, link').length")
        == 0
    )
    assert "<script>document.title" in page.execute_script("return document.body.innerText")
    # Chromium would tell of anything that the page's own policy had to stop.
    assert page.get_log("browser") == []


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_it_fits_the_screen(driver: webdriver.Chrome, report: Path, width: int) -> None:
    page = shown(driver, report, width=width)
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    # No label of a chart is cut off at the edge of the page, and none is too small to read.
    outside = page.execute_script(
        "return [...document.querySelectorAll('svg text')].filter(t => { const r = t.getBoundingClientRect();"
        " return r.width && (r.left < 0 || r.right > innerWidth) }).map(t => t.textContent)"
    )
    assert outside == []
    heights = page.execute_script(
        "return [...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height).filter(h => h)"
    )
    assert min(heights) >= 9


def test_it_follows_a_dark_screen(driver: webdriver.Chrome, report: Path) -> None:
    colours = "const s = getComputedStyle(document.body); return [s.backgroundColor, getComputedStyle(document.querySelector('svg text')).fill]"
    light = shown(driver, report).execute_script(colours)
    dark = shown(driver, report, dark=True).execute_script(colours)
    assert light[0] == "rgb(255, 255, 255)" and dark[0] != light[0] and dark[1] != light[1]


def test_it_prints_on_few_pages_without_cut_rows(
    driver: webdriver.Chrome, report: Path, tmp_path: Path
) -> None:
    page = shown(driver, report, dark=True)
    made = page.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
    )
    pdf = base64.b64decode(made["data"])
    pages = pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page ") or pdf.count(b"/Type/Page/")
    assert 2 <= pages <= 8
    # On paper it is light, whatever the screen is.
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    style = page.execute_script(
        "return [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('tr')).breakInside,"
        " getComputedStyle(document.querySelector('svg')).breakInside]"
    )
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert style == ["rgb(255, 255, 255)", "avoid", "avoid"]


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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(driver: webdriver.Chrome, report: Path, axe: str, dark: bool, width: int) -> None:
    page = shown(driver, report, width=width, dark=dark)
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.execute_script(axe)
    found = page.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']}).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)"
        " + ' ' + n.failureSummary).slice(0, 3).join(' | '))))"
    )
    assert found == []
