"""Coaches: who they are, what they fix, what they sell, and whether they are listed."""
