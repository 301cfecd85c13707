"""Webhook endpoints made by the API."""

from secrets import token_urlsafe
from typing import Any

from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.shapes import Thing


def create(desk: Desk, asked: dict[str, Any]) -> Thing:
    """A new listener; its signing secret is shown this once."""
    if not asked["url"].startswith(("http://", "https://")):
        raise Refusal("Invalid URL.", code="url_invalid", param="url")
    endpoint = desk.make(
        "webhook_endpoint",
        api_version=asked.get("api_version"),
        description=asked.get("description"),
        enabled_events=asked["enabled_events"],
        livemode=False,
        metadata=asked.get("metadata") or {},
        status="enabled",
        url=asked["url"],
    )
    secret = f"whsec_{token_urlsafe(24)}"
    desk.keep_secret(endpoint["id"], secret=secret)
    return {**endpoint, "secret": secret}
