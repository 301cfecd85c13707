"""Where Stripe tells us news, and the receipts of what was paid."""

from marketplace.payments.views import receipts, webhook
from marketplace.payments.views.blueprint import bp

__all__ = ["bp", "receipts", "webhook"]
