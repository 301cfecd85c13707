"""The blueprint that all of these pages belong to."""

from flask import Blueprint

bp = Blueprint("guides", __name__)
