"""Benchmark releases: making them and reading them."""

from flask import Blueprint

bp = Blueprint("benchmark", __name__, url_prefix="/city/releases")
