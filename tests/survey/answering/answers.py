"""Answers of a made-up firm: the worked example (48.5 points) with figures, as a browser sends them."""

from typing import Any

WORKED: dict[str, dict[str, Any]] = {
    "foundation": {
        "r-q1": ["B", "C"],
        "f-equipment-2025": "86",
        "f-equipment_digital-2025": "２４",
        "f-equipment_networked-2025": "11",
        "r-q4": ["B", "G", "H", "K", "L"],
        "r-q5": "C",
        "r-q6": ["B", "C"],
        "r-q7": ["B"],
    },
    "management": {"r-q8": "D", "r-q9": ["B", "C"], "r-q10": ["B", "D"], "r-q11": "A"},
    "product_lifecycle": {"r-s1": "2", "r-s2": "1", "r-s3": "1", "r-s4": "0"},
    "production": {"r-s5": "1", "r-s6": "1", "r-s7": "2", "r-s8": "1", "r-s9": "1", "r-s10": "0"},
    "supply_chain": {"r-s11": "1", "r-s12": "1"},
    "decision": {"r-s13": "2", "r-s14": "1", "r-s15": "1", "r-s16": "0"},
    "effect": {"r-q12": "C", "r-q13": "B", "r-q14": "C", "r-q15": "C"},
}
