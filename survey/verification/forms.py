"""Forms around a visit: the plan, why it is called off, the firm's word, why findings are sent back, the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from survey.forms import SiteForm
from survey.models import User

MOST_REASON = 500
MOST_COMMENT = 2000
NO_DAY = _l("Enter the day as year, month and day")


class PlanForm(SiteForm):
    """`today` must be set before it is validated."""

    planned_on = DateField(_l("Day of the visit"), validators=[Optional()])
    due_on = DateField(_l("To be done by"), validators=[DataRequired(NO_DAY)])
    assessors = SelectMultipleField(
        _l("Who visits"), validators=[DataRequired(_l("Choose who visits the firm"))], validate_choice=True
    )

    today: date = date.min

    def offer(self, people: Iterable[User]) -> None:
        self.assessors.choices = [(each.public_id, each.name) for each in people]

    def validate_planned_on(self, field: DateField) -> None:
        if field.data and self.due_on.data and field.data > self.due_on.data:
            raise ValidationError(_("The visit would be after the last day for it"))
        if field.data and field.data < self.today:
            raise ValidationError(_("That day has passed"))

    def validate_due_on(self, field: DateField) -> None:
        if field.data and field.data < self.today:
            raise ValidationError(_("That day has passed"))


class ReasonForm(SiteForm):
    """Why a visit is called off, or findings are sent back."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Give the reason in a sentence")),
            Length(max=MOST_REASON, message=_l("At most %(max)d characters")),
        ],
    )


class CommentForm(SiteForm):
    """The firm's word on what was found."""

    agreed = RadioField(
        _l("What does the firm say?"),
        choices=[
            SelectChoice("yes", _l("We agree with what was found")),
            SelectChoice("no", _l("We see some of it otherwise")),
        ],
        validators=[InputRequired(_l("Choose one of the two"))],
    )
    comment = TextAreaField(
        _l("Comment"), validators=[Length(max=MOST_COMMENT, message=_l("At most %(max)d characters"))]
    )

    def validate_comment(self, field: TextAreaField) -> None:
        if self.agreed.data == "no" and not (field.data or "").strip():
            raise ValidationError(_("Say what you see otherwise, and what shows it"))


class HandInForm(SiteForm):
    """`today` must be set before it is validated."""

    visited_on = DateField(_l("Day on which you were at the firm"), validators=[DataRequired(NO_DAY)])

    today: date = date.max

    def validate_visited_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("That day is still to come"))
