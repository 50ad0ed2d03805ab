"""Figures of an area and of the city as charts and tables."""

from flask import Blueprint

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard")
