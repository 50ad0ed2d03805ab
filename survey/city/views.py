"""Pages of the city administrator: areas and the city's own industries."""

from flask import Blueprint

bp = Blueprint("city", __name__, url_prefix="/city")
