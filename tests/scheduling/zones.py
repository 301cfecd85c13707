"""Zones with odd clocks, and days near their changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from marketplace.scheduling.walltime import minute_of

ZONES = [
    "America/Toronto",
    "America/St_Johns",
    "America/Regina",
    "Europe/Paris",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]
CHANGES = {
    "America/Toronto": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2026, 3, 8), date(2026, 11, 1), date(2010, 11, 7), date(2010, 11, 6)],
    "America/Regina": [date(2026, 3, 8)],
    "Europe/Paris": [date(2026, 3, 29), date(2026, 10, 25)],
    "Asia/Kolkata": [date(2026, 3, 29)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Pacific/Apia": [date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31), date(2011, 4, 2)],
}


@st.composite
def zoned_days(draw: st.DrawFn) -> tuple[str, date]:
    """A zone and a date, half of them next to a change of its clocks."""
    zone = draw(st.sampled_from(ZONES))
    near = st.sampled_from(CHANGES[zone]).flatmap(
        lambda day: st.integers(-2, 2).map(lambda shift: day + timedelta(days=shift))
    )
    return zone, draw(st.one_of(near, st.dates(date(2008, 1, 1), date(2036, 12, 31))))


def by_the_library(zone: str, on: date, wall: int) -> int | None:
    """The UTC minute of a wall minute, first time round; None when the clocks skip it."""
    local = datetime.combine(on, time(wall // 60, wall % 60), ZoneInfo(zone))
    back = local.astimezone(UTC).astimezone(ZoneInfo(zone))
    return minute_of(local) if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None
