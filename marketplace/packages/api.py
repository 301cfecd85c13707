"""Packages under /api/v1: the visits that I have left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.db import current_session
from marketplace.packages import queries
from marketplace.packages.queries import Held
from marketplace.web.api import BEARER, Price, blueprint
from marketplace.web.app import reads
from marketplace.web.auth import signed_in
from marketplace.web.languages import viewer_zone

bp_api = blueprint("packages")


class CreditsLine(BaseModel):
    """A package with visits left: `worth` is what all of them would bring back, `usable`: one can be used now."""

    package: UUID
    offer: UUID
    coach: str
    title: str
    visits: int
    left: int
    worth: Price
    expires_at: datetime
    usable: bool


class CreditsAnswer(BaseModel):
    """Packages, what ends first first."""

    credits: list[CreditsLine]


@bp_api.get("/credits", responses={200: CreditsAnswer}, security=BEARER)
@reads
@signed_in
def credits() -> dict[str, Any]:
    """The visits that I have bought and not used. `POST /bookings` uses one by `"use_credit": true`."""
    now = clock.now()
    found = queries.of_runner(current_session(), me().id)
    left = [each for each in found if each.package.is_active and each.left and not queries.is_over(each.package, now)]
    return CreditsAnswer(credits=[_line(each) for each in left]).model_dump(mode="json")


def _line(held: Held) -> CreditsLine:
    package = held.package
    assert package.expires_at  # noqa: S101  (what is paid has an end)
    return CreditsLine(
        package=package.id,
        offer=package.offer_id,
        coach=held.coach.slug,
        title=package.title,
        visits=package.visits,
        left=held.left,
        worth=Price.of(held.worth),
        expires_at=package.expires_at.astimezone(viewer_zone()),
        usable=held.is_usable,
    )
