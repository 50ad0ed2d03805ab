"""Pages of an area's office: its firms, the list, claims to decide."""

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")
