"""Connected accounts: made by the site, set up by the coach on a hosted page."""

import secrets
from typing import Any

from marketplace.stripe_sandbox import store
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal, bad
from marketplace.stripe_sandbox.shapes import Thing, shaped

LINK_SECONDS = 5 * 60
ASKED_SECONDS = 14 * 24 * 3600
DUE = ["business_profile.url", "external_account", "individual.verification.document", "tos_acceptance.date"]
CURRENCIES = {"CA": "cad", "US": "usd", "GB": "gbp", "FR": "eur", "DE": "eur", "IE": "eur", "NL": "eur", "SG": "sgd"}


def create(desk: Desk, asked: dict[str, Any]) -> Thing:
    """A new account that can't be paid until its owner has finished the hosted page, or the platform in its place."""
    _refuse_what_is_wrong(asked)
    kind, controller = asked.get("type"), asked.get("controller")
    country = asked.get("country", "CA")
    due = [name for name in DUE if not (_is_collected_by_us(asked) and _given(asked, name))]
    wanted = [name for name, value in asked.get("capabilities", {}).items() if value.get("requested")]
    return desk.make(
        "account",
        business_profile=asked.get("business_profile", {}),
        business_type=asked.get("business_type"),
        capabilities=dict.fromkeys(wanted or ["transfers"], "inactive" if due else "active"),
        charges_enabled=not due,
        controller={"type": "application", "is_controller": True, **(controller or _express())},
        country=country,
        default_currency=CURRENCIES[country],
        details_submitted=not due,
        email=asked.get("email"),
        metadata=asked.get("metadata") or {},
        payouts_enabled=not due,
        requirements=_requirements(due, "requirements.past_due" if due else None),
        type=kind or "none",
    )


def _refuse_what_is_wrong(asked: dict[str, Any]) -> None:
    kind, controller = asked.get("type"), asked.get("controller")
    if kind and controller:
        raise bad("controller", "You may not provide both type and controller.")
    if kind not in (None, "express"):
        raise bad("type", "The sandbox makes express accounts, or accounts with a controller.")
    country = asked.get("country", "CA")
    if country not in CURRENCIES:
        raise Refusal(f"Country '{country}' is unknown.", code="country_unsupported", param="country")
    if controller and _is_collected_by_us(asked) and not _is_ours(controller):
        raise bad("controller", "An account whose requirements you collect has no dashboard, and its losses are yours.")
    if "tos_acceptance" in asked and not _is_collected_by_us(asked):
        raise bad("tos_acceptance", "You cannot accept the Terms of Service on behalf of Express connected accounts.")


def _is_collected_by_us(asked: dict[str, Any]) -> bool:
    """Whether the platform itself asks the owner for what Stripe wants to know: an account without Stripe's pages."""
    return bool(asked.get("controller", {}).get("requirement_collection") == "application")


def _is_ours(controller: dict[str, Any]) -> bool:
    dashboard, losses = controller.get("stripe_dashboard", {}), controller.get("losses", {})
    return bool(dashboard.get("type") == "none" and losses.get("payments") == "application")


def _given(asked: dict[str, Any], name: str) -> bool:
    """Whether something that is due was handed in. A number that is known needs no paper beside it."""
    found: Any = asked
    for part in name.replace("verification.document", "id_number").split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return bool(found)


def copy(desk: Desk, asked: dict[str, Any]) -> None:
    """Accounts with these ids, in the state of one that is there: a town of coaches at once, and nobody is told."""
    account = desk.get("account", asked["account"])
    for account_id in asked["ids"]:
        desk.save(account | {"id": account_id})


def read(desk: Desk, asked: dict[str, Any], object_id: str) -> Thing:
    """An account that is still ours."""
    return _ours(desk, object_id)


def link(desk: Desk, asked: dict[str, Any]) -> Thing:
    """A link to the hosted page, good once and for five minutes."""
    _ours(desk, asked["account"], "account")
    for name in ("refresh_url", "return_url"):
        if not asked.get(name, "").startswith(("http://", "https://")):
            raise Refusal("Not a valid URL", code="url_invalid", param=name)
    token = secrets.token_urlsafe(12)
    store.keep(
        desk.connection,
        f"link/{token}",
        "link",
        {**asked, "expires_at": desk.now + LINK_SECONDS, "used": False},
    )
    return shaped(
        "account_link", created=desk.now, expires_at=desk.now + LINK_SECONDS, url=f"{desk.base}/setup/{token}"
    )


def finish(desk: Desk, account_id: str) -> Thing:
    """The owner has given everything that was due."""
    return _set(desk, account_id, submitted=True, due=[], reason=None)


def disable(desk: Desk, account_id: str) -> Thing:
    """Stripe asks for more and stops the account until it has it."""
    return _set(desk, account_id, submitted=True, due=DUE[2:3], reason="requirements.past_due")


def ask(desk: Desk, account_id: str) -> Thing:
    """Stripe asks for more within two weeks, and stops nothing until then."""
    return _set(desk, account_id, submitted=True, due=DUE[2:3], reason=None)


def deauthorize(desk: Desk, account_id: str) -> Thing:
    """The owner takes her account away from the platform, which may not even look at it any more."""
    account = desk.get("account", account_id)
    desk.keep_secret(account_id, deauthorized=True)
    desk.emit("account.application.deauthorized", {"id": "ca_sandbox", "object": "application"}, account_id)
    return account


def _ours(desk: Desk, account_id: str, param: str = "id") -> Thing:
    account = desk.get("account", account_id, param)
    if desk.secret(account_id).get("deauthorized"):
        message = f"The provided key does not have access to account '{account_id}' (or it does not exist)."
        raise Refusal(message, code="account_invalid", status=403)
    return account


def _set(desk: Desk, account_id: str, *, submitted: bool, due: list[str], reason: str | None) -> Thing:
    account = _ours(desk, account_id)
    able, could = reason is None, account["payouts_enabled"]
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active" if able else "inactive")
    account |= {"charges_enabled": able, "payouts_enabled": able, "details_submitted": submitted}
    deadline = desk.now + ASKED_SECONDS if due and able else None
    account["requirements"] = _requirements(due, reason) | {"current_deadline": deadline}
    desk.save(account)
    desk.emit("account.updated", account, account_id)
    for name in account["capabilities"] if able != could else ():
        desk.emit("capability.updated", _capability(account, name), account_id)
    return account


def _capability(account: Thing, name: str) -> Thing:
    status = account["capabilities"][name]
    return shaped("capability", id=name, account=account["id"], requested=True, status=status)


def _requirements(due: list[str], reason: str | None) -> dict[str, Any]:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": reason,
        "errors": [],
        "eventually_due": due,
        "past_due": due if reason else [],
        "pending_verification": [],
    }


def _express() -> dict[str, Any]:
    return {
        "fees": {"payer": "application_express"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    }
