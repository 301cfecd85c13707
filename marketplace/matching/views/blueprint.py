"""The blueprint that all of these pages belong to."""

from flask import Blueprint

bp = Blueprint("matching", __name__)
