"""Pages of the security administrator: accounts, roles, requests."""

from flask import Blueprint

from survey.administration import request_views

bp = Blueprint("administration", __name__, url_prefix="/security")
request_views.add_to(bp)
