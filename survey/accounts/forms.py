"""The forms around the account."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from survey.accounts import passwords
from survey.accounts.recipients import recipient
from survey.forms import SiteForm, tidy

PASSWORD_FAULTS = {
    "short": _l("Make the password at least 15 characters long, for example four words that do not belong together"),
    "long": _l("Make the password at most 128 characters long"),
    "common": _l(
        "This password is easy to guess. Choose words that have nothing to do with you, the firm or this site"
    ),
}


def _is_recipient(_form: SiteForm, field: StringField) -> None:
    if recipient(field.data or "") is None:
        raise StopValidation(_l("Enter a mobile number with 11 digits or an e-mail address"))


class RegisterForm(SiteForm):
    """`context` are words that the password must not be made of, besides what is typed here."""

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

    context: tuple[str, ...] = ()

    def validate_password(self, field: PasswordField) -> None:
        """Runs after the validators of the field."""
        words = (self.name.data or "", self.recipient.data or "", *self.context)
        fault = passwords.fault(field.data or "", words)
        if fault:
            raise StopValidation(PASSWORD_FAULTS[fault])


class CodeForm(SiteForm):
    code = StringField(
        _l("Code"),
        filters=[lambda text: (tidy(text) or "").replace(" ", "")],
        validators=[InputRequired(_l("Enter the code with 6 digits"))],
    )


class SignInForm(SiteForm):
    """Says nothing about the form of what is entered: every failure has the same text."""

    recipient = StringField(
        _l("Mobile number or e-mail address"),
        validators=[InputRequired(_l("Enter your mobile number or e-mail address"))],
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])
    next = HiddenField(validators=[Optional()])
