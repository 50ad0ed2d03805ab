"""The page of a provider's people: who they are. Nothing of any firm."""

from flask import Blueprint, render_template

from survey.access import requires, roles_with
from survey.database import reading
from survey.models import Provider
from survey.providers.queries import colleagues

bp = Blueprint("providers", __name__, url_prefix="/provider")


@bp.get("")
@requires("provider:view")
def home() -> str:
    """The person's providers, mostly one, each with the colleagues who act for it."""
    session = reading()
    ids = sorted({held.provider_id for held in roles_with("provider:view") if held.provider_id is not None})
    shown = [(session.get_one(Provider, each), colleagues(session, each)) for each in ids]
    return render_template("providers/home.html", providers=shown)
