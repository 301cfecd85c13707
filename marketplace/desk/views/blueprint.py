"""The blueprint that all pages of the desk belong to."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
