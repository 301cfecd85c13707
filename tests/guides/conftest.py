"""Coaches around Ottawa, and what a page tells search engines."""

import json
import re
from html import unescape
from typing import Any

from tests.matching.conftest import put as put


def links(page: str, relation: str) -> dict[str, str]:
    """The addresses of that relation in a page's head, by language ("" where there is none)."""
    found = re.findall(rf'<link rel="{relation}"(?: hreflang="([^"]+)")? href="([^"]+)">', page)
    return {language: unescape(address) for language, address in found}


def is_kept_out(page: str) -> bool:
    """Whether the page asks search engines to pass it over."""
    return '<meta name="robots" content="noindex">' in page


def linked_data(page: str) -> list[dict[str, Any]]:
    """The facts that the page holds for search engines, parsed as a browser finds them: up to the first end tag."""
    texts = re.findall(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script', page, re.DOTALL)
    return [json.loads(text) for text in texts]
