"""What is done with calendars kept elsewhere, one function for each thing."""

from marketplace.calendars.service.accounts import (
    add_account,
    add_address,
    choose,
    discover,
    forget_person,
    read_now,
    remove_account,
    remove_source,
)
from marketplace.calendars.service.feeds import feed_token, owner_of, renew_feed
from marketplace.calendars.service.refreshing import fresh, read_whole, refresh_due, refresh_one
from marketplace.calendars.service.writing import forget_sent, send, send_again, take_out, write

__all__ = [
    "add_account",
    "add_address",
    "choose",
    "discover",
    "feed_token",
    "forget_person",
    "forget_sent",
    "fresh",
    "owner_of",
    "read_now",
    "read_whole",
    "refresh_due",
    "refresh_one",
    "remove_account",
    "remove_source",
    "renew_feed",
    "send",
    "send_again",
    "take_out",
    "write",
]
