"""A coach's account at Stripe: what is missing, stops and comebacks with one mail each, and what Stripe takes away."""

import re
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import Job
from marketplace.payments import service
from marketplace.payments.models import PayoutAccount, StripeEvent
from marketplace.payments.stripe import Stripe
from tests.payments.conftest import SECRET, wait_for
from tests.payments.test_webhooks import event_of, post, signed

AGAIN = "http://localhost/coach/payouts/again"


def pages(shop) -> dict[str, str]:
    return {"return_url": f"{shop.address}/?back", "refresh_url": AGAIN}


def account(shop) -> PayoutAccount:
    return shop.row(PayoutAccount, shop.coach_id)


def mails(shop) -> list[str]:
    """The subjects of what the coach is mailed, in order."""
    with transaction(write=False) as session:
        sent = select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.created_at), col(Job.id))
        return [job.payload["subject"] for job in session.scalars(sent)]


def hear(shop, kind: str, count: int) -> None:
    """Wait for that many events of a kind, then do what they ask for."""
    wait_for(lambda: sum(event.type == kind for event in shop.all(StripeEvent)) >= count)
    shop.work()


def reopen(shop) -> str:
    return service.open_account(shop.coach_id, email="coach@example.com", country="CA", **pages(shop))


def test_stopped_and_working_again_are_heard_by_webhook_and_told_once_each(shop, site, heard):
    name = account(shop).stripe_account_id
    shop.browser.knobs(disable_account=name)
    for kind in ("account.updated", "capability.updated"):
        hear(shop, kind, 1)
    stopped = account(shop)
    assert (stopped.payouts_enabled, stopped.disabled_reason) == (False, "requirements.past_due")
    assert stopped.missing == ["individual.verification.document"] and stopped.stopped_at
    assert mails(shop) == ["Stripe can’t pay you at the moment"]
    shop.browser.knobs(finish_account=name)
    hear(shop, "account.updated", 2)
    assert account(shop).payouts_enabled
    assert mails(shop) == ["Stripe can’t pay you at the moment", "Stripe can pay you again"]
    assert heard == [("payouts.changed", shop.coach_id)] * 2
    for _ in range(2):
        service.look_at_account(name)
    shop.work()
    assert len(mails(shop)) == 2


def test_the_mail_says_what_is_missing_in_words(shop):
    name = account(shop).stripe_account_id
    shop.browser.knobs(disable_account=name)
    service.look_at_account(name)
    shop.work()
    with transaction(write=False) as session:
        (job,) = session.scalars(select(Job).where(col(Job.name) == "mail.send")).all()
    assert "Upload a photo of your passport" in job.payload["text"] and "/coach/earnings" in job.payload["text"]


def test_who_works_again_before_the_mail_went_is_not_told_of_a_stop_that_is_over(shop):
    name = account(shop).stripe_account_id
    shop.browser.knobs(disable_account=name)
    service.look_at_account(name)
    shop.browser.knobs(finish_account=name)
    service.look_at_account(name)
    shop.work()
    assert mails(shop) == ["Stripe can pay you again"]


def test_what_is_asked_for_by_a_day_stops_nothing_before(shop):
    name = account(shop).stripe_account_id
    shop.browser.knobs(ask_account=name)
    service.look_at_account(name)
    asked = account(shop)
    assert asked.payouts_enabled and asked.missing and asked.due_by
    assert timedelta(days=13) < asked.due_by - clock.now() < timedelta(days=15)


def test_an_account_taken_from_us_is_forgotten_and_another_can_be_opened(shop, site, heard):
    lost = account(shop).stripe_account_id
    shop.browser.knobs(deauthorize_account=lost)
    hear(shop, "account.application.deauthorized", 1)
    gone = account(shop)
    assert (gone.stripe_account_id, gone.payouts_enabled, gone.disabled_reason) == (None, False, "deauthorized")
    assert mails(shop) == ["Stripe can’t pay you at the moment"]
    assert re.search("/setup/", reopen(shop))
    fresh = account(shop)
    assert fresh.stripe_account_id not in (None, lost) and fresh.attempt == 2


def test_who_comes_back_to_a_lost_account_is_told_so_and_opens_another(shop):
    shop.browser.knobs(deauthorize_account=account(shop).stripe_account_id)
    with pytest.raises(Conflict, match="payouts-lost"):
        reopen(shop)
    assert re.search("/setup/", reopen(shop))


def test_a_country_that_stripe_does_not_serve_is_named_as_the_reason(shop):
    with transaction() as session:
        session.delete(session.get_one(PayoutAccount, shop.coach_id))
    with pytest.raises(Conflict, match="payouts-country"):
        service.open_account(shop.coach_id, email="coach@example.com", country="KP", **pages(shop))


@pytest.mark.parametrize("corrected", [{"country": "CA"}, {"country": "CA", "email": "right@example.com"}])
def test_who_was_refused_corrects_it_and_opens_her_account(shop, corrected):
    with transaction() as session:
        session.delete(session.get_one(PayoutAccount, shop.coach_id))
    asked = {"email": "coach@example.com", "country": "KP", **pages(shop)}
    with pytest.raises(Conflict, match="payouts-country"):
        service.open_account(shop.coach_id, **asked)
    assert re.search("/setup/", service.open_account(shop.coach_id, **asked | corrected))
    assert account(shop).stripe_account_id and account(shop).attempt == 2


def test_who_writes_another_address_after_no_answer_opens_her_account(shop):
    with transaction() as session:
        session.delete(session.get_one(PayoutAccount, shop.coach_id))
    asked = {"email": "coach@example.com", "country": "CA", **pages(shop)}
    shop.browser.knobs(fail={"path": "/v1/accounts", "status": 500, "when": "after"})
    with pytest.raises(Conflict, match="stripe-away"):
        service.open_account(shop.coach_id, **asked)
    assert re.search("/setup/", service.open_account(shop.coach_id, **asked | {"email": "right@example.com"}))
    assert account(shop).attempt == 2


def test_a_used_link_leads_to_the_page_that_makes_a_new_one(shop):
    link = reopen(shop)
    shop.browser.post(link.removeprefix(shop.address), {"answer": "leave"})
    where = urlsplit(link)
    connection = HTTPConnection(where.hostname or "", where.port)
    connection.request("GET", where.path)
    assert connection.getresponse().headers["Location"] == AGAIN
    assert reopen(shop) != link


def test_lost_news_of_an_account_is_found_by_looking(shop):
    shop.browser.knobs(disable_account=account(shop).stripe_account_id)
    service.sweep()
    assert account(shop).payouts_enabled  # looked at a moment ago
    shop.change(PayoutAccount, updated_at=clock.now() - timedelta(days=2))
    service.sweep()
    assert not account(shop).payouts_enabled


def test_several_endpoints_may_sign_each_with_its_secret(shop, heard):
    shop.app.extensions["stripe"] = Stripe("sk_test_runsight", shop.address, f"{SECRET}, whsec_connect")
    for number, secret in enumerate((SECRET, "whsec_connect")):
        body = event_of("cs_x", f"evt_{number}")
        assert post(shop, body, signed(body, secret)) == 200
    body = event_of("cs_x", "evt_9")
    assert post(shop, body, signed(body, "whsec_other")) == 400
