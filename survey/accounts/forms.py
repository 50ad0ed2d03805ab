"""The forms around the account."""

from collections.abc import Mapping
from typing import Final

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from survey.accounts import passwords
from survey.accounts.recipients import recipient
from survey.forms import SiteForm, tidy

PASSWORD_FAULTS: Final[Mapping[str, LazyString]] = {
    "short": _l("Make the password at least 15 characters long, for example four words that do not belong together"),
    "short with factor": _l("Make the password at least 8 characters long"),
    "long": _l("Make the password at most 128 characters long"),
    "kinds": _l("Use three of these: capital letters, small letters, digits, other signs"),
    "common": _l(
        "This password is easy to guess. Choose words that have nothing to do with you, the firm or this site"
    ),
}

PASSWORD_HINTS: Final[Mapping[tuple[str, bool], LazyString]] = {
    ("asvs", False): _l(
        "At least 15 characters. Four words that do not belong together are easy to remember. You may paste it."
    ),
    ("asvs", True): _l("At least 8 characters; longer is better. You may paste it."),
    ("mlps", False): _l(
        "At least 15 characters, with three of these: capital letters, small letters, digits, other signs. "
        "You may paste it."
    ),
    ("mlps", True): _l(
        "At least 8 characters, with three of these: capital letters, small letters, digits, other signs. "
        "You may paste it."
    ),
}
"""By the operator's profile, and whether the person always signs in with a second factor."""


def _profile() -> str:
    profile: str = current_app.config["SETTINGS"].password_profile
    return profile


def _without_spaces(text: str | None) -> str:
    return (tidy(text) or "").replace(" ", "").replace("-", "")


def _is_recipient(_form: SiteForm, field: StringField) -> None:
    """A code can be sent there."""
    found = recipient(field.data or "")
    if found is None:
        raise StopValidation(_l("Enter a mobile number with 11 digits or an e-mail address"))
    if found[0] == "mobile" and current_app.config["SETTINGS"].sms_driver == "none":
        raise StopValidation(_l("Enter an e-mail address: this site sends no SMS"))


class NewPassword:
    """What forms with a field `password` for a new one share.

    `context` are words that it must not be made of; `second_factor` as in `passwords.shortest`.
    """

    context: tuple[str, ...] = ()
    second_factor = False

    def validate_password(self, field: PasswordField) -> None:
        """Runs after the validators of the field."""
        fault = passwords.fault(field.data or "", self.words(), profile=_profile(), second_factor=self.second_factor)
        if fault:
            raise StopValidation(PASSWORD_FAULTS[fault])

    def words(self) -> tuple[str, ...]:
        return self.context

    @property
    def hint(self) -> LazyString:
        return PASSWORD_HINTS[_profile(), self.second_factor]


class RegisterForm(NewPassword, SiteForm):
    name = StringField(
        _l("Your name"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter your name")),
            Length(max=50, message=_l("Shorten the name to 50 characters")),
        ],
    )
    recipient = StringField(_l("Mobile number or e-mail address"), validators=[Length(max=254), _is_recipient])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Choose a password"))])
    accepted = BooleanField(
        _l("Privacy notice"), validators=[InputRequired(_l("Read the privacy notice and tick that you agree"))]
    )
    next = HiddenField(validators=[Optional()])

    def words(self) -> tuple[str, ...]:
        return self.name.data or "", self.recipient.data or "", *self.context


class NewPasswordForm(NewPassword, SiteForm):
    password = PasswordField(_l("New password"), validators=[InputRequired(_l("Choose a password"))])


class ResetForm(NewPasswordForm):
    """Ticked from the start: whoever forgot a password cannot know who else has a device of theirs."""

    end_others = BooleanField(_l("Sign out everywhere"), default=True)


class CodeForm(SiteForm):
    code = StringField(
        _l("Code with 6 digits"),
        filters=[_without_spaces],
        validators=[InputRequired(_l("Enter the code with 6 digits"))],
    )


class FactorForm(SiteForm):
    code = StringField(
        _l("Code from the app"),
        filters=[_without_spaces],
        validators=[InputRequired(_l("Enter the code that the app shows")), Length(max=40)],
    )


class RecipientForm(SiteForm):
    """Where to send a code or a link."""

    recipient = StringField(_l("Mobile number or e-mail address"), validators=[Length(max=254), _is_recipient])
    next = HiddenField(validators=[Optional()])


class SignInForm(SiteForm):
    """Says nothing about the form of what is entered: every failure has the same text."""

    recipient = StringField(
        _l("Mobile number or e-mail address"),
        validators=[InputRequired(_l("Enter your mobile number or e-mail address"))],
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])
    next = HiddenField(validators=[Optional()])


class ProofForm(SiteForm):
    """Asks for what this person has: the others are taken out of the form."""

    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])
    sent = StringField(
        _l("Code that was sent"),
        filters=[_without_spaces],
        validators=[InputRequired(_l("Enter the code with 6 digits"))],
    )
    code = StringField(
        _l("Code from the app"),
        filters=[_without_spaces],
        validators=[InputRequired(_l("Enter the code that the app shows")), Length(max=40)],
    )
    next = HiddenField(validators=[Optional()])

    def only(self, **wanted: bool) -> "ProofForm":
        """The form without the fields that are not wanted."""
        for name, kept in wanted.items():
            if not kept:
                del self[name]
        return self
