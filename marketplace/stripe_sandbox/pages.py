"""The hosted pages: Checkout, its 3-D Secure challenge, and a connected account's setup."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.stripe_sandbox import accounts, cards, checkout, store
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.sandbox import here
from marketplace.stripe_sandbox.shapes import Thing

bp = Blueprint("pages", __name__)
FIELDS = ("email", "number", "expiry", "cvc", "name", "postal_code")


@bp.get("/")
def front() -> str:
    """What this is."""
    return render_template("sandbox/front.html")


@bp.get("/c/pay/<session_id>")
def pay(session_id: str) -> ResponseReturnValue:
    """The checkout page; what became of a session that is no longer open."""
    with here().desk() as desk:
        session = desk.get("checkout.session", session_id)
        return _page(desk, session, {"email": session["customer_email"] or ""}, {})


@bp.post("/c/pay/<session_id>")
def charge(session_id: str) -> ResponseReturnValue:
    """Try the card."""
    form = {name: request.form.get(name, "") for name in FIELDS}
    with here().desk() as desk:
        session = desk.get("checkout.session", session_id)
        today = datetime.fromtimestamp(desk.now, UTC)
        wrong = cards.read(
            form["number"], form["expiry"], form["cvc"], form["name"], month_now=(today.year, today.month)
        )
        if "@" not in form["email"]:
            wrong["email"] = "Write an address for the receipt."
        if wrong:
            return _page(desk, session, form, wrong)
        number = cards.digits(form["number"])
        payer = {"email": form["email"], "name": form["name"], "address": _address(form["postal_code"])}
        session = checkout.pay(desk, session_id, number, payer, challenge_passed=False)
        desk.keep_secret(session_id, number=number, payer=payer)
        return _after_trying(desk, session, form)


@bp.get("/c/pay/<session_id>/challenge")
def challenge(session_id: str) -> ResponseReturnValue:
    """The bank's question, 3-D Secure."""
    with here().desk() as desk:
        session = desk.get("checkout.session", session_id)
        if session["status"] != "open" or not desk.secret(session_id).get("number"):
            return redirect(url_for("pages.pay", session_id=session_id))
        return render_template("sandbox/challenge.html", session=session, amount=_money(session))


@bp.post("/c/pay/<session_id>/challenge")
def answer_challenge(session_id: str) -> ResponseReturnValue:
    """Passed or failed."""
    with here().desk() as desk:
        secret = desk.secret(session_id)
        session = desk.get("checkout.session", session_id)
        if session["status"] == "open" and secret.get("number"):
            passed = request.form.get("answer") == "complete"
            session = (
                checkout.pay(desk, session_id, secret["number"], secret["payer"], challenge_passed=True)
                if passed
                else checkout.fail_challenge(desk, session_id)
            )
        return _after_trying(desk, session, secret.get("payer", {}))


@bp.get("/setup/<token>")
def setup(token: str) -> ResponseReturnValue:
    """A connected account's setup; a link that is used or too old leads back to the site for a new one."""
    with here().desk() as desk:
        link = _link(desk, token)
        if link["used"] or link["expires_at"] < desk.now:
            return redirect(link["refresh_url"])
        account = desk.get("account", link["account"])
        return render_template("sandbox/setup.html", account=account, link=link)


@bp.post("/setup/<token>")
def finish_setup(token: str) -> ResponseReturnValue:
    """Finished, or left for later."""
    with here().desk() as desk:
        link = _link(desk, token)
        if request.form.get("answer") == "finish" and not link["used"]:
            accounts.finish(desk, link["account"])
        store.keep(desk.connection, f"link/{token}", "link", {**link, "used": True})
        return redirect(link["return_url"], 303)


@bp.app_errorhandler(Refusal)
def refused(refusal: Refusal) -> ResponseReturnValue:
    """A page that does not exist, or a knob that can't be turned that way."""
    if request.is_json:
        return refusal.body, refusal.status
    return render_template("sandbox/refused.html", message=refusal.error["message"]), refusal.status


def _address(postal_code: str) -> Thing | None:
    """A card of Canada, as far as the page asks."""
    if not postal_code.strip():
        return None
    rest = dict.fromkeys(("city", "line1", "line2", "state"))
    return {"country": "CA", "postal_code": postal_code.strip().upper(), **rest}


def _link(desk: Desk, token: str) -> Thing:
    link = store.load(desk.connection, f"link/{token}")
    if link is None:
        raise Refusal("This link leads nowhere.", status=404)
    return link


def _after_trying(desk: Desk, session: Thing, form: dict[str, str]) -> ResponseReturnValue:
    """Where the payer goes next: the site, the challenge, or the same page with the reason."""
    if session["status"] != "open":
        return _page(desk, session, form, {})
    intent = desk.get("payment_intent", session["payment_intent"])
    if intent["status"] == "requires_action":
        return redirect(url_for("pages.challenge", session_id=session["id"]), 303)
    return _page(desk, session, form, {"number": intent["last_payment_error"]["message"]})


def _page(desk: Desk, session: Thing, form: dict[str, str], wrong: dict[str, str]) -> ResponseReturnValue:
    if session["status"] == "complete":
        return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]), 303)
    lines = [{"name": line["description"], "amount": _money(line)} for line in desk.secret(session["id"])["line_items"]]
    shown: dict[str, Any] = {
        "session": session,
        "lines": lines,
        "amount": _money(session),
        "form": form,
        "wrong": wrong,
    }
    status = 410 if session["status"] == "expired" else 402 if wrong else 200
    return render_template("sandbox/pay.html", **shown), status


def _money(thing: Thing) -> str:
    return f"${thing['amount_total'] / 100:,.2f} {thing['currency'].upper()}"
