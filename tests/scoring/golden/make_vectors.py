"""Writes digital_2024_vectors.csv: answers, points and level of 50 made-up firms, worked out as in a spreadsheet.

It reads neither our code nor our definition. The percentages below were copied by hand from the published table of the
2024 edition; points are products of percentages, one column per question, in decimal arithmetic.
Run `python tests/scoring/golden/make_vectors.py` to write the file again: the same seed gives the same file.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

FILE = Path(__file__).with_name("digital_2024_vectors.csv")
SEED = 20240904

# question: percentages of dimension, second level, third level and question; kind; percentages of the options A, B, C …
TABLE = {
    "q1": ((50, 40, 40, 100), "many", (0, 25, 25, 25, 25)),
    "q2": ((50, 40, 30, 100), "one", (0, 25, 50, 75, 100)),
    "q3": ((50, 40, 30, 100), "one", (0, 25, 50, 75, 100)),
    "q4": ((50, 20, 100, 100), "many", (0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 9)),
    "q5": ((50, 20, 100, 100), "one", (0, 25, 50, 75, 100)),
    "q6": ((50, 20, 50, 100), "many", (0, 25, 25, 25, 25)),
    "q7": ((50, 20, 50, 100), "many", (0, 25, 25, 25, 25)),
    "q8": ((30, 50, 50, 100), "one", (0, 20, 40, 60, 80, 100)),
    "q9": ((30, 50, 50, 100), "many", (0, 25, 25, 25, 25)),
    "q10": ((30, 50, 50, 100), "many", (0, 20, 20, 20, 20, 20)),
    "q11": ((30, 50, 50, 100), "one", (0, 25, 50, 75, 100)),
    "q12": ((20, 35, 100, 100), "one", (0, 50, 100)),
    "q13": ((20, 35, 100, 100), "one", (0, 50, 100)),
    "q14": ((20, 30, 50, 100), "one", (0, 50, 100)),
    "q15": ((20, 30, 50, 100), "one", (0, 50, 100)),
}
DIMENSIONS = {"foundation": range(1, 8), "management": range(8, 12), "effect": range(12, 16)}
STARRED = (1, 3, 6, 7, 8, 9, 10, 11, 12, 13)
SCENES = tuple(f"s{number}" for number in range(1, 17))
COLUMNS = ("name", *TABLE, *SCENES, *(f"points_{question}" for question in TABLE), *DIMENSIONS, "total", "level")


def points(question: str, letters: str) -> Decimal:
    """100 × percentages along the way × percentages of the letters chosen."""
    way, _, options = TABLE[question]
    product = Decimal(100)
    for percent in way:
        product = product * Decimal(percent) / Decimal(100)
    return sum((product * Decimal(options[ord(letter) - ord("A")]) / Decimal(100) for letter in letters), Decimal(0))


def gate(total: Decimal, scenes: list[int]) -> int:
    """The four rows of the gate, from the top: score, scenes at the level or above, and how many of these starred."""

    def reached(level: int) -> int:
        return len([rating for rating in scenes if rating >= level])

    def starred(level: int) -> int:
        return len([number for number in STARRED if scenes[number - 1] >= level])

    if total >= 80 and reached(4) >= 10 and starred(4) >= 6:
        return 4
    if total >= 60 and reached(3) >= 8 and starred(3) >= 5:
        return 3
    if total >= 40 and reached(2) >= 6 and starred(2) >= 3:
        return 2
    if total >= 20 and reached(1) >= 6 and starred(1) >= 3:
        return 1
    return 0


def row(name: str, answers: dict[str, str], scenes: list[int]) -> dict[str, str]:
    """One line of the file."""
    earned = {question: points(question, letters) for question, letters in answers.items()}
    sums = {name: sum((earned[f"q{number}"] for number in numbers), Decimal(0)) for name, numbers in DIMENSIONS.items()}
    total = sum(sums.values(), Decimal(0))
    return {
        "name": name,
        **answers,
        **{scene: str(rating) for scene, rating in zip(SCENES, scenes, strict=True)},
        **{f"points_{question}": plain(value) for question, value in earned.items()},
        **{name: plain(value) for name, value in sums.items()},
        "total": plain(total),
        "level": str(gate(total, scenes)),
    }


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chosen(question: str, strength: float, dice: random.Random) -> str:
    """Letters that a firm of that strength (0–1) might choose; E of question 1 only together with B, C and D."""
    _, kind, options = TABLE[question]
    letters = [chr(ord("A") + place) for place in range(len(options))]
    if kind == "one":
        return letters[min(len(letters) - 1, int(dice.betavariate(1 + 4 * strength, 5 - 4 * strength) * len(letters)))]
    taken = [letter for letter in letters[1:] if dice.random() < strength]
    if question == "q1" and not set("BCD") <= set(taken):
        taken = [letter for letter in taken if letter != "E"]
    return "".join(taken) or "A"


def firms() -> Iterator[dict[str, str]]:
    """Fifty firms from weak to strong, every tenth with scenes that do not match its score."""
    dice = random.Random(SEED)  # noqa: S311  # made-up firms, no secrets
    for number in range(1, 51):
        strength = number / 50
        answers = {question: chosen(question, strength, dice) for question in TABLE}
        rated = 1 - strength if number % 10 == 0 else strength
        scenes = [min(4, int(dice.betavariate(1 + 5 * rated, 3 - 2 * rated) * 5)) for _ in SCENES]
        yield row(f"firm {number}", answers, scenes)


def main() -> None:
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(firms())


if __name__ == "__main__":
    main()
