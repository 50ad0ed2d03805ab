"""What answers would be worth: the scorer, asked about changed answers on the firm's route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from questionnaires.answers import Answers
from questionnaires.items import Response
from questionnaires.routes import asked
from scoring.roadmap_changes import Change, changed
from scoring.roadmap_reads import items_read
from scoring.scorer import Result, Scorer
from scoring.standing import Standing


class Oracle:
    """Scores the answers of one firm as they are and as they would be. Figures do not change."""

    def __init__(self, scorer: Scorer, answers: Answers) -> None:
        self.scorer, self.answers = scorer, answers
        self.responses = answers.responses
        self.asked = asked(answers.given(scorer.instrument))

    @cached_property
    def rules(self) -> Mapping[str, list[Any]]:
        """The rules that look at each item."""
        found: dict[str, list[Any]] = {item: [] for item in self.scorer.instrument.items}
        for measure in self.scorer.measures.values():
            for item in items_read(self.scorer, measure.node.rule) if measure.node.rule is not None else ():
                found[item].append(measure.node.rule)
        return found

    def result(self, responses: Mapping[str, Response]) -> Result:
        return self.scorer.evaluate(replace(self.answers, responses=responses))

    def result_after(self, changes: Iterable[Change]) -> Result:
        return self.result(changed(self.scorer.instrument, self.responses, changes))

    def after(self, changes: Iterable[Change]) -> Standing:
        return self.result_after(changes).standing
