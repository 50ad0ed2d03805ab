"""Forms for claiming a firm."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from survey import credit_code
from survey.claims.letters import FAULTS
from survey.credit_code import CreditCode, Wrong
from survey.forms import SiteForm, tidy
from survey.organisations.forms import NewForm, visible, why_wrong

MOST_REMARK = 500


class CodeForm(SiteForm):
    """`code` is set once the form is valid. Whether there is such a firm, or such a code, is not asked here."""

    credit_code = StringField(
        _l("Unified social credit code"), filters=[visible], validators=[DataRequired(_l("Enter the code"))]
    )
    claim_code = StringField(
        _l("Claim code"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter the claim code, 10 letters and digits")),
            Length(max=40, message=_l("The claim code has 10 letters and digits")),
        ],
    )

    code: CreditCode | None = None

    def validate_credit_code(self, field: StringField) -> None:
        """Runs after the validators of the field."""
        found = credit_code.read(field.data or "")
        if isinstance(found, Wrong):
            raise StopValidation(why_wrong(found))
        self.code = found


class LetterForm(NewForm):
    """The same details as for entering a firm, so that the form says nothing of whether the firm is known."""

    letter = FileField(_l("Letter of authorisation"))
    remark = TextAreaField(
        _l("Remark for the office"),
        filters=[visible],
        validators=[Length(max=MOST_REMARK, message=_l("Shorten the remark to 500 characters"))],
    )

    def validate_letter(self, field: FileField) -> None:
        if not field.data or not field.data.filename:
            raise StopValidation(FAULTS["missing"])


class WithdrawForm(SiteForm):
    """Nothing but the token."""
