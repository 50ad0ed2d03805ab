"""All charts of a dashboard, in their order on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from survey.dashboard import level_charts, point_charts, progress_charts
from survey.dashboard.shapes import Chart
from survey.dashboard.told import Told

CHARTS: Final[Mapping[str, Callable[[Told], Chart]]] = {
    "funnel": progress_charts.funnel,
    "areas": progress_charts.areas,
    "levels_size": level_charts.by_size,
    "levels_industry": level_charts.by_industry,
    "dimensions": point_charts.dimensions,
    "score_size": point_charts.by_size,
    "verified": level_charts.verified,
    "waves": level_charts.waves,
    "waves_points": point_charts.waves,
}
"""By their ids in addresses and files. A new chart is one line here."""
