"""The blueprint that all pages about packages hang on."""

from flask import Blueprint

bp = Blueprint("packages", __name__)
