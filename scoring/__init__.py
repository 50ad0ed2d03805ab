"""What an answer is worth: exact points, conditions, the maturity level and the reasons. Pure Python."""

from scoring.making import scorer_for, scorer_from
from scoring.scorer import ENGINE_VERSION, Scorer

__all__ = ["ENGINE_VERSION", "Scorer", "scorer_for", "scorer_from"]
