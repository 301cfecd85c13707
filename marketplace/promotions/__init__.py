"""Promotion codes: the site's own, which lower our share, and a coach's, which lower her price."""
