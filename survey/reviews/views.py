"""An office checks what was submitted: accepts it, or returns it once with all faults."""

from flask import Blueprint

bp = Blueprint("reviews", __name__, url_prefix="/reviews")
