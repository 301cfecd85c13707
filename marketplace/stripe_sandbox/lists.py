"""Pages of a list: filters by field and creation time, a cursor, a limit."""

from typing import Any

from marketplace.stripe_sandbox.refusals import Refusal, no_such
from marketplace.stripe_sandbox.shapes import Thing, page_of

PAGING = {"limit", "starting_after", "ending_before", "created", "expand", "types"}
MOST, USUAL = 100, 10


def listed(things: list[Thing], asked: dict[str, Any], url: str) -> Thing:
    """The page that was asked for; `things` come newest first, as Stripe lists them."""
    limit = asked.get("limit", USUAL)
    if not 1 <= limit <= MOST:
        raise Refusal("limit must be between 1 and 100.", param="limit")
    found = [thing for thing in things if _matches(thing, asked)]
    ids = [thing["id"] for thing in found]
    for name in ("starting_after", "ending_before"):
        if name in asked and asked[name] not in ids:
            raise no_such("object", asked[name], name)
    if "starting_after" in asked:
        found = found[ids.index(asked["starting_after"]) + 1 :]
    elif "ending_before" in asked:
        before = found[: ids.index(asked["ending_before"])]
        return page_of(before[-limit:], url, more=len(before) > limit)
    return page_of(found[:limit], url, more=len(found) > limit)


def _matches(thing: Thing, asked: dict[str, Any]) -> bool:
    if "types" in asked and thing.get("type") not in asked["types"]:
        return False
    if not _in_time(thing["created"], asked.get("created", {})):
        return False
    return all(thing.get(name) == value for name, value in asked.items() if name not in PAGING)


def _in_time(created: int, asked: int | dict[str, int]) -> bool:
    if isinstance(asked, int):
        return created == asked
    return (
        created > asked.get("gt", -1)
        and created >= asked.get("gte", 0)
        and created < asked.get("lt", created + 1)
        and created <= asked.get("lte", created)
    )
