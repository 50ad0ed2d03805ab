"""A short name for the device somebody signs in with, so that people recognise their own sign-ins."""

from typing import Final

# The first that fits counts: most programs also carry the names of others.
PROGRAMS: Final = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("QQBrowser", "QQ Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str | None:
    """`Chrome, Android`, one half of it, or None: what a browser says of itself is never kept whole."""
    halves = (_first(PROGRAMS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(half for half in halves if half) or None


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for sign, name in table if sign in text), None)
