"""Make the pictures of the README anew: `python tools/pictures.py`. Takes the demo's synthetic firms, and Chromium."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pyotp
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PAGES = (1, 2, 4)
ROUND_PAGES = (1, 2)
DOTS_PER_INCH = 90
HEIGHT = {1280: 1750, 375: 1500}
WIDEST = 900
MOST_BYTES = 250_000
COLOURS = 128
SECONDS = 120
STAFF = ("officer", "city", "auditor")
STAFF_PAGES = (
    ("officer", (("/desk", "desk"), ("/desk/firms", "firms")), 1280),
    ("city", (("/dashboard", "dashboard"),), 1280),
    ("auditor", (("/audit", "record"),), 1280),
    ("new", (("/claim", "claim"),), 375),
)
"""Who, addresses with the names of their pictures, the width. A code is good once: each of an office signs in once."""


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "survey.demo", "--port", str(port), "--firms", "400", "--folder", folder]
        demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            listed = [line.split() for line in (Path(folder) / "accounts.txt").read_text(encoding="utf-8").splitlines()]
            factors = (Path(folder) / "factors.txt").read_text(encoding="ascii").splitlines()
            passwords = {line[0]: line[1] for line in listed if line}
            take(f"http://127.0.0.1:{port}", passwords, dict(line.split() for line in factors))
        finally:
            demo.terminate()
            demo.wait(20)


def wait_for(url: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise SystemExit(f"{url} does not answer")


def take(url: str, passwords: dict[str, str], factors: dict[str, str]) -> None:
    path = (ROOT / "var" / "chromium").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or None)
        visitor = opened(browser, url, 1280, "zh-CN")
        keep(visitor, "start-zh-1280")
        for width in (1280, 375):
            owner = opened(browser, url, width, "zh-CN", "owner@demo.example", passwords)
            owner.goto(f"{url}/fill")
            if width == 1280:
                keep(owner, "round-zh-1280")
            begun = [
                link.get_attribute("href") or "" for link in owner.locator("main .part-row a[href^='/fill/']").all()
            ]
            digital, green = (each.partition("/sections")[0] for each in begun[:2])
            if width == 1280:
                owner.goto(url + digital)
                keep(owner, "hub-zh-1280")
            owner.goto(f"{url}{digital}/sections/production")
            keep(owner, f"section-zh-{width}")
            owner.goto(f"{url}{green}/sections/energy")
            keep(owner, f"green-zh-{width}")
        for width, language in ((1280, "zh-CN"), (375, "en-GB")):
            reader = opened(browser, url, width, language, "reported@demo.example", passwords)
            if language == "en-GB":  # the account speaks Chinese
                reader.locator("header").get_by_text("English", exact=True).click()
            reader.goto(f"{url}/report/")
            keep_reports(reader, url, language[:2], width)
        keep_staff(browser, url, passwords, factors)
        browser.close()


def keep_staff(browser: Browser, url: str, passwords: dict[str, str], factors: dict[str, str]) -> None:
    """Pages of people of offices, and of a person without a firm."""
    for name, shown, width in STAFF_PAGES:
        person = opened(browser, url, width, "zh-CN", f"{name}@demo.example", passwords)
        if name in STAFF:
            person.fill("#code", pyotp.TOTP(factors[f"{name}@demo.example"]).now())
            with person.expect_navigation():
                person.locator("main form button").first.click()
        for address, picture in shown:
            person.goto(url + address)
            person.wait_for_load_state("networkidle")
            keep(person, f"{picture}-zh-{width}")


def keep_reports(reader: Page, url: str, language: str, width: int) -> None:
    """The report on all parts and that on one; at a desk also the roadmap, and pages of the files."""
    links = [link.get_attribute("href") or "" for link in reader.locator("main a[href*='/report/']").all()]
    whole = next(link for link in links if "/rounds/" in link)
    digital = next(link for link in links if "/rounds/" not in link)
    reader.goto(url + whole)
    keep(reader, f"report-round-{language}-{width}")
    if width == 1280:
        keep_pdf(reader, "round-pdf-zh", ROUND_PAGES)
    reader.goto(url + digital)
    keep(reader, f"report-{language}-{width}")
    if width == 1280:
        for part in ("roadmap", "benchmark", "waves"):
            keep_part(reader, f"#{part}", f"{part}-{language}-{width}")
        keep_pdf(reader, "pdf-zh", PAGES)


def opened(
    browser: Browser, url: str, width: int, locale: str, name: str = "", passwords: dict[str, str] | None = None
) -> Page:
    """A page of its own, signed in where a name is given."""
    page = browser.new_context(
        viewport={"width": width, "height": 900}, locale=locale, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{url}/sign-in" if name else url)
    if name and passwords:
        page.fill("#recipient", name)
        page.fill("#password", passwords[name])
        with page.expect_navigation():
            page.locator("main form button").first.click()
    return page


def keep(page: Page, name: str) -> None:
    width = int(name.rpartition("-")[2])
    high = min(HEIGHT[width], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": high})
    picture = Image.open(io.BytesIO(page.screenshot()))
    save(picture, name)
    page.set_viewport_size({"width": width, "height": 900})


def keep_part(page: Page, selector: str, name: str) -> None:
    save(Image.open(io.BytesIO(page.locator(selector).screenshot())), name)


def keep_pdf(page: Page, name: str, pages: tuple[int, ...]) -> None:
    with page.expect_download(timeout=SECONDS * 1000) as waiting:
        page.locator("main a[href*='/pdf/']").first.click()
    document = pypdfium2.PdfDocument(waiting.value.path())
    for number in pages:
        save(document[number - 1].render(scale=DOTS_PER_INCH / 72).to_pil(), f"{name}-{number}")


def save(picture: Image.Image, name: str) -> None:
    """At most WIDEST wide, in few colours: a page has not many."""
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    path = IMAGES / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {picture.width}x{picture.height}  {size // 1000} kB")
    assert size < MOST_BYTES, f"{name} is too large"


if __name__ == "__main__":
    main()
