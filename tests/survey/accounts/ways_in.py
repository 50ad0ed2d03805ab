"""Ways into the site, as people take them in the tests."""

from tests.survey.browsing import Browser

PASSWORD = "kettle marble orbit fern"


def sign_in(
    browse: Browser, who: str = "13800138000", password: str = PASSWORD, status: int = 200, **more: str
) -> None:
    browse.get("/sign-in")
    browse.post("/sign-in", {"recipient": who, "password": password, **more}, status=status)


def ask_code(browse: Browser, who: str = "13800138000", status: int = 200, **more: str) -> None:
    browse.get("/sign-in/code")
    browse.post("/sign-in/code", {"recipient": who, **more}, status=status)


def is_signed_in(browse: Browser) -> bool:
    """By a page that asks for a sign-in and changes nothing."""
    return browse.client.get("/confirm").status_code == 200


def wrong(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"
