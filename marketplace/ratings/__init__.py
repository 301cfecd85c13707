"""One rating for each completed booking."""
