"""A sandbox on a free port, the real SDK talking to it, and a listener for its webhooks."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import stripe

from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import running

SECRET = "whsec_of_the_tests"
CARD = {"email": "runner@example.com", "expiry": "12/34", "cvc": "123", "name": "Ada Runner"}


@dataclass
class Mailbox:
    """What the listener got; `answers` are the statuses that it gives next, 200 when there are none."""

    url: str = ""
    letters: list[tuple[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.letters]

    def wait(self, enough: Callable[[list[str]], bool]) -> list[str]:
        until = time.monotonic() + 5
        while not enough(self.kinds) and time.monotonic() < until:
            time.sleep(0.02)
        assert enough(self.kinds), self.kinds
        return self.kinds


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            box.letters.append((body, self.headers["Stripe-Signature"]))
            self.send_response(box.answers.pop(0) if box.answers else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
    yield box
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sandbox(tmp_path: Any, mailbox: Mailbox) -> Iterator[str]:
    app = create_sandbox(tmp_path)
    app.config.update(WEBHOOK_URL=mailbox.url, WEBHOOK_SECRET=SECRET, WEBHOOK_RETRY_SECONDS=(0.05, 0.05))
    with running(app) as address:
        yield address


@pytest.fixture
def client(sandbox: str) -> stripe.StripeClient:
    return client_for(sandbox)


def client_for(address: str, key: str = "sk_test_of_the_tests") -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": address}, max_network_retries=0)


@dataclass
class Browser:
    """Somebody in front of the hosted pages; redirects to the site are not followed."""

    address: str

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        return self._open(Request(self.address + path, urlencode(form).encode()))

    def get(self, path: str) -> tuple[int, str]:
        return self._open(Request(self.address + path))

    def _open(self, request: Request) -> tuple[int, str]:
        try:
            with urlopen(request, timeout=5) as response:
                return response.status, response.read().decode() + response.url
        except HTTPError as answer:
            return answer.code, answer.read().decode() + (answer.headers.get("Location") or answer.url)

    def pay(self, session: stripe.checkout.Session, number: str = "4242 4242 4242 4242") -> tuple[int, str]:
        return self.post(f"/c/pay/{session.id}", {**CARD, "number": number})

    def knobs(self, **wishes: Any) -> dict[str, Any]:
        body = json.dumps(wishes).encode()
        request = Request(self.address + "/knobs", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=5) as response:
            return dict(json.loads(response.read()))


@pytest.fixture
def browser(sandbox: str) -> Browser:
    return Browser(sandbox)


def wanted(address: str, **more: Any) -> dict[str, Any]:
    """The parameters of an ordinary session; after paying, the payer lands on the sandbox's own front page."""
    price = {"currency": "cad", "unit_amount": 9500, "product_data": {"name": "Video call, 45 min"}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": f"{address}/?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{address}/?cancelled",
        "client_reference_id": "order-1",
        "metadata": {"order": "order-1"},
        "payment_intent_data": {"metadata": {"order": "order-1"}, "transfer_group": "order-1"},
        **more,
    }


@pytest.fixture
def session(client: stripe.StripeClient, sandbox: str) -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(wanted(sandbox))


@pytest.fixture
def charge(client: stripe.StripeClient, session: stripe.checkout.Session, browser: Browser) -> stripe.Charge:
    browser.pay(session)
    return client.v1.charges.list().data[0]


@pytest.fixture
def account(client: stripe.StripeClient, browser: Browser) -> stripe.Account:
    made = client.v1.accounts.create({"type": "express", "country": "CA", "email": "coach@example.com"})
    browser.knobs(finish_account=made.id)
    return client.v1.accounts.retrieve(made.id)
