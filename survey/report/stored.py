"""Stored scorecards, read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.scorecard import Scorecard as Card


def card_from(stored: Mapping[str, Any]) -> Card:
    """A stored scorecard. Those of the first engine leave out what it could not have otherwise: one item behind each
    indicator, which is open while it has no response."""
    traces = [{"items": [trace["item"]], "open": trace["response"] is None} | trace for trace in stored["trace"]]
    return Card.model_validate({**stored, "trace": traces})
