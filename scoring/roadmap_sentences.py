"""A roadmap in words: what to change, what each change adds, what it takes, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any, Final

from questionnaires.choices import Improvable
from questionnaires.exact import shown
from questionnaires.items import Multiple, Scene
from questionnaires.text import LANGUAGES
from scoring.condition_words import CONDITIONS
from scoring.conditions import parts_of
from scoring.measure_conditions import ScenesAtLeast
from scoring.roadmap import Gain, Missing, Plan, Roadmap, Step
from scoring.roadmap_changes import Change, states_effort, written
from scoring.roadmap_goal import Path
from scoring.scorer import Scorer

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "question": ("第 {number} 题", "Question {number}"),
    "scene": ("场景 {number}", "Scene {number}"),
    "row": ("{name}：{row}", "{name}: {row}"),
    "practice": ("实际改进", "practice"),
    "paper": ("写成文件", "paper"),
    "points": ("{title} +{gain} 分", "{title} +{gain} points"),
    "scenes": ("{what} +{gain} 个", "{what} +{gain}"),
    "met": ("达标：{what}{gap}{need}", "met: {what}{gap}{need}"),
    "nothing": ("为后面的改变打底", "needed by a later change"),
    "way": (
        "要达到{level}，共 {count} 项改变，工作量合计 {effort} 点。",
        "Reaching {level} takes {count} changes, {effort} points of effort in all.",
    ),
    "way_one": (
        "要达到{level}，只要 1 项改变，工作量 {effort} 点。",
        "Reaching {level} takes one change, {effort} points of effort.",
    ),
    "way_none": (
        "{level}能用题目衡量的条件都已达标，剩下的由人来核定。",
        "Every condition of {level} that questions can measure is met; a person decides the rest.",
    ),
    "beyond": ("做完这些会到{level}。", "With these changes the result is {level}."),
    "paper_share": ("其中 {paper} 点是写成文件的工作。", "{paper} of these points are work on paper."),
    "optimal": (
        "已经算过所有组合，没有更省的办法。",
        "All combinations have been examined: there is no way with less effort.",
    ),
    "bounded": (
        "时间内没有算完所有组合：这是找到的最好办法，至少也要 {bound} 点。",
        "Not all combinations could be examined in time: this is the best one found; no way takes less than {bound}.",
    ),
    "unproved": (
        "至少也要 {bound} 点，更省的办法还没有排除。",
        "No way takes less than {bound}; a better one is possible.",
    ),
    "unreachable": (
        "按可以做的改变，到不了{level}。",
        "With the changes that are possible, {level} cannot be reached.",
    ),
    "no_effort": (
        "问卷没有给任何选项写明工作量（effort），所以提不出改变的办法。",
        "No option of this questionnaire states an effort, so there is no change to propose.",
    ),
    "unknown": (
        "时间内没有找到到{level}的办法，也没有证明没有。",
        "No way to {level} was found in time, and none was ruled out.",
    ),
    "short": (
        "{what}{gap}{need}：能改的都改了，最多到 {most}。",
        "{what} {need}: with every possible change, {most} at most.",
    ),
    "fixed": ("{what}{gap}{need}：靠这些改变做不到。", "{what} {need}: no change here can meet it."),
    "together": ("各项条件单独都能达到，但不能同时达到。", "Each condition can be met, but not all of them at once."),
    "assumed": (
        "没有回答的题按最低的情况算：{names}。",
        "Items without an answer are taken at their lowest: {names}.",
    ),
    "list": ("、", ", "),
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """One change in words. `lock` names it for somebody who says it is not possible; `adds` in clauses."""

    lock: str
    item: str
    number: str
    name: str
    start: str
    to: str
    effort: int
    paper: bool
    work: str
    advice: tuple[str, ...]
    adds: tuple[str, ...]
    assumed: bool


@dataclass(frozen=True, slots=True)
class PlanWords:
    """A plan: a sentence on the whole, what is known of its cost, and its steps."""

    summary: str
    proof: str
    optimal: bool
    effort: int
    steps: tuple[StepWords, ...]


@dataclass(frozen=True, slots=True)
class RoadmapWords:
    """`nearest` says why there is no plan; `manual` is what a person decides; `notes` are remarks on the plan."""

    level: str
    plan: PlanWords | None
    alternative: PlanWords | None
    verdict: str
    nearest: tuple[str, ...]
    manual: tuple[str, ...]
    notes: tuple[str, ...]


def told(roadmap: Roadmap, scorer: Scorer, language: str) -> RoadmapWords:
    """The whole roadmap in `language`."""
    return _Teller(roadmap, scorer, language).words()


class _Teller:
    def __init__(self, roadmap: Roadmap, scorer: Scorer, language: str) -> None:
        assert scorer.ladder is not None
        self.roadmap, self.scorer, self.ladder, self.language = roadmap, scorer, scorer.ladder, language
        self.gap = {"zh_CN": "", "en": " "}[language]

    def _say(self, key: str, **values: object) -> str:
        return WORDS[key][LANGUAGES.index(self.language)].format(gap=self.gap, **values)

    def _level(self, level: int) -> str:
        """Its name; in quotes where there is but one step, which is called by what it says."""
        name = self.ladder.level_name(level).say(self.language)
        return f"“{name}”" if len(self.ladder.steps) == 1 else name

    def words(self) -> RoadmapWords:
        roadmap = self.roadmap
        told = states_effort(self.scorer.instrument)
        verdict = "" if roadmap.plan else "unreachable" if roadmap.reachable is False else "unknown"
        verdict = verdict if told or not verdict else "no_effort"
        level = self._level(roadmap.level)
        return RoadmapWords(
            level=level,
            plan=self._plan(roadmap.plan),
            alternative=self._plan(roadmap.alternative),
            verdict=self._say(verdict, level=level) if verdict else "",
            nearest=self._nearest() if told and roadmap.reachable is False else (),
            manual=tuple(self._condition(path, None)[0] for path in roadmap.manual),
            notes=self._notes(),
        )

    def _nearest(self) -> tuple[str, ...]:
        return tuple(self._short(missing) for missing in self.roadmap.missing) or (self._say("together"),)

    def _short(self, missing: Missing) -> str:
        what, need = self._condition(missing.path, missing.measure)
        key = "short" if missing.counts else "fixed"
        return self._say(key, what=what, need=need, most=shown(Fraction(missing.most))).replace(" :", ":")

    def _notes(self) -> tuple[str, ...]:
        changes = self.roadmap.plan.changes if self.roadmap.plan else ()
        items = dict.fromkeys(change.item for change in changes if change.assumed)
        names = [self.scorer.instrument.items[item].short.say(self.language) for item in items]
        return (self._say("assumed", names=self._say("list").join(names)),) if names else ()

    # -- plans

    def _plan(self, plan: Plan | None) -> PlanWords | None:
        if plan is None:
            return None
        return PlanWords(
            summary=self._summary(plan),
            proof=self._proof(plan) if plan.steps else "",
            optimal=plan.optimal,
            effort=plan.effort,
            steps=tuple(self._step(step) for step in plan.steps),
        )

    def _summary(self, plan: Plan) -> str:
        key = {0: "way_none", 1: "way_one"}.get(len(plan.steps), "way")
        level = self._level(self.roadmap.level)
        said = [self._say(key, level=level, count=len(plan.steps), effort=plan.effort)]
        if plan.paper:
            said.append(self._say("paper_share", paper=plan.paper))
        if plan.level > self.roadmap.level:
            said.append(self._say("beyond", level=self._level(plan.level)))
        return self.gap.join(said)

    def _proof(self, plan: Plan) -> str:
        if plan.optimal:
            return self._say("optimal")
        return self._say("bounded" if plan.bound < plan.effort else "unproved", bound=plan.bound)

    def _step(self, step: Step) -> StepWords:
        change = step.change
        item: Any = self.scorer.instrument.items[change.item]
        return StepWords(
            lock=written(change),
            item=change.item,
            number=self._say("scene" if isinstance(item, Scene) else "question", number=item.number),
            name=self._name(change, item),
            start="" if change.start is None else _label(item, change.start, self.language),
            to=_label(item, change.to, self.language),
            effort=change.effort,
            paper=change.work == "paper",
            work=self._say(change.work),
            advice=tuple(rung.advice.say(self.language) for rung in _passed(item, change) if rung.advice),
            adds=self._adds(step),
            assumed=change.assumed,
        )

    def _name(self, change: Change, item: Any) -> str:
        name: str = item.short.say(self.language)
        if change.row is None:
            return name
        row = next(row.label.say(self.language) for row in item.rows if row.id == change.row)
        return self._say("row", name=name, row=row)

    def _adds(self, step: Step) -> tuple[str, ...]:
        said = [self._gain(gain) for gain in step.gains if gain.counts]
        if not any(gain.measure for gain in step.gains) and step.points not in (None, "0") and self.scorer.measures:
            said.insert(0, self._points(next(iter(self.scorer.measures)), Fraction(str(step.points))))
        said += [self._met(gain) for gain in step.gains if gain.met]
        return tuple(dict.fromkeys(said)) or (self._say("nothing"),)

    def _gain(self, gain: Gain) -> str:
        more = Fraction(gain.after) - Fraction(gain.before)
        if gain.measure is not None:
            return self._points(gain.measure, more)
        return self._say("scenes", what=self._condition(gain.path, None)[0], gain=shown(more))

    def _points(self, measure: str, more: Fraction) -> str:
        return self._say("points", title=self.scorer.measures[measure].title.say(self.language), gain=shown(more, 3))

    def _met(self, gain: Gain) -> str:
        what, need = self._condition(gain.path, gain.measure)
        return self._say("met", what=what, need=need).rstrip()

    def _condition(self, path: Path, measure: str | None) -> tuple[str, str]:
        """What a condition asks for and how much, in words; of a part of a minimum, with that part's name."""
        condition = condition_at(self.scorer, path)
        if measure is not None and measure != getattr(condition, "measure", None):
            condition = condition.model_copy(update={"measure": measure, "text": None})
        made = CONDITIONS[condition.kind](condition, self.scorer, self.language)
        if isinstance(condition, ScenesAtLeast) or condition.text is None or condition.kind == "manual":
            return made
        return condition.text.say(self.language), ""


def condition_at(scorer: Scorer, path: Path) -> Any:
    """The condition at a path: the step's level, its place there, the places inside."""
    assert scorer.ladder is not None
    first: Any = scorer.ladder.steps[path[0] - 1].conditions[path[1]]
    return reduce(lambda condition, place: parts_of(condition)[place], path[2:], first)


def _label(item: Any, answer: str | int, language: str) -> str:
    rungs: Sequence[Any] = item.levels if isinstance(item, Scene) else item.options
    label = next(rung.label for rung in rungs if (rung.level if isinstance(item, Scene) else rung.id) == answer)
    return str(label.say(language))


def _passed(item: Any, change: Change) -> list[Improvable]:
    """Every rung with an effort on the way, the aim last."""
    rungs: Sequence[Any] = item.levels if isinstance(item, Scene) else item.options
    names = [rung.level if isinstance(item, Scene) else rung.id for rung in rungs]
    end = names.index(change.to)
    begin = end - 1 if isinstance(item, Multiple) or change.start is None else names.index(change.start)
    return [rung for rung in rungs[begin + 1 : end + 1] if rung.effort is not None]


def lock_words(text: str, scorer: Scorer, language: str) -> str:
    """What a lock (`q5`, `q5:D`) names, in words."""
    item_id, _, name = text.partition(":")
    item: Any = scorer.instrument.items[item_id]
    place = LANGUAGES.index(language)
    kind = "scene" if isinstance(item, Scene) else "question"
    said = WORDS[kind][place].format(number=item.number) + " " + str(item.short.say(language))
    if not name:
        return said
    row = next((row.label.say(language) for row in getattr(item, "rows", ()) if row.id == name), None)
    answer = row or _label(item, int(name) if isinstance(item, Scene) else name, language)
    return WORDS["row"][place].format(name=said, row=answer)
