"""What the visitors answer, section by section."""

from playwright.sync_api import Page

# The worked example: 20.75 + 11.25 + 16.5 = 48.5 points.
TICKS = {
    "foundation": ["q1-B", "q1-C", "q4-B", "q4-G", "q4-H", "q4-K", "q4-L", "q5-C", "q6-B", "q6-C", "q7-B"],
    "management": ["q8-D", "q9-B", "q9-C", "q10-B", "q10-D", "q11-A"],
    "product_lifecycle": ["s1-2", "s2-1", "s3-1", "s4-0"],
    "production": ["s5-1", "s6-1", "s7-2", "s8-1", "s9-1", "s10-0"],
    "supply_chain": ["s11-1", "s12-1"],
    "decision": ["s13-2", "s14-1", "s15-1", "s16-0"],
    "effect": ["q12-C", "q13-B", "q14-C", "q15-C"],
}
FIGURES = {"foundation": {"equipment": "86", "equipment_digital": "２４", "equipment_networked": "11"}}
YEAR = 2025


def answer(page: Page, section: str, *, without: tuple[str, ...] = ()) -> None:
    """Tick and fill in one section; items in `without` are left out."""
    for kind, value in FIGURES.get(section, {}).items():
        page.fill(f"#f-{kind}-{YEAR}", value)
    for tick in TICKS[section]:
        if tick.split("-")[0] not in without:
            page.check(f"#r-{tick}")
