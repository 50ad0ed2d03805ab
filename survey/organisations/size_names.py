"""What a firm of each size class is called."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SIZES: Final[Mapping[str, LazyString]] = {
    "large": _l("Large firm"),
    "medium": _l("Medium-sized firm"),
    "small": _l("Small firm"),
    "micro": _l("Micro firm"),
}
