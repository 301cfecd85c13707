"""The blueprint that all of these pages belong to."""

from flask import Blueprint

bp = Blueprint("kept", __name__)
