"""The forms of the security administrator."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length, StopValidation

from survey import credit_code
from survey.accounts.recipients import recipient
from survey.accounts.role_names import STAFF_ROLE_NAMES
from survey.administration.words import CHECKS, LOCK_REASONS
from survey.database import reading
from survey.forms import SiteForm, tidy
from survey.languages import page_language
from survey.models.staff import AREA_ROLES, PROVIDER_ROLES
from survey.organisations.forms import visible, why_wrong
from survey.organisations.queries import area_name, areas_tree
from survey.providers.queries import providers

NEW: Final = "new"
MOST_NAME: Final = 100


class SearchForm(SiteForm):
    """Who is looked for."""

    text = StringField(
        _l("Name or account"),
        filters=[visible, tidy],
        validators=[Length(max=254, message=_l("Shorten the text"))],
        default="",
    )
    who = SelectField(
        _l("Which accounts"),
        choices=[
            SelectChoice("staff", _l("With a role in an office, at a provider or for the city")),
            SelectChoice("everybody", _l("Everybody")),
            SelectChoice("locked", _l("Locked")),
            SelectChoice("unprotected", _l("With a role but without second factor")),
        ],
        default="staff",
    )


class LockForm(SiteForm):
    """Why an account is locked."""

    reason = RadioField(
        _l("Reason"),
        choices=[SelectChoice(*each) for each in LOCK_REASONS.items()],
        validators=[DataRequired(_l("Choose the reason"))],
    )


class CheckForm(SiteForm):
    """How somebody's identity was checked."""

    check = RadioField(
        _l("How did you make sure who it is?"),
        choices=[SelectChoice(*each) for each in CHECKS.items()],
        validators=[DataRequired(_l("Choose how the identity was checked"))],
    )


class RoleForm(SiteForm):
    """A role and where it is held; roles for the city are held at its top, whatever area is chosen."""

    role = SelectField(_l("Role"), validators=[DataRequired(_l("Choose the role"))])
    area = SelectField(_l("Area"))
    provider = SelectField(_l("Provider"))
    provider_name = StringField(
        _l("Name of the new provider"),
        filters=[visible],
        validators=[Length(max=MOST_NAME, message=_l("Shorten the name to 100 characters"))],
    )
    provider_code = StringField(_l("Its unified social credit code"), filters=[visible])

    provider_code_read: str | None = None

    def offer(self) -> None:
        """Fill the lists to choose from."""
        language, session = page_language(), reading()
        self.role.choices = [("", _("Choose")), *((key, str(name)) for key, name in STAFF_ROLE_NAMES.items())]
        self.area.choices = [
            ("", _("Choose")),
            *(
                (place.area.public_id, "\u2003" * place.depth + area_name(place.area, language))
                for place in areas_tree(session)
            ),
        ]
        known = [(each.public_id, each.name) for each in providers(session)]
        self.provider.choices = [("", _("Choose")), (NEW, _("A new provider, named below")), *known]

    def validate_area(self, field: SelectField) -> None:
        if self.role.data in AREA_ROLES and not field.data:
            raise StopValidation(_("Choose the area for which the role is held"))

    def validate_provider(self, field: SelectField) -> None:
        if self.role.data in PROVIDER_ROLES and not field.data:
            raise StopValidation(_("Choose the provider, or enter a new one"))

    def validate_provider_name(self, field: StringField) -> None:
        if self._is_new_provider and not field.data:
            raise StopValidation(_("Enter the provider's name"))

    def validate_provider_code(self, field: StringField) -> None:
        if not self._is_new_provider or not field.data:
            return
        found = credit_code.read(field.data)
        if isinstance(found, credit_code.Wrong):
            raise StopValidation(why_wrong(found))
        self.provider_code_read = found.text

    @property
    def _is_new_provider(self) -> bool:
        return self.role.data in PROVIDER_ROLES and self.provider.data == NEW


class InviteForm(RoleForm):
    """The same for somebody by number or address; `to` is set once the form is valid."""

    recipient = StringField(
        _l("Mobile number or e-mail address"),
        filters=[visible, tidy],
        validators=[DataRequired(_l("Enter the number or address"))],
    )

    to: str = ""

    def validate_recipient(self, field: StringField) -> None:
        found = recipient(field.data or "")
        if found is None:
            raise StopValidation(_("Enter a Chinese mobile number with 11 digits or an e-mail address"))
        self.to = found[1]


def offered(form: RoleForm) -> Any:
    """The form with its lists filled."""
    form.offer()
    return form
