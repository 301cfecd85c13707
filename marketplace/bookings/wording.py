"""What cancelling means, in words: a policy for whoever looks at an offer, and what was agreed with its amounts."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.bookings.policy import Step, Terms
from marketplace.coaches.cancelling import POLICIES, Policy, Preset
from marketplace.money import Money
from marketplace.web.filters import money, when


def preset_name(preset: Preset) -> str:
    """What a policy is called."""
    return {Preset.FLEXIBLE: _("Flexible"), Preset.MODERATE: _("Moderate"), Preset.STRICT: _("Strict")}[preset]


def preset_line(preset: Preset | None) -> str:
    """A policy by its name, in hours; None: the rule of a clip review."""
    if preset is None:
        return _("All your money back if you cancel before the coach opens your clip.")
    return policy_line(POLICIES[preset])


def policy_line(policy: Policy) -> str:
    """A policy in hours before the start."""
    if policy.full_hours == 0:
        return _("All your money back if you cancel before the start.")
    if not policy.part_percent:
        return ngettext(
            "All your money back until %(num)d hour before the start, then nothing.",
            "All your money back until %(num)d hours before the start, then nothing.",
            policy.full_hours,
        )
    facts = {"percent": policy.part_percent, "part": policy.part_hours}
    if policy.part_hours == 0:
        return ngettext(
            "All your money back until %(num)d hour before the start, then %(percent)s%% until it starts.",
            "All your money back until %(num)d hours before the start, then %(percent)s%% until it starts.",
            policy.full_hours,
            **facts,
        )
    return ngettext(
        "All your money back until %(num)d hour before the start, %(percent)s%% until %(part)s h, then nothing.",
        "All your money back until %(num)d hours before the start, %(percent)s%% until %(part)s h, then nothing.",
        policy.full_hours,
        **facts,
    )


def terms_line(terms: Terms, price: Money, now: datetime, zone: str | ZoneInfo | None = None) -> str:
    """What cancelling gives back from now on, in amounts, with times in the viewer's zone or in `zone`."""
    if not price:
        return _("It is free; cancel whenever you can’t come.")
    if terms.starts_at is None:
        return _review_line(terms, price, now)
    ahead = terms.ahead(now)
    if not ahead:
        return _("It is too near the start: cancelling gives nothing back.")
    return _steps_line(ahead, price, zone)


def _steps_line(steps: Sequence[Step], price: Money, zone: str | ZoneInfo | None) -> str:
    told = [(when(step.until, zone), money(price.percent(step.percent))) for step in steps if step.until]
    (first, back), *later = told
    if not later:
        return _("Until %(time)s you get %(back)s back; then nothing.", time=first, back=back)
    second, part = later[0]
    return _(
        "Until %(time)s you get %(back)s back; until %(second)s %(part)s; then nothing.",
        time=first,
        back=back,
        second=second,
        part=part,
    )


def _review_line(terms: Terms, price: Money, now: datetime) -> str:
    if terms.is_late(now):
        return _(
            "The answer is later than promised: cancel and you get all of your %(money)s back.", money=money(price)
        )
    if terms.opened_at is not None:
        return _("Your coach has opened your clip: cancelling gives nothing back, unless the answer comes too late.")
    return _(
        "Until your coach has opened your clip you get all of your %(money)s back; then nothing, unless the answer is "
        "later than promised.",
        money=money(price),
    )
