"""Each thing that must be true of the books is seen where it is not."""

from marketplace.db import transaction
from marketplace.payments import invariants
from marketplace.payments.ledger import Entry
from marketplace.payments.service import books


def broken(session):
    return invariants.broken(session)


def test_what_is_overdrawn_in_one_currency_is_not_made_good_by_another(app):
    with app.app_context(), transaction() as session:
        for kind in ("held", "credits"):
            books.write(session, Entry(f"{kind}:a", {f"{kind}:x": 100, "stripe": -100}), "CAD")
            books.write(session, Entry(f"{kind}:b", {f"{kind}:x": -100, "stripe": 100}), "EUR")
        assert broken(session) == ["held:x paid out 100 more than came in", "credits:x paid out 100 more than came in"]


def test_a_currency_that_only_stripe_has_is_named(shop):
    shop.paid()
    shop.browser.knobs(take_fee="eur")
    with transaction(write=False) as session:
        assert invariants.unlike_stripe(session, shop.stripe) == ["our books have 0 EUR at Stripe, Stripe has -200"]


def test_and_one_that_only_we_have(shop):
    shop.paid()
    with transaction() as session:
        books.write(session, Entry("x", {"stripe": 5, "held:x": -5}), "GBP")
        assert invariants.unlike_stripe(session, shop.stripe) == ["our books have 5 GBP at Stripe, Stripe has 0"]
