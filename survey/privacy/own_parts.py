"""Everything the site holds about one person, for the copy that the person takes (P-07).

A column that is new and says something about a person is entered in inventory.yaml and here: a test compares them.
Secrets are left out: they are hashes or encrypted, and a copy of them would help nobody but a thief.
"""

from __future__ import annotations

from typing import Final

from survey.privacy.copies import Part
from survey.privacy.own_account_parts import ACCOUNT_PARTS
from survey.privacy.own_work_parts import WORK_PARTS

OWN: Final[tuple[Part, ...]] = (*ACCOUNT_PARTS, *WORK_PARTS)
"""The parts of a copy, in the order of the sheets."""
