"""What coach and runner can do with packages, one function for each thing."""

from marketplace.packages.service.buying import activate, begin_payment, buy, lapse
from marketplace.packages.service.ending import end_due, lose, remind_due, return_all_of, return_unused
from marketplace.packages.service.selling import offer_packages
from marketplace.packages.service.using import spend, take_back

__all__ = [
    "activate",
    "begin_payment",
    "buy",
    "end_due",
    "lapse",
    "lose",
    "offer_packages",
    "remind_due",
    "return_all_of",
    "return_unused",
    "spend",
    "take_back",
]
