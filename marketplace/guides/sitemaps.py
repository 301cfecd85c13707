"""How a sitemap is written (sitemaps.org, with the languages of a page beside it). Pure: texts in, XML out.

Each page stands there once in each language, and each entry names all of them, as search engines ask.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
SET_BEGINS = f'{HEAD}<urlset xmlns="{SCHEMA}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
SET_ENDS = "</urlset>\n"
MOST_ADDRESSES = 50_000
"""What one file may hold at most."""


def index(parts: Iterable[str]) -> str:
    """The index that names the parts by their addresses."""
    named = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in parts)
    return f'{HEAD}<sitemapindex xmlns="{SCHEMA}">\n{named}</sitemapindex>\n'


def entry(addresses: Mapping[str, str], changed_on: date | None = None) -> str:
    """A page by its addresses in each language."""
    links = "".join(_link(language, address) for language, address in addresses.items())
    links += _link("x-default", addresses["en"])
    changed = f"<lastmod>{changed_on.isoformat()}</lastmod>" if changed_on else ""
    return "".join(f"<url><loc>{escape(address)}</loc>{changed}{links}</url>\n" for address in addresses.values())


def _link(language: str, address: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(address)}"/>'
