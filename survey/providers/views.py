"""Pages of a provider's people."""

from flask import Blueprint

bp = Blueprint("providers", __name__, url_prefix="/provider")
