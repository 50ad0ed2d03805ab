"""An instrument by what people call it at the terminal: a file, a version, or a revision of a published version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from questionnaires import catalogue
from questionnaires.faults import DefinitionError, Fault
from questionnaires.instrument import Instrument
from scoring.making import looked_into, scorer_from
from survey.database import reading
from survey.publishing.actions import unfinished, untranslated
from survey.publishing.queries import instrument as instrument_in
from survey.publishing.queries import revisions


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument, and where it was found, in the language of the answer."""

    instrument: Instrument
    label: str


def found(name: str) -> Source:
    """The instrument in that file, or of that name: `digital/2024` is the newest published revision, else the one
    shipped; `digital/2024/2` is that revision. Raises `DefinitionError` with its faults, or because there is none.
    """
    if Path(name).is_file():
        return Source(from_file(Path(name)), name)
    questionnaire, version, revision = [*name.split("/"), "", ""][:3]
    rows = revisions(reading(), questionnaire, version)
    chosen = [row for row in rows if not revision or str(row.revision) == revision]
    if chosen:
        label = _(
            "%(name)s, published revision %(revision)s", name=f"{questionnaire}/{version}", revision=chosen[-1].revision
        )
        return Source(instrument_in(reading(), chosen[-1].id), label)
    file = catalogue.DEFINITIONS / questionnaire / f"{version}.yaml"
    if revision or file not in list(catalogue.shipped()):
        told = _("there is no file of that name, nor a published or shipped version")
        raise DefinitionError([Fault("", "shape", {"message": told})])
    return Source(from_file(file), _("%(name)s as shipped", name=name))


def from_file(file: Path) -> Instrument:
    """The instrument in a definition file; whatever is wrong with the file is a `DefinitionError`."""
    try:
        return scorer_from(file).instrument
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError([Fault("", "shape", {"message": str(error)})]) from None


def faults_of(file: Path) -> tuple[Instrument | None, list[Fault], list[Fault]]:
    """What is in a definition file: the instrument where it has the shape of one, what keeps it from being scored, and
    what is unfinished (texts missing in a language, sources), which keeps it from being published only.
    """
    try:
        raw = catalogue.read(file)
    except DefinitionError as error:
        return None, list(error.faults), []
    except (OSError, UnicodeDecodeError) as error:
        return None, [Fault("", "shape", {"message": str(error)})], []
    instrument, scorer, faults = looked_into(raw)
    if instrument is not None and scorer is not None:
        return instrument, [], unfinished(instrument)
    plain = raw if instrument is None else instrument.model_dump(mode="json", by_alias=True)
    return instrument, list(DefinitionError(faults).faults), untranslated(plain)
