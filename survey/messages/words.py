"""What messages say: a subject and a text for each kind, translated when they are written.

Every text may name %(site)s and %(base)s, the site's configured address; what else it names is given with its kind.
Texts are plain; an SMS carries the text alone, so it must say all that matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Words:
    """`values` are the names that the text holds besides site and base; in words where they are translated."""

    values: tuple[str, ...]
    subject: LazyString
    text: LazyString


KINDS: Final[Mapping[str, Words]] = {
    "register": Words(
        ("code",),
        _l("Your code"),
        _l("%(code)s is your code for %(site)s. It is valid for 10 minutes. Do not pass it on."),
    ),
    "register_known": Words(
        ("address",),
        _l("You already have an account"),
        _l(
            "You already have an account at %(site)s. Sign in at %(address)s. "
            "If it was not you who tried to register, nothing needs to be done."
        ),
    ),
    "sign_in": Words(
        ("code",),
        _l("Your code for signing in"),
        _l(
            "%(code)s is your code for signing in to %(site)s. It is valid for 10 minutes. "
            "Nobody from the site will ever ask for it."
        ),
    ),
    "sign_in_unknown": Words(
        ("address",),
        _l("No account"),
        _l(
            "Somebody asked for a code for %(site)s with this number or address. There is no account with it. "
            "To register: %(address)s. If it was not you, nothing needs to be done."
        ),
    ),
    "reset": Words(
        ("address",),
        _l("Choose a new password"),
        _l(
            "Choose a new password for %(site)s within 30 minutes: %(address)s "
            "If it was not you who asked for this, nothing needs to be done; your password stays as it is."
        ),
    ),
    "reset_unknown": Words(
        ("address",),
        _l("No account"),
        _l(
            "Somebody asked for a new password for %(site)s with this number or address. There is no account with it. "
            "To register: %(address)s. If it was not you, nothing needs to be done."
        ),
    ),
    "change": Words(
        ("code",),
        _l("Your code for the change"),
        _l("%(code)s is your code to confirm this number or address at %(site)s. It is valid for 10 minutes."),
    ),
    "change_taken": Words(
        (),
        _l("This number or address has an account"),
        _l(
            "Somebody asked to connect this number or address with their account at %(site)s. It belongs to another "
            "account already, so nothing was changed. If it was not you, nothing needs to be done."
        ),
    ),
    "changed": Words(
        ("what",),
        _l("Your account was changed"),
        _l("At %(site)s this was changed: %(what)s. If it was not you, call the contact on the site at once: %(base)s"),
    ),
    "invitation": Words(
        (
            "place",
            "role",
            "address",
        ),
        _l("An invitation"),
        _l("You are invited to %(site)s for %(place)s (%(role)s). Accept within 14 days: %(address)s"),
    ),
    "claim_code": Words(
        (
            "firm",
            "code",
            "address",
        ),
        _l("The code for your firm"),
        _l(
            "%(firm)s can be entered at %(site)s with the code %(code)s at %(address)s. "
            "It is valid for 30 days and only once. Do not pass it on."
        ),
    ),
    "claim_decided": Words(
        (
            "firm",
            "outcome",
        ),
        _l("Your request was decided"),
        _l("%(site)s: your request to act for %(firm)s was decided: %(outcome)s. See %(base)s"),
    ),
    "claim_on_firm_decided": Words(
        (
            "firm",
            "outcome",
        ),
        _l("A request about your firm was decided"),
        _l("%(site)s: somebody else's request to act for %(firm)s was decided: %(outcome)s. See %(base)s"),
    ),
    "claimed_too": Words(
        ("firm",),
        _l("Somebody else says to act for your firm"),
        _l(
            "%(site)s: somebody else asks to act for %(firm)s. The office of your district will look into it. "
            "You can go on working. Nobody sees your answers until the office has decided."
        ),
    ),
    "member_changed": Words(
        (
            "firm",
            "role",
        ),
        _l("Your right in a firm was changed"),
        _l("%(site)s: your right for %(firm)s is now: %(role)s."),
    ),
    "role_changed": Words(
        (
            "role",
            "place",
        ),
        _l("Your role was changed"),
        _l("%(site)s: your role is now: %(role)s, %(place)s."),
    ),
    "role_ended": Words(
        (
            "role",
            "place",
        ),
        _l("Your role has ended"),
        _l("%(site)s: your role has ended: %(role)s, %(place)s."),
    ),
    "locked": Words(
        (),
        _l("Your account was locked"),
        _l("%(site)s: your account was locked. Ask the contact named on the site: %(base)s"),
    ),
    "unlocked": Words(
        (),
        _l("Your account is open again"),
        _l("%(site)s: your account can be used again: %(base)s"),
    ),
    "closed": Words(
        (),
        _l("Your account was closed"),
        _l("%(site)s: your account was closed and your personal data were erased."),
    ),
    "visit_planned": Words(
        ("firm", "day", "who", "ready", "address"),
        _l("A visit to your firm"),
        _l(
            "%(site)s: the answers of %(firm)s are to be verified on site. Day: %(day)s. Who comes: %(who)s. "
            "Have ready what shows that the answers hold: %(ready)s. See %(address)s"
        ),
    ),
    "visit_asked": Words(
        ("firm", "day", "address"),
        _l("You are asked to visit a firm"),
        _l("%(site)s: you are asked to verify %(firm)s on site. Day: %(day)s. To prepare: %(address)s"),
    ),
    "visit_cancelled": Words(
        ("firm", "reason"),
        _l("A visit was cancelled"),
        _l("%(site)s: the visit to %(firm)s was cancelled. Reason: %(reason)s"),
    ),
    "visit_entered": Words(
        ("firm", "until", "address"),
        _l("The findings of the on-site assessment"),
        _l(
            "%(site)s: what was found on site at %(firm)s has been entered. Agree or comment by %(until)s: %(address)s "
            "Then a second person checks it."
        ),
    ),
    "visit_sent_back": Words(
        ("firm", "reason", "address"),
        _l("Findings of a visit were sent back"),
        _l("%(site)s: please look again at the findings for %(firm)s. Reason: %(reason)s See %(address)s"),
    ),
    "visit_confirmed": Words(
        ("firm", "result", "address"),
        _l("The on-site result stands"),
        _l("%(site)s: the on-site assessment of %(firm)s has been confirmed: %(result)s. The report: %(address)s"),
    ),
    "returned": Words(
        ("firm", "part", "count", "day", "address"),
        _l("Your submission was returned"),
        _l(
            "%(site)s: “%(part)s” of %(firm)s was returned with %(count)s to mend by %(day)s. "
            "It is returned only once. Each is named at its question: %(address)s"
        ),
    ),
    "more_time": Words(
        ("firm", "part", "day", "address"),
        _l("You have more time to mend your submission"),
        _l("%(site)s: “%(part)s” of %(firm)s may be mended until %(day)s: %(address)s"),
    ),
    "accepted": Words(
        ("firm", "part", "address"),
        _l("Your submission was accepted"),
        _l("%(site)s: “%(part)s” of %(firm)s was accepted. The report is at %(address)s"),
    ),
    "rights_answered": Words(
        ("answer",),
        _l("Your request was answered"),
        _l("%(site)s: your request about your personal data was answered: %(answer)s"),
    ),
}
"""Every kind of message. A new one is one entry here; the catalogues hold the Chinese."""
