"""Points as a report shows them: cut and never rounded up, a range while answers are open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from questionnaires.exact import fixed, shown

DASH = "–"


def column(points: Fraction) -> str:
    """Two decimals, so that a column lines up, but never less than the points themselves have up to three."""
    return fixed(points, 3) if fixed(points, 3)[-1] != "0" else fixed(points)


@dataclass(frozen=True, slots=True)
class Points:
    """Points from `low` to `high`; the two differ while answers are open."""

    low: Fraction
    high: Fraction
    maximum: Fraction

    @property
    def open(self) -> bool:
        return self.low != self.high

    @property
    def text(self) -> str:
        """With both decimals, for columns: "20.75", "8.50–16.00"; a third where it is needed: "1.875"."""
        return column(self.low) if not self.open else f"{column(self.low)}{DASH}{column(self.high)}"

    @property
    def short(self) -> str:
        """Without idle zeros, for sentences: "48.5"."""
        return shown(self.low, 3) if not self.open else f"{shown(self.low, 3)}{DASH}{shown(self.high, 3)}"

    @property
    def maximum_text(self) -> str:
        return shown(self.maximum)

    @property
    def share(self) -> str:
        """Share of the maximum: "41.5%"; whole percent while open, since more digits would promise too much."""
        if not self.maximum:
            return DASH
        low, high = (100 * points / self.maximum for points in (self.low, self.high))
        return f"{shown(low, 1)}%" if not self.open else f"{shown(low, 0)}{DASH}{shown(high, 0)}%"

    @property
    def drawn(self) -> tuple[float, float]:
        """The two ends as shares from 0 to 1."""
        if not self.maximum:
            return 0.0, 0.0
        return float(self.low / self.maximum), float(self.high / self.maximum)
