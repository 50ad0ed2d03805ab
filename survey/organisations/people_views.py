"""Who acts for a firm: inviting, changing, ending, handing over."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/organisation")
