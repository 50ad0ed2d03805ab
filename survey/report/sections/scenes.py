"""The scenes as a strip, with the words of the level now and of the next one."""

from typing import Any

from flask_babel import gettext as _

from survey.report.content import Report, Scene
from survey.report.wording import listed, sentences

LINE = {"zh_CN": (16, 17), "en": (29, 29)}
"""Characters that fit into a line of the two text columns in print."""
MOST_LINES = 25
"""More are set smaller; many more run on to a second page, and the answers follow there at once."""
SPILLED_LINES = 33


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, groups, asked (the level the next step asks for), dense, spills, strip (the strip in words)."""
    scenes = report.scenes
    if not scenes:
        return None
    lines = sum(_lines(report, scene) for scene in scenes)
    return {
        "title": _("The %(count)s application scenes", count=len(scenes)),
        "lead": sentences(report, [_counts(report), _("Scenes earn no points, but they decide the level.")]),
        "groups": report.scene_groups,
        "asked": report.next.level.number if report.next else report.level.number,
        "asked_name": report.next.level.name if report.next else report.level.name,
        "dense": lines > MOST_LINES,
        "spills": lines > SPILLED_LINES,
        "strip": listed(f"{scene.name} {_level(scene)}" for scene in scenes),
    }


def _level(scene: Scene) -> str:
    return "?" if scene.level is None else str(scene.level)


def _counts(report: Report) -> str:
    levels = [scene.level for scene in report.scenes if scene.level is not None]
    counts = [(step.level, sum(level >= step.level.number for level in levels)) for step in report.steps]
    told = [_("%(count)s at %(level)s or above", count=count, level=level.name) for level, count in counts if count]
    open_ = len(report.scenes) - len(levels)
    if open_:
        told.append(_("%(count)s not answered", count=open_))
    if not told:
        return _("None of the %(count)s scenes has reached level 1 yet.", count=len(report.scenes))
    return _("Of %(count)s scenes: %(told)s.", count=len(report.scenes), told=listed(told))


def _lines(report: Report, scene: Scene) -> int:
    """The lines a scene takes in the printed table."""
    pairs = zip((scene.now, scene.next), LINE[report.language], strict=True)
    return max(-(-len(text) // width) for text, width in pairs) or 1
