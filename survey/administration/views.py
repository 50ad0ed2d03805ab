"""Pages of the security administrator: accounts, roles, requests."""

from flask import Blueprint

bp = Blueprint("administration", __name__, url_prefix="/security")
