"""The blueprint that these endpoints belong to."""

from marketplace.web.api import blueprint
from marketplace.web.security import csrf

bp_api = blueprint("bookings")
csrf.exempt(bp_api)
