"""A person at a browser, who notices what no page may do: complain, scroll sideways, break accessibility rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, Response

from tests.browser.site import ROOT, Site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PICTURES = ROOT / "var" / "screenshots"
FILE_MILLISECONDS = 120_000
SERIOUS = ("serious", "critical")
REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
  each => console.error(`policy: ${each.violatedDirective} refuses ${each.blockedURI}`))"""
# Controls and stand-alone links below 44 px; links inside a sentence are as high as the sentence.
TARGETS = """() => {
  const within = link => link.closest('p, li, dd, td, label, figcaption');
  const alone = link => !within(link) || within(link).textContent.trim() === link.textContent.trim();
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, textarea')]
    .filter(each => each.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .filter(each => each.tagName !== 'A' || alone(each))
    .map(each => each.closest('label') ?? each)
    .map(each => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1 && Math.min(box.width, box.height) < 43.5)
    .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)
}"""


class Visitor:
    """One browser window. `look` is called on every page that is worth a picture."""

    def __init__(self, browser: Browser, site: Site, language: str, width: int, script: bool = True) -> None:
        self.site, self.language, self.width, self.script = site, language, width, script
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            java_script_enabled=script,
            accept_downloads=True,
            reduced_motion="reduce",  # no picture in the middle of a transition
        )
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: message.type == "error" and self._hear(message.text))
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.on("response", self._see)

    def _see(self, response: Response) -> None:
        # A page may answer 404, 409 or 422 on purpose; what it asks for itself must be there.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{self.page.url}: {response.status} for {response.url}")

    def _hear(self, text: str) -> None:
        # The console also names answers like 404; `_see` knows which of them are meant.
        if not text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.page.url}: {text}")

    def again_with_script(self, browser: Browser) -> Visitor:
        """The same person in a window where script may run: rules of accessibility are checked by script."""
        other = Visitor(browser, self.site, self.language, self.width)
        other.context.add_cookies(self.context.cookies())  # type: ignore[arg-type]  # what it gives it also takes
        return other

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def look(self, name: str, targets: bool = True) -> None:
        """Keep a picture; check width, sizes of targets, and accessibility where script may run."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}-{self.language}-{self.width}.png", full_page=True)
        faults = self._shape(targets) + (self._axe() if self.script else [])
        assert not faults, f"{name}: " + "\n".join(faults)
        assert not self.complaints, "\n".join(self.complaints)

    def look_narrow(self, name: str) -> None:
        """The page as on a phone, and on the narrowest screen that still counts (400% zoom of 1280)."""
        for width in (320, 375):
            self.page.set_viewport_size({"width": width, "height": 780})
            assert not (faults := self._shape()), f"{name} at {width}: " + "\n".join(faults)
        self.page.screenshot(path=PICTURES / f"{name}-{self.language}-375.png", full_page=True)
        faults = self._axe()
        self.page.set_viewport_size({"width": self.width, "height": 900})
        assert not faults, f"{name} at 375: " + "\n".join(faults)

    def _shape(self, targets: bool = True) -> list[str]:
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        small: list[str] = self.page.evaluate(TARGETS) if targets else []
        return ["scrolls sideways"] * wide + small

    def _axe(self) -> list[str]:
        self.page.evaluate(AXE)  # over the debugger, so that the page's own policy stays as it is
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']} ({each['impact']}): {json.dumps(node['target'])} {node['html'][:120]}"
            for each in found["violations"]
            if each["impact"] in SERIOUS
            for node in each["nodes"]
        ]

    def follow(self, way: Locator) -> None:
        """Click what leads to a page and wait until it is there: what is read then is not the page before."""
        with self.page.expect_navigation():
            way.click()

    def press(self, text: str) -> None:
        """Press the button with these words, which leads to a page."""
        self.follow(self.button(text))

    def fetch(self, way: Locator) -> Download:
        """Click what leads to a file; the page stays."""
        with self.page.expect_download(timeout=FILE_MILLISECONDS) as waiting:
            way.click()
        return waiting.value

    def touch(self, way: Locator) -> None:
        """Click what changes the page it is on."""
        way.click()

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=text, exact=True).first

    def heading(self) -> str:
        return self.page.locator("h1").inner_text().strip()
