"""The blueprint that all of staff's pages belong to."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")
