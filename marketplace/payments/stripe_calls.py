"""The calls to Stripe that staff's side needs: reversals, disputes and their evidence, balance transactions."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from marketplace.payments.answers import Dispute, Evidence, Movement, Sent

Answer = TypeVar("Answer")
LONGEST_TEXT = 20_000
"""Letters that Stripe takes as one piece of evidence."""
OUTCOMES = {"won": "won", "lost": "lost", "warning_closed": "won"}
"""Of a dispute's statuses those that end it. One that was `prevented` is lost if a rule gave the money back, and won
if the bank was shown that the charge was right; the rest wait, inquiries (warning_) and appeals (appeal_) too."""
WAITS = {"response": "us", "review": "bank"}
"""For whom, by the last word of a status."""


class StaffCalls(ABC):
    """The part of `Stripe` that only staff's side asks for; the whole has the client and the way to ask."""

    _client: Any

    @abstractmethod
    def _call(self, what: str, call: Callable[[], Answer]) -> Answer:
        """Do a call, and word its bad news: Refused, Unclear; `what` names it in the log."""

    def reverse(self, transfer_id: str, amount: int, *, row_id: str, key: str) -> Sent:
        """Take back part or all of a transfer, in minor units. Refused when the account can't cover it."""
        asked: Any = {"amount": amount, "metadata": {"reversal": row_id}}
        reversals = self._client.v1.transfers.reversals
        return _reversal(self._call("reverse", lambda: reversals.create(transfer_id, asked, {"idempotency_key": key})))

    def list_reversals(self, transfer_id: str) -> list[Sent]:
        """All that was taken back of a transfer."""
        reversals = self._client.v1.transfers.reversals
        made = self._call(
            "list reversals", lambda: list(reversals.list(transfer_id, {"limit": 100}).auto_paging_iter())
        )
        return [_reversal(found) for found in made]

    def transfer_of(self, reversal_id: str) -> str:
        """The id of the transfer of which a reversal is a part: only what Stripe has booked for it says so."""
        asked: Any = {"source": reversal_id, "expand": ["data.source"]}
        booked = self._client.v1.balance_transactions
        (found,) = self._call("look at reversal", lambda: booked.list(asked)).data
        return str(found.source.transfer)

    def retrieve_dispute(self, dispute_id: str) -> Dispute:
        """A dispute as it stands now."""
        return _dispute(self._call("look at dispute", lambda: self._client.v1.disputes.retrieve(dispute_id)))

    def list_disputes(self, charge_id: str) -> list[Dispute]:
        """All disputes of a charge."""
        asked: Any = {"charge": charge_id, "limit": 100}
        disputes = self._client.v1.disputes
        found = self._call("list disputes", lambda: list(disputes.list(asked).auto_paging_iter()))
        return [_dispute(each) for each in found]

    def send_evidence(self, dispute_id: str, evidence: Evidence, *, key: str) -> Dispute:
        """Answer the payer's bank; it can be done once."""
        given = {
            "customer_name": evidence.customer_name,
            "customer_email_address": evidence.customer_email,
            "product_description": evidence.product,
            "service_date": evidence.service_on,
            "cancellation_policy_disclosure": evidence.policy_shown,
            "refund_policy_disclosure": evidence.policy,
            "uncategorized_text": evidence.everything,
        }
        told = {name: text[:LONGEST_TEXT] for name, text in given.items() if text}
        asked: Any = {"evidence": told, "submit": True}
        disputes = self._client.v1.disputes
        return _dispute(self._call("evidence", lambda: disputes.update(dispute_id, asked, {"idempotency_key": key})))

    def balance_totals(self) -> dict[str, int]:
        """The sum of Stripe's balance transactions in each currency, net of its fees, in minor units."""
        booked, sums = self._client.v1.balance_transactions, dict[str, int]()
        for one in self._call("balance", lambda: list(booked.list({"limit": 100}).auto_paging_iter())):
            sums[one.currency.upper()] = sums.get(one.currency.upper(), 0) + one.net
        return sums

    def movements(self, since: datetime) -> list[Movement]:
        """Stripe's balance transactions since then, the newest first."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        booked = self._client.v1.balance_transactions
        found = self._call("movements", lambda: list(booked.list(asked).auto_paging_iter()))
        return [
            Movement(
                one.id,
                one.type,
                str(one.source or one.id),
                one.net,
                one.currency.upper(),
                _instant(one.created),
                one.fee,
            )
            for one in found
        ]


def _reversal(reversal: Any) -> Sent:
    marks = reversal.metadata.to_dict() if reversal.metadata else {}
    return Sent(reversal.id, "sent", reversal.amount, marks.get("reversal"), None)


def _dispute(dispute: Any) -> Dispute:
    moved = [_in_its_currency(dispute, one) for one in dispute.balance_transactions or []]
    away, back = [one for one in moved if one[0] < 0], [one for one in moved if one[0] > 0]
    due_by = dispute.evidence_details.due_by if dispute.evidence_details else None
    taken, returned = -sum(amount for amount, _ in away), sum(amount for amount, _ in back)
    kept = "lost" if taken > returned else "won"
    return Dispute(
        id=dispute.id,
        charge_id=str(dispute.charge),
        amount=dispute.amount,
        currency=dispute.currency.upper(),
        reason=dispute.reason or "",
        respond_by=_instant(due_by) if due_by else None,
        waits_for=WAITS.get(dispute.status.rpartition("_")[2], ""),
        outcome=kept if dispute.status == "prevented" else OUTCOMES.get(dispute.status, ""),
        taken=taken,
        fee=sum(fee for _, fee in away),
        returned=returned,
        fee_returned=-sum(fee for _, fee in back),
    )


def _in_its_currency(dispute: Any, booked: Any) -> tuple[int, int]:
    """Amount and fee of what a dispute moved. Where Stripe converted: what is questioned, without the fee."""
    if booked.currency == dispute.currency:
        return booked.amount, booked.fee
    return (dispute.amount if booked.amount > 0 else -dispute.amount), 0


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
