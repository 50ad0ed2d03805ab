from tests.survey.browsing import Browser
from survey.models import Submission


def test_it_shows_a_section(browser: Browser, submission: Submission) -> None:
    page = browser.get(f"/fill/{submission.public_id}/sections/foundation")
    assert "Not saved yet" in page.text
