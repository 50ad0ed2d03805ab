"""Claiming a firm: by code, or by a letter that an office approves."""

from flask import Blueprint

bp = Blueprint("claims", __name__, url_prefix="/claim")
