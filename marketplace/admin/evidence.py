"""Evidence for a dispute as words: sections of labelled lines, for a file and for Stripe; in English, for banks.

Times are in UTC, to the minute.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from marketplace.admin.queries import Proof
from marketplace.bookings.models import Booking
from marketplace.payments.answers import Evidence
from marketplace.payments.models import OrderLine

Pair = tuple[str, str]
MOVES = {
    "hold": "chose the time and agreed to its terms",
    "confirm": "paid; the booking was confirmed",
    "confirm-late": "paid; the booking was confirmed",
    "reschedule": "moved the session",
    "remind": "reminder sent to both",
    "cancel": "cancelled",
    "complete": "session completed",
    "complain": "complaint made",
    "answer-complaint": "complaint answered",
    "dismiss-complaint": "complaint decided: nothing paid back",
    "uphold-complaint": "complaint decided: money paid back",
    "report": "reported that the other side did not come",
    "object": "objected to that report",
    "admit": "agreed to that report",
    "retract": "took that report back",
    "count": "that report counts: nobody objected within a day",
    "uphold": "that report was found true",
    "dismiss": "that report was found untrue",
    "propose": "proposed other times",
    "accept": "agreed to another time",
    "miss-runner": "the runner did not come",
    "miss-coach": "the coach did not come",
}
POLICY_SHOWN = (
    "The policy is part of the terms that the customer accepted. It was shown on the page where the session was chosen "
    "and again, with the price, before the payment page was opened; it is on the booking's page and in its mail."
)
PACKAGE_POLICY = (
    "Unused visits of a package come back at what was paid for each, whenever the customer asks within a year, and "
    "unasked when the year ends."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines: what, and how it was."""

    heading: str
    lines: list[Pair]


def sections(proof: Proof) -> list[Section]:
    """The whole of it, in the order in which a reader wants it."""
    order = proof.order
    return [
        Section("The charge", _charge(proof)),
        Section(
            "What was bought", [(_name(line), _money(line.amount, order.payment.currency)) for line in order.lines]
        ),
        Section("Cancellation policy as agreed", [*_policies(proof), ("Shown", POLICY_SHOWN)]),
        Section("What happened", list(_happened(proof))),
        Section("What was delivered", list(_delivered(proof)) or [("Delivered", "nothing yet")]),
        Section("Mails sent", [(when(mail.created_at), _mail(mail.key or "")) for mail in proof.mails]),
        Section(
            "Paid back",
            [(when(sent_at), _money(amount, proof.dispute.currency)) for sent_at, amount in proof.paid_back],
        ),
    ]


def as_text(found: list[Section]) -> str:
    """The same as plain text."""
    return "\n\n".join(
        "\n".join([each.heading.upper(), *(f"{what}: {how}" for what, how in each.lines)])
        for each in found
        if each.lines
    )


def for_stripe(proof: Proof) -> Evidence:
    """The same in the divisions that Stripe asks for."""
    order = proof.order
    booked = [booking for booking, *_ in order.booked]
    starts = [booking.starts_at or booking.ended_at for booking in booked]
    return Evidence(
        customer_name=order.runner.name,
        customer_email=order.runner.email,
        product="; ".join(_name(line) for line in order.lines),
        service_on=", ".join(f"{start.astimezone(UTC):%Y-%m-%d}" for start in starts if start),
        policy="; ".join(dict.fromkeys(words for _title, words in _policies(proof))),
        policy_shown=POLICY_SHOWN,
        everything=as_text(sections(proof)),
    )


def policy(booking: Booking) -> str:
    """What was agreed about cancelling, in a sentence."""
    if booking.terms.free_until is None:
        return "All of the price back until the coach has opened the clip, and when she is late; nothing after that."
    steps = ", ".join(f"{step.percent} % until {when(step.until)}" for step in booking.terms.steps if step.until)
    return f"Of the price comes back when the customer cancels: {steps}, nothing later; all of it when the coach does."


def _name(line: OrderLine) -> str:
    return f"Tip for: {line.title}" if line.kind == "tip" else line.title


def _policies(proof: Proof) -> Iterator[Pair]:
    yield from ((booking.title, policy(booking)) for booking, *_ in proof.order.booked)
    yield from ((line.title, PACKAGE_POLICY) for line in proof.order.lines if line.kind == "package")


def when(instant: datetime) -> str:
    """An instant in UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _charge(proof: Proof) -> list[Pair]:
    dispute, payment, runner = proof.dispute, proof.order.payment, proof.order.runner
    paid = f"{_money(payment.charged, payment.currency)}, paid {when(payment.paid_at) if payment.paid_at else ''}"
    beside = "nothing was sold for it; all of it is to go back to the customer"
    return [
        ("Dispute", f"{dispute.id}, {dispute.reason or 'no reason given'}, {_money(dispute.amount, dispute.currency)}"),
        ("Charge", f"{dispute.charge_id}, {paid if proof.is_sold else beside}"),
        ("Customer", f"{runner.name}, {runner.email}"),
        ("Account", f"made {when(runner.created_at)}; terms accepted {when(runner.terms_accepted_at)}"),
        ("Address verified", when(runner.verified_at) if runner.verified_at else "no"),
        ("Coach", proof.order.coach.name),
    ]


def _happened(proof: Proof) -> Iterator[Pair]:
    for booking, events, reports, complaint in proof.order.booked:
        if booking.starts_at and booking.ends_at:
            yield booking.title, f"{when(booking.starts_at)} to {when(booking.ends_at)}, {booking.status.value}"
        for event in events:
            if event.move in MOVES:
                yield when(event.at), f"{event.by}: {MOVES[event.move]}"
        for report in reports:
            said = report.words or "said without further words"
            yield f"Report that the {report.absent.value} did not come", f"{said} ({report.status.value})"
            if report.objection:
                yield "Objection", report.objection
        if complaint:
            yield "Complaint", complaint.words
            yield "Answer", complaint.answer or "none"
            yield "Decision", complaint.decision or complaint.status.value


def _delivered(proof: Proof) -> Iterator[Pair]:
    for each in proof.delivered:
        for clip in each.clips:
            yield when(clip.created_at), f"clip sent by the customer: {clip.file_name or clip.host}"
        if each.booking.opened_at:
            yield when(each.booking.opened_at), "clip opened by the coach"
        if each.analysis and each.analysis.delivered_at:
            yield when(each.analysis.delivered_at), f"analysis delivered: {each.analysis.summary}"
            for found in each.findings:
                yield found.finding.issue, f"{found.finding.seen} {found.finding.cue}".strip()


def _mail(key: str) -> str:
    """What a mail was about and whom it went to, by its key: the words of it, without ids."""
    said = [part for part in key.split(":") if part.isascii() and part.replace("-", "").isalpha()]
    *news, reader = [part for part in said if part not in ("mail", "bookings", "packages")] or [key]
    return f"{' '.join(news)}, to the {reader}" if news else reader


def _money(amount: int, currency: str) -> str:
    return f"{amount / 100:.2f} {currency}"
