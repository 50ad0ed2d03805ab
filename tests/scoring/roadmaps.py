"""Small random definitions with efforts, and every plan of a firm by trying all: another way to the same roadmap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from questionnaires.answers import Answers
from questionnaires.items import Grid, Multiple, Scene, Single
from questionnaires.routes import asked as asked_of
from scoring import Scorer
from tests.scoring import made

HOLDING = {"met", "manual", "not_applicable"}


def say(words: str) -> dict[str, str]:
    return {"zh_CN": words, "en": words}


def asked(item_id: str, kind: str, **more: Any) -> dict[str, Any]:
    words = {name: say(f"{name} {item_id}") for name in ("short", "label", "why", "evidence")}
    return {"id": item_id, "number": item_id, "type": kind, **words, "source": "TEST", "confidence": "C", **more}


def option(option_id: str, effort: int | None = None, work: str = "practice", **more: Any) -> dict[str, Any]:
    worth = {} if effort is None else {"effort": effort, "work": work}
    return {"id": option_id, "label": say(option_id), **worth, **more}


def definition(items: list[Any], tree: Any, steps: list[list[Any]], reached: str = "highest") -> dict[str, Any]:
    """A definition with one section; `steps` are the conditions of each level."""
    raw = made.plain("small")
    named = [
        {"level": level, "name": say(f"L{level}"), "meaning": say("m"), "source": "TEST", "confidence": "C",
         "conditions": conditions}
        for level, conditions in enumerate(steps, 1)
    ]  # fmt: skip
    raw["sections"] = [{"id": "main", "title": say("main"), "about": say("about"), "items": items}]
    raw["ladder"] = {"reached": reached, "none": say("none"), "source": "TEST", "confidence": "C", "steps": named}
    raw.update(tree=tree, checks=[], facts=[])
    return raw


def node(node_id: str, **more: Any) -> dict[str, Any]:
    return {"id": node_id, "title": say(node_id), "source": "TEST", "confidence": "C", **more}


# -- random ones -------------------------------------------------------------------------------------------------------


class Made:
    """A random definition. `kinds` are the ways in which dimensions combine; `routed`: not everything applies."""

    def __init__(self, dice: Random, kinds: tuple[str, ...], odd: bool, routed: bool = False) -> None:
        self.dice, self.kinds, self.odd, self.routed = dice, kinds, odd, routed
        makers = [self._single, self._multiple, self._scene, self._grid]
        self.items = [dice.choice(makers)(f"i{place}") for place in range(dice.randint(2, 5))]
        if not any(item["type"] != "scene" for item in self.items):
            self.items.append(self._single("i9"))
        if routed:
            self._route()
        self.scored = [item for item in self.items if item["type"] != "scene" or odd]

    def _route(self) -> None:
        """Some items are asked only after certain answers to earlier ones, or may be called not applicable."""
        for place, item in enumerate(self.items):
            earlier = [each for each in self.items[:place] if each["type"] in ("single", "multiple")]
            if earlier and self.dice.random() < 0.5:
                of = self.dice.choice(earlier)
                taken = self.dice.choice(of["options"])["id"]
                item["when"] = {"kind": "chosen", "item": of["id"], self.dice.choice(["any", "none"]): [taken]}
            if item["type"] == "single" and self.dice.random() < 0.4:
                item["options"].append({"id": "N", "label": say("N"), "not_applicable": True})

    def raw(self) -> dict[str, Any]:
        tree = self._tree()
        if self.routed:
            tree["not_applicable"] = self.dice.choice(["zero", "redistribute", "redistribute", "unknown"])
        steps = [self._conditions(tree, share) for share in (25, 50)]
        return definition(self.items, tree, steps, self.dice.choice(["highest", "stepwise"]))

    def _worth(self) -> dict[str, Any]:
        if self.dice.random() < 0.15:
            return {}
        return {"effort": self.dice.randint(1, 4), "work": self.dice.choice(["practice", "paper"])}

    def _single(self, item: str) -> dict[str, Any]:
        options = [{"id": name, "label": say(name), **(self._worth() if name != "A" else {})} for name in "ABCD"]
        return asked(item, "single", options=options[: self.dice.randint(2, 4)])

    def _multiple(self, item: str) -> dict[str, Any]:
        free = [{"id": name, "label": say(name), **self._worth()} for name in "BCDE"[: self.dice.randint(2, 4)]]
        if self.dice.random() < 0.4:
            free[-1]["requires"] = [free[0]["id"]]
        none = [option("A", exclusive=True)] if self.dice.random() < 0.7 else []
        return asked(item, "multiple", options=[*none, *free])

    def _scene(self, item: str) -> dict[str, Any]:
        levels = [{"level": level, "label": say(str(level)), **(self._worth() if level else {})} for level in range(5)]
        return asked(item, "scene", constrained=self.dice.random() < 0.5, group="work", levels=levels)

    def _grid(self, item: str) -> dict[str, Any]:
        options = [{"id": name, "label": say(name), **(self._worth() if name != "a" else {})} for name in "abc"]
        rows = [{"id": row, "label": say(row)} for row in ("r1", "r2")]
        return asked(item, "grid", rows=rows, options=options)

    def _rule(self, item: dict[str, Any]) -> dict[str, Any]:
        dice = self.dice
        ids = [each["id"] for each in item.get("options", ()) if not each.get("not_applicable")]
        if item["type"] == "scene":
            return {"kind": "scene", "item": item["id"], "weights": sorted(dice.sample(range(0, 101, 5), 5))}
        if item["type"] == "multiple":
            counted = [each["id"] for each in item["options"] if not each.get("exclusive")]
            if dice.random() < 0.4:
                return {"kind": "count", "item": item["id"], "base": dice.randint(0, 1), "lead": len(counted)}
            each = dice.randint(1, 100 // len(ids))
            weights = {name: 0 if name == "A" else dice.randint(0, each) for name in ids}
            cap = {"at_most": str(dice.randint(1, 60))} if self.odd and dice.random() < 0.5 else {}
            return {"kind": "sum_of_options", "item": item["id"], "weights": weights, **cap}
        weights = {name: dice.randrange(0, 101, 5) for name in ids}
        if not self.odd:
            weights = dict(zip(ids, sorted(weights.values()), strict=True))
        return {"kind": "grid" if item["type"] == "grid" else "option", "item": item["id"], "weights": weights}

    def _tree(self) -> dict[str, Any]:
        leaves = [node(f"m{place}", rule=self._rule(item)) for place, item in enumerate(self.scored)]
        if self.odd and self.dice.random() < 0.5:
            leaves.append(node("again", rule=self._rule(self.dice.choice(self.scored))))
        groups = [leaves[::2], leaves[1::2]] if len(leaves) > 2 else [leaves]
        children = [self._dimension(f"d{place}", group) for place, group in enumerate(groups)]
        return self._dimension("total", children) | {"maximum": 100}

    def _dimension(self, name: str, children: list[Any]) -> dict[str, Any]:
        combine = self.dice.choice(self.kinds)
        weights = [self.dice.randint(1, 5) for _ in children]
        if combine == "weighted_mean":
            children = [child | {"weight": weight} for child, weight in zip(children, weights, strict=True)]
            return node(name, combine=combine, weights_total=sum(weights), children=children)
        return node(name, combine=combine, children=children)

    def _conditions(self, tree: dict[str, Any], share: int) -> list[Any]:
        dice = self.dice
        found: list[Any] = [
            {"kind": "measure_at_least", "measure": "total", "points": str(share + dice.randint(-25, 10))}
        ]
        scenes = [item for item in self.items if item["type"] == "scene"]
        if scenes and dice.random() < 0.8:
            count = dice.randint(1, len(scenes))
            found.append({"kind": "scenes_at_least", "level": dice.randint(1, 4), "count": count})
        if dice.random() < 0.3:
            found.append({"kind": "manual", "text": say("by hand")})
        if dice.random() < 0.5:
            found.append(self._combined())
        return found

    def _combined(self) -> dict[str, Any]:
        parts = [self._simple() for _ in range(self.dice.randint(2, 3))]
        return self.dice.choice([
            {"kind": "any_of", "conditions": parts},
            {"kind": "all_of", "conditions": parts},
            {"kind": "count_of", "conditions": parts, "at_least": 2},
            {"kind": "any_of", "conditions": [parts[0], {"kind": "all_of", "conditions": parts[1:]}]},
            {"kind": "only_if", "if": parts[0], "then": parts[1]},
        ])  # fmt: skip

    def _simple(self) -> dict[str, Any]:
        dice = self.dice
        item = dice.choice(self.items)
        if item["type"] in ("single", "multiple") and dice.random() < 0.6:
            return {"kind": "chosen", "item": item["id"], dice.choice(["any", "none"]): [item["options"][-1]["id"]]}
        if dice.random() < 0.5:
            return {"kind": "measure_compare", "measure": "d0", "above": str(dice.randint(0, 9))}
        return {"kind": "measure_at_least", "measure": "m0", "points": str(dice.randint(0, 5))}


def firm(scorer: Scorer, dice: Random) -> Answers:
    """Answers near the low end, some missing."""
    responses: dict[str, Any] = {}
    for item in scorer.instrument.items.values():
        if dice.random() < 0.2:
            continue
        if isinstance(item, Single):
            responses[item.id] = min(dice.choices(item.options, k=2), key=item.options.index).id
        elif isinstance(item, Scene):
            responses[item.id] = min(dice.randrange(5), dice.randrange(5))
        elif isinstance(item, Grid):
            responses[item.id] = {row.id: dice.choice(item.options).id for row in item.rows if dice.random() < 0.8}
        elif isinstance(item, Multiple):
            alone = next((each.id for each in item.options if each.exclusive), None)
            taken = {each.id for each in item.options if not each.exclusive and dice.random() < 0.3}
            kept = tuple(each.id for each in item.options if each.id in taken and set(each.requires) <= taken)
            responses[item.id] = kept or ((alone,) if alone else None)
    return Answers({item: response for item, response in responses.items() if response})


# -- every plan --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Tried:
    """A plan that reaches the next level: what it costs, and its changes as (item, row or nothing, to)."""

    effort: int
    paper: int
    number: int
    order: tuple[int, ...]
    changes: frozenset[tuple[str, str, Any]]


Way = tuple[int, int, list[tuple[str, str, Any]], Any]
"""Effort, paper, changes and the response after them."""


def all_plans(scorer: Scorer, answers: Answers) -> list[Tried]:
    """Every plan that reaches the level above the sure one, the cheapest first."""
    items = list(scorer.instrument.items.values())
    level = scorer.score(answers).level + 1
    order = {change: place for place, change in enumerate(each for item in items for each in _targets(item))}
    plans = []
    changeable = asked_of(answers.given(scorer.instrument))
    offered = [
        list(_ways(item, answers.responses.get(item.id)))
        if item.id in changeable
        else [(0, 0, [], answers.responses.get(item.id))]
        for item in items
    ]
    for ways in product(*offered):
        after = {item.id: way[3] for item, way in zip(items, ways, strict=True) if way[3] is not None}
        card = scorer.score(Answers(after))
        stepwise = scorer.ladder is not None and scorer.ladder.reached == "stepwise"
        looked_at = card.ladder[:level] if stepwise else card.ladder[level - 1 : level]
        if all(condition.state in HOLDING for step in looked_at for condition in step.conditions):
            changes = [change for way in ways for change in way[2]]
            places = tuple(sorted(order[change] for change in changes))
            effort, paper = sum(way[0] for way in ways), sum(way[1] for way in ways)
            plans.append(Tried(effort, paper, len(changes), places, frozenset(changes)))
    return sorted(plans, key=lambda plan: (plan.effort, plan.paper, plan.number, plan.order))


def _targets(item: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(item, Grid):
        yield from ((item.id, row.id, option.id) for row in item.rows for option in item.options)
    elif isinstance(item, Scene):
        yield from ((item.id, "", level.level) for level in item.levels)
    else:
        yield from ((item.id, "", option.id) for option in item.options)


def _ways(item: Any, response: Any) -> Iterator[Way]:
    if isinstance(item, Multiple):
        yield from _sets(item, response)
    elif isinstance(item, Grid):
        given = response or {}
        rungs = [(option.id, option) for option in item.options]
        for chosen in product(*(list(_climbs(item.id, row.id, rungs, given.get(row.id))) for row in item.rows)):
            after = {row.id: way[3] for row, way in zip(item.rows, chosen, strict=True) if way[3] is not None}
            effort, paper = sum(way[0] for way in chosen), sum(way[1] for way in chosen)
            yield effort, paper, [change for way in chosen for change in way[2]], after or None
    else:
        rungs = [(each.level, each) for each in item.levels] if isinstance(item, Scene) else [
            (each.id, each) for each in item.options
        ]  # fmt: skip
        yield from _climbs(item.id, "", rungs, response)


def _climbs(item: str, row: str, rungs: list[tuple[Any, Any]], now: Any) -> Iterator[Way]:
    yield 0, 0, [], now
    if now is not None and getattr(dict(rungs)[now], "not_applicable", None):
        return
    at = 0 if now is None else [name for name, _ in rungs].index(now)
    for end in range(at + 1, len(rungs)):
        passed = [rung for _, rung in rungs[at + 1 : end + 1] if rung.effort]
        if rungs[end][1].effort:
            effort = sum(rung.effort for rung in passed)
            paper = sum(rung.effort for rung in passed if rung.work == "paper")
            yield effort, paper, [(item, row, rungs[end][0])], rungs[end][0]


def _sets(item: Multiple, response: Any) -> Iterator[Way]:
    yield 0, 0, [], response
    now = set(response or ())
    offered = [each for each in item.options if each.effort and not each.exclusive and each.id not in now]
    for taken in product((False, True), repeat=len(offered)):
        added = [each for each, take in zip(offered, taken, strict=True) if take]
        after = {each.id for each in item.options if each.id in now and not each.exclusive} | {
            each.id for each in added
        }
        if added and all(set(each.requires) <= after for each in added):
            paper = sum(each.effort or 0 for each in added if each.work == "paper")
            chosen = tuple(each.id for each in item.options if each.id in after)
            yield sum(each.effort or 0 for each in added), paper, [(item.id, "", each.id) for each in added], chosen


def leaves_out_one(scorer: Scorer, plan: Tried, best: Tried) -> bool:
    """Whether a plan does without at least one change of the best: neither to that answer nor beyond it."""
    return any(not any(_goes_as_far(scorer, made, change) for made in plan.changes) for change in best.changes)


def _goes_as_far(scorer: Scorer, made: tuple[str, str, Any], change: tuple[str, str, Any]) -> bool:
    if made[:2] != change[:2]:
        return False
    item = scorer.instrument.items[change[0]]
    if isinstance(item, Multiple):
        return made == change
    order = list(_targets(item))
    return order.index(made) >= order.index(change)
