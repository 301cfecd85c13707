"""What staff look at: what waits (`waiting`), an order (`orders`), the books (`books`), a dispute (`proof`)."""

from marketplace.admin.queries.books import Day, days, heard_from_stripe_at, kinds, last_check, months, used_currencies
from marketplace.admin.queries.orders import Told, found_orders, told
from marketplace.admin.queries.proof import Proof, dispute, proof
from marketplace.admin.queries.waiting import Waiting, staff, waiting

__all__ = [
    "Day",
    "Proof",
    "Told",
    "Waiting",
    "days",
    "dispute",
    "found_orders",
    "heard_from_stripe_at",
    "kinds",
    "last_check",
    "months",
    "proof",
    "staff",
    "told",
    "used_currencies",
    "waiting",
]
