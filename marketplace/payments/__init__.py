"""Money in and out: orders, payments, refunds, transfers, the ledger, and Stripe's events."""
