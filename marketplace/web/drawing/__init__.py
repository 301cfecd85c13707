"""The drawn people of the site, as SVG: the runner in every pose that a form issue needs, and coaches' portraits."""
