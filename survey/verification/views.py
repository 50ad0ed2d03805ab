"""On-site verification: planning a visit, entering what was found, the firm's word, the second person's check."""

from flask import Blueprint

bp = Blueprint("verification", __name__, url_prefix="/visits")
