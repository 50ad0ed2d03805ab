"""Which answers want proof: those that claim something, in questionnaires that lead to points, a level or a verdict.

An answer that claims nothing ("none of these", level 0, an option that earned no point) needs none, and what was not
answered needs none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from questionnaires.answers import Answers, is_answered
from questionnaires.instrument import Instrument, Section
from questionnaires.items import NONE, Item
from questionnaires.routes import asked
from scoring import scorer_for
from scoring.scorecard import Scorecard as Card
from survey.answering import queries
from survey.answering.actions import OPEN_STATES
from survey.answering.check_page import scored
from survey.answering.queries import Whole, responses_from
from survey.answering.submitting import latest_snapshot
from survey.models import Snapshot, Submission
from survey.publishing.queries import instrument as instrument_in
from survey.report.queries import card_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a firm, and which of its answers want proof. `sections` leaves out those that ask nothing."""

    instrument: Instrument
    sections: list[tuple[Section, list[Item]]]
    answered: frozenset[str]
    wanting: frozenset[str]

    @property
    def items(self) -> dict[str, Item]:
        """Everything asked, by id, in the order of the questionnaire."""
        return {item.id: item for _section, items in self.sections for item in items}

    def missing(self, counts: Mapping[str, Any]) -> list[str]:
        """The items that want proof and have none; `counts` by item."""
        return [item for item in self.items if item in self.wanting and not counts.get(item)]


def asked_of(session: Session, submission: Submission, *, handed_in: bool = False) -> Asked:
    """As the answers stand; what was handed in last, once it was, for the firm if it cannot change it, or if so said.

    `handed_in`: whoever is not of the firm sees nothing of a draft.
    """
    if submission.state not in OPEN_STATES or (handed_in and submission.submitted_at):
        return _frozen(session, submission)
    instrument = instrument_in(session, submission.campaign.instrument_id)
    return of_draft(
        instrument, queries.whole(session, submission, instrument, submission.campaign.round.reference_year)
    )


def of_draft(instrument: Instrument, whole: Whole) -> Asked:
    """The same for answers that are being given."""
    card = scorer_for(instrument).score(whole.answers) if scored(instrument) else None
    return _asked(instrument, whole.answers, whole.cleaned.asked, card)


def _frozen(session: Session, submission: Submission) -> Asked:
    snapshot = latest_snapshot(session, submission)
    instrument = instrument_in(session, snapshot.instrument_id)
    answers = _answers(snapshot)
    return _asked(instrument, answers, asked(answers.given(instrument)), card_of(session, submission.id))


def _answers(snapshot: Snapshot) -> Answers:
    facts = {(fact["id"], fact["year"]): fact["value"] for fact in snapshot.facts}
    return Answers(responses_from({"responses": snapshot.responses}), facts, snapshot.reference_year)


def _asked(instrument: Instrument, answers: Answers, on_route: frozenset[str], card: Card | None) -> Asked:
    sections = [(each, [item for item in each.items if item.id in on_route]) for each in instrument.sections]
    sections = [(section, items) for section, items in sections if items]
    answered = {item.id: item for _section, items in sections for item in items if is_answered(item, answers)}
    worthless = _worth_nothing(card) if card else set[str]()
    wanting = [
        name for name, item in answered.items()
        if name not in worthless and CLAIMS[item.type](item, answers.responses.get(name))
    ]  # fmt: skip
    return Asked(instrument, sections, frozenset(answered), frozenset(wanting if scored(instrument) else ()))


def _worth_nothing(card: Card) -> set[str]:
    """The items that earn points, and earned none."""
    earned: dict[str, bool] = {}
    for trace in card.trace:
        if trace.absent is None:
            for item in trace.items:
                earned[item] = earned.get(item, False) or trace.high != "0"
    return {item for item, some in earned.items() if not some}


# -- whether an answer claims anything ---------------------------------------------------------------------------------


def _option(item: Any, response: Any) -> bool:
    option = item.option(response)
    return not option.exclusive and not option.not_applicable


def _options(item: Any, response: Any) -> bool:
    return any(option in item.counted for option in response)


def _rows(item: Any, response: Any) -> bool:
    return any(option in item.counted for option in response.values())


CLAIMS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "single": _option,
    "multiple": _options,
    "scene": lambda _item, level: level > 0,
    "number": lambda _item, _response: True,
    "grid": _rows,
    "figures": lambda _item, response: response != NONE,
}
"""By type of item. A new type is one line here."""
