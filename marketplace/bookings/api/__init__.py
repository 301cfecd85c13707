"""Bookings and waitlists under /api/v1."""

from marketplace.bookings.api import bookings, waits
from marketplace.bookings.api.blueprint import bp_api

__all__ = ["bookings", "bp_api", "waits"]
