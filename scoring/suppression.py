"""Which groups of a release may be shown, so that nobody learns the score of a single firm.

What an attacker may have: every page, report and export of all releases; the list of firms, so that it is no secret who
is counted where; all scores of one area, as an office has them; and the score of a firm of his own. He can add and
subtract whatever is shown. To be safe against any of that we assume he sees each shown group whole: how many of its
firms lie in each bin. What is really shown is far less (`scoring.percentile`).

A **crowd** are firms that lie in exactly the same shown groups. Nothing that is computed from shown groups changes when
two firms of a crowd trade places. So the score of a firm cannot be told as long as those of its crowd that the attacker
does not know differ. Hence one rule, for every crowd (`scoring.crowds`):

* **few**: it has at least the minimum of firms. This covers the group itself; the difference of two groups of which one
  holds the other ("all less C34"); what is left of a group beside those shown in it; and any longer sum of that kind.
* The same for what is left of it beside the firms of any one area, unless that is nothing. Otherwise the office of the
  area subtracts its own firms from a group of the city, and a single one is left.
* **concentrated**: of every measure, at least two firms lie outside any two neighbouring bins, again also beside any
  one area. Otherwise all have the same score, and whoever sees the group knows it; two, since one may be his own.

A group is withheld if showing it would leave a crowd that breaks the rule: a part of its own firms (`difference`), or
the firms beside it (`sibling`: of groups that leave nothing over, the smallest is withheld with those that are too
small).

Two releases are subtracted like two groups (`change`). What remains of a group that both show are the firms that came
to it since and those that went, one that answered anew being both: the same rule holds for them (`scoring.change`). Nor
may anything that is computed from the new groups hold nearly the same firms as a group of an earlier release.

Groups are taken in the order of their use. Showing one only ever splits crowds, so one pass is enough, and what is
shown already stays safe. Time grows with the number of memberships, never with pairs of groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from scoring.change import Earlier, Past
from scoring.showing import Block, Group, Showing


@dataclass(frozen=True, slots=True)
class Decision(Generic[Group]):
    """`withheld` says why, by group."""

    shown: frozenset[Group]
    withheld: Mapping[Group, str]


def decide(
    blocks: Sequence[Block[Group]],
    order: Callable[[Group], object],
    minimum: int,
    earlier: Sequence[Earlier[Group]] = (),
) -> Decision[Group]:
    """Which groups are shown. `order` sorts them by use; the first must hold everybody, without it nothing is shown.

    Groups of the same use are taken from the largest to the smallest.
    """
    now = Showing(blocks, minimum)
    past = [Past(each, now, minimum) for each in earlier]
    withheld = {group: "few" for group in now.members if now.firms(group) < minimum}
    candidates = (group for group in now.members if group not in withheld)
    shown: set[Group] = set()
    for group in sorted(candidates, key=lambda each: (order(each), -now.firms(each), each)):
        split = now.split(group)
        reason = now.refusal(group) or ("change" if any(each.refuses(group, split) for each in past) else "")
        if reason:
            withheld[group] = reason
        else:
            shown.add(group)
            for each in past:
                each.show(group, split, len(now.crowds))
            now.show(group)
        if not shown:  # without the one that holds everybody
            return Decision(frozenset(), dict.fromkeys(now.members, reason) | withheld)
    return Decision(frozenset(shown), withheld)
