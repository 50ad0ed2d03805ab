"""Photos and files that prove answers: brought from a phone, kept without location, shown to who may see them."""

from flask import Blueprint

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
