"""Pages of the auditor: the record, read and filtered."""

from flask import Blueprint

bp = Blueprint("auditing", __name__, url_prefix="/audit")
