"""Packages: several visits of an offer bought at once, kept as credits, each used for a booking or given back."""
