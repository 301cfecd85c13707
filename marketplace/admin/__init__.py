"""Screens for staff over everything: what waits for a decision, orders, the books. No rules of its own."""
