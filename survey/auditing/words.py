"""What the record says, in words: each deed in its group, results, and the short words that say more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.accounts.conflicts import CONFLICTS
from survey.accounts.role_names import ROLE_NAMES
from survey.administration.words import CHECKS, LOCK_REASONS


@dataclass(frozen=True, slots=True)
class Group:
    """Deeds of one sort, by the key of `audit.ACTIONS`."""

    title: LazyString
    deeds: Mapping[str, LazyString]


GROUPS: Final[Mapping[str, Group]] = {
    "sign_in": Group(
        _l("Signing in"),
        {
            "account.sign_in": _l("Signed in"),
            "account.sign_out": _l("Signed out"),
            "account.request_code": _l("Asked for a code"),
            "account.second_factor": _l("Second step of signing in"),
            "account.use_recovery_code": _l("Used a recovery code"),
            "account.prove": _l("Proved again who it is"),
            "account.end_sign_ins": _l("Sign-ins ended"),
        },
    ),
    "account": Group(
        _l("Accounts"),
        {
            "account.register": _l("Registered"),
            "account.accept_notice": _l("Accepted the privacy notice"),
            "account.start_reset": _l("Password reset started"),
            "account.reset": _l("Password reset"),
            "account.change": _l("Account changed"),
            "account.reset_second_factor": _l("Second factor taken away"),
            "account.lock": _l("Account locked"),
            "account.unlock": _l("Account unlocked"),
            "account.close": _l("Account closed"),
            "account.retain": _l("Personal data erased on time"),
        },
    ),
    "role": Group(
        _l("Roles and invitations"),
        {
            "role.grant": _l("Role granted"),
            "role.end": _l("Role ended"),
            "provider.create": _l("Provider entered"),
            "invitation.send": _l("Invitation made"),
            "invitation.accept": _l("Invitation accepted"),
            "invitation.withdraw": _l("Invitation withdrawn"),
            "member.change": _l("Colleague's right changed"),
            "member.end": _l("Colleague's right ended"),
        },
    ),
    "firm": Group(
        _l("Firms"),
        {
            "firms.import": _l("List of firms imported"),
            "firms.export": _l("List of firms exported"),
            "firm.view": _l("Firm looked at by an office"),
            "firm.release": _l("Firm set free for a new claim"),
            "firm.copy": _l("Copy of a firm's data made"),
            "organisation.create": _l("Firm entered"),
            "organisation.edit": _l("Firm's details changed"),
            "organisation.claim": _l("Said to act for a firm"),
            "fact.save": _l("Figures saved"),
            "outside_result.add": _l("Result held elsewhere recorded"),
            "outside_result.correct": _l("Result held elsewhere corrected"),
            "outside_result.withdraw": _l("Result held elsewhere withdrawn"),
        },
    ),
    "claim": Group(
        _l("Claims and assessors"),
        {
            "claim_code.make": _l("Code for a firm made"),
            "claim.make": _l("Claim made"),
            "claim.letter": _l("Letter of a claim looked at"),
            "claim.decide": _l("Claim decided"),
            "claim.withdraw": _l("Claim withdrawn"),
            "assessor.assign": _l("Assessor assigned"),
            "assessor.end": _l("Assessor's task ended"),
        },
    ),
    "desk": Group(
        _l("Reviews and visits"),
        {
            "review.accept": _l("Submission accepted"),
            "review.return": _l("Submission returned with faults"),
            "visit.plan": _l("Visit planned"),
            "visit.enter": _l("Findings of a visit handed in"),
            "visit.comment": _l("Firm's word on the findings"),
            "visit.send_back": _l("Findings sent back"),
            "visit.confirm": _l("Findings confirmed"),
            "visit.cancel": _l("Visit cancelled"),
            "evidence.add": _l("Evidence added"),
            "evidence.remove": _l("Evidence removed"),
            "evidence.view": _l("Evidence opened by an office"),
            "firm.note": _l("Contact with a firm noted"),
            "bundle.order": _l("Many reports ordered"),
            "bundle.download": _l("Many reports downloaded"),
            "dashboard.export": _l("Figures of a dashboard downloaded"),
        },
    ),
    "answer": Group(
        _l("Answers and reports"),
        {
            "submission.start": _l("Filling in begun"),
            "submission.submit": _l("Submitted"),
            "report.order": _l("Report ordered"),
            "report.download": _l("Report downloaded"),
        },
    ),
    "privacy": Group(
        _l("Privacy"),
        {
            "consent.give": _l("Consent given"),
            "consent.withdraw": _l("Consent withdrawn"),
            "data.copy": _l("Copy of own data made"),
            "rights.request": _l("Request about personal data made"),
            "rights.answer": _l("Request about personal data answered"),
        },
    ),
    "city": Group(
        _l("Questionnaires and the city's lists"),
        {
            "area.edit": _l("Area changed"),
            "sub_industry.edit": _l("Own industry changed"),
            "group.edit": _l("Chain or cluster changed"),
            "calendar.edit": _l("Calendar changed"),
            "benchmark.release": _l("Benchmark released"),
            "instrument.publish": _l("Questionnaire published"),
            "instrument.confirm": _l("Publication confirmed by a second person"),
            "campaign.correct_wording": _l("Wording corrected while a round runs"),
            "references.import": _l("Reference values entered"),
        },
    ),
    "record": Group(
        _l("Refusals and the record itself"),
        {
            "access.refused": _l("Access refused"),
            "audit.read": _l("Record read"),
            "audit.verify": _l("Record verified"),
            "audit.seal_broken": _l("Record found changed"),
            "audit.expire": _l("Old records removed"),
        },
    ),
}
"""Every deed of `audit.ACTIONS` stands in one group; a house test names the one forgotten."""

DEEDS: Final[Mapping[str, LazyString]] = {
    action: words for group in GROUPS.values() for action, words in group.deeds.items()
}

RESULTS: Final[Mapping[str, LazyString]] = {"done": _l("carried out"), "refused": _l("turned down")}

DETAILS: Final[Mapping[str, LazyString]] = {
    **ROLE_NAMES,
    **LOCK_REASONS,
    **CHECKS,
    "password": _l("with the password"),
    "code": _l("with a code"),
    "totp": _l("with the authenticator app"),
    "recovery": _l("with a recovery code"),
    "set_up": _l("set up"),
    "reset": _l("after a reset"),
    "wait": _l("too many failures, had to wait"),
    "apart": _l("holds a role that must be kept apart"),
    "held": _l("held already"),
    "inactive": _l("account locked or closed"),
    "more time": _l("with more time"),
    "all": _l("of everybody"),
    "xlsx": _l("as a table"),
}
"""The short words that say more about a deed, where they have a name; others are shown as they are."""

_WHY_NOT_CHECKED: Final[Mapping[str, LazyString]] = {**CONFLICTS, "entered": _l("entered the findings")}

DETAILS_OF: Final[Mapping[str, Mapping[str, LazyString]]] = {
    "assessor.assign": CONFLICTS,
    "visit.plan": {"changed": _l("plan changed")},
    "visit.comment": {"agreed": _l("agreed"), "commented": _l("commented")},
    "visit.confirm": _WHY_NOT_CHECKED,
    "visit.send_back": _WHY_NOT_CHECKED,
    "firm.view": {"contact": _l("its contact"), "report": _l("its report")},
    "firm.note": {
        "call": _l("a call"),
        "visit": _l("a visit"),
        "message": _l("a message"),
        "other": _l("something else"),
    },
    "group.edit": {"put_in": _l("a firm was put in"), "taken_out": _l("a firm was taken out")},
}
"""Deeds whose short words mean something of their own: why it was turned down, what was looked at, what changed."""


def said(action: str) -> str:
    """The deed in words; of a deed that is no longer recorded, its key."""
    return str(DEEDS.get(action, action))


def more(action: str, detail: str | None) -> str:
    """What the short word says with this deed."""
    return str(DETAILS_OF.get(action, DETAILS).get(detail, detail)) if detail else ""
