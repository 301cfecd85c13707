"""Stripe's published test card numbers, and what happens to each."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """What a test number does: the decline it meets, a challenge first, a dispute or an inquiry afterwards."""

    brand: str = "visa"
    decline: str | None = None
    challenged: bool = False
    disputed: bool = False
    inquired: bool = False

    @property
    def message(self) -> str:
        """What the payer is told when the card is declined."""
        return MESSAGES.get(self.decline or "", "Your card was declined.")

    @property
    def code(self) -> str:
        """The error code: some refusals have one of their own, the rest are card_declined."""
        return self.decline if self.decline in OWN_CODES else "card_declined"


OWN_CODES = {"expired_card", "incorrect_cvc", "processing_error"}
MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}
CARDS = {
    "4242424242424242": Card(),
    "5555555555554444": Card(brand="mastercard"),
    "4000001240000000": Card(),
    "4000000000000077": Card(),  # to be had at once; the sandbox keeps nothing back of any
    "4000000000000002": Card(decline="generic_decline"),
    "4000000000009995": Card(decline="insufficient_funds"),
    "4000000000000069": Card(decline="expired_card"),
    "4000000000000127": Card(decline="incorrect_cvc"),
    "4000000000000119": Card(decline="processing_error"),
    "4000002500003155": Card(challenged=True),
    "4000000000000259": Card(disputed=True),
    "4000000000001976": Card(inquired=True),
}


def digits(number: str) -> str:
    """The number without spaces and hyphens."""
    return re.sub(r"[\s-]", "", number)


def read(number: str, expiry: str, cvc: str, name: str, *, month_now: tuple[int, int]) -> dict[str, str]:
    """What is wrong with the form, by field; empty when nothing is. `month_now` is (year, month)."""
    wrong = {}
    if digits(number) not in CARDS:
        wrong["number"] = "This is none of the test card numbers. Real cards are refused here."
    match = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(?:20)?(\d{2})\s*", expiry)
    if not match or not 1 <= int(match[1]) <= 12:
        wrong["expiry"] = "Write month and year, as in 12/34."
    elif (2000 + int(match[2]), int(match[1])) < month_now:
        wrong["expiry"] = "This date is in the past."
    if not re.fullmatch(r"\d{3,4}", cvc.strip()):
        wrong["cvc"] = "Three or four digits."
    if not name.strip():
        wrong["name"] = "Write the name on the card."
    return wrong
