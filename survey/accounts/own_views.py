"""The pages of one's own account: number, address, password, second factor, sign-ins."""

from flask import Blueprint

bp = Blueprint("account", __name__, url_prefix="/account")
