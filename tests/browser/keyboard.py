"""What a person without a mouse meets: the way to the text, the order of focus, and that it is always seen."""

from __future__ import annotations

from typing import Any

from tests.browser.visitor import Visitor

# Where the focus is: what it is on, whether it comes after the one before, is drawn, and is free of the save bar.
FOCUS = """() => {
  const on = document.activeElement, before = window.focusedBefore ?? document.body;
  window.focusedBefore = on;
  const box = (on.closest('label') ?? on).getBoundingClientRect(), bar = document.querySelector('.savebar');
  const drawn = each => each && ['outlineStyle', 'boxShadow'].some(style => getComputedStyle(each)[style] !== 'none');
  return {
    what: on.id || on.textContent.trim().slice(0, 40),
    kind: on.tagName,
    later: Boolean(before.compareDocumentPosition(on) & Node.DOCUMENT_POSITION_FOLLOWING),
    drawn: Boolean(drawn(on) || drawn(on.closest('label'))),
    free: bar.contains(on) || (box.top >= 0 && box.bottom <= bar.getBoundingClientRect().top + 0.5),
    last: bar.contains(on) && on.tagName === 'BUTTON',
  }
}"""
GROUPS = """() => new Set([...document.querySelectorAll('main input:not([type=hidden]), main select, main button')]
  .filter(each => each.tabIndex >= 0 && each.checkVisibility())
  .map(each => each.type === 'radio' ? each.name : each.id || each)).size"""
LONGEST = 150


def skip_link_leads_to_the_text(visitor: Visitor) -> None:
    page = visitor.page
    page.reload()
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert page.evaluate("document.activeElement.matches('.skip')"), "the first stop is the skip link"
    box = skip.bounding_box()
    assert box
    assert min(box["x"], box["y"]) >= 0, "and it can be seen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('main *')"), "the next stop is in the text"


def every_stop_is_seen_and_in_order(visitor: Visitor) -> None:
    """From the top of a section to its save button; on a low window, where the save bar takes most."""
    page = visitor.page
    page.set_viewport_size({"width": 375, "height": 560})
    page.reload()
    page.keyboard.press("Tab")
    stops: list[dict[str, Any]] = [page.evaluate(FOCUS)]
    while not stops[-1]["last"] and len(stops) < LONGEST:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    for wrong in ("later", "drawn", "free"):
        assert not [stop for stop in stops if not stop[wrong]], wrong
    controls = [stop for stop in stops if stop["kind"] in ("INPUT", "SELECT", "BUTTON")]
    assert len(controls) >= page.evaluate(GROUPS), "every control can be reached"
    page.set_viewport_size({"width": visitor.width, "height": 900})
