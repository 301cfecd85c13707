"""A town's page, the pages of form problems, sitemaps and robots.txt."""

from marketplace.guides.views import issues, sitemap, towns
from marketplace.guides.views.blueprint import bp

__all__ = ["bp", "issues", "sitemap", "towns"]
