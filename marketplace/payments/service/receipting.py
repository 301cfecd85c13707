"""Receipts: what a coach's say, and one for each payment that came as agreed, in the transaction that has the news."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.models import Coach
from marketplace.payments import queries, taxes
from marketplace.payments.models import Payment
from marketplace.payments.receipt_models import LineTax, Receipt, Registration
from marketplace.places.models import Place


def register(session: Session, coach_id: UUID, *, address: str, gst_hst: str, qst: str, vat: str) -> Registration:
    """Say the address and the tax numbers that a coach's receipts have from now on; those that are out stay."""
    row = session.get(Registration, coach_id) or Registration(coach_id=coach_id, updated_at=clock.now())
    row.address, row.gst_hst, row.qst, row.vat, row.updated_at = address, gst_hst, qst, vat, clock.now()
    session.add(row)
    session.flush()
    return row


def issue(session: Session, payment: Payment, payer_province: str) -> None:
    """Write the receipt of a payment that has just come, with the taxes that its price includes.

    The day that decides the rate is that of the coach's zone.
    """
    order = queries.order(session, payment.order_id)
    coach, payer = session.get_one(Coach, payment.coach_id), session.get_one(User, order.payer_id)
    place = session.get_one(Place, coach.place_id)
    said = session.get(Registration, coach.id) or Registration(coach_id=coach.id, updated_at=clock.now())
    numbers = {"gst_hst": said.gst_hst, "qst": said.qst, "vat": said.vat}
    now, home = clock.now(), taxes.province_of(place.country, place.region)
    session.add(
        Receipt(
            payment_id=payment.id,
            payer_name=payer.name,
            coach_name=coach.name,
            coach_address=said.address or place.label(payer.language),
            issued_at=now,
            **numbers,
        )
    )
    today = now.astimezone(ZoneInfo(coach.timezone)).date()
    for line in queries.lines(session, order.id) if home.startswith(taxes.CANADA) else ():
        if line.kind in taxes.UNTAXED:
            continue
        province = taxes.supplied_in(online=line.online, payer=payer_province, coach=home)
        found = taxes.split(line.amount, taxes.charged(taxes.rates(province, today), numbers))[1]
        session.add_all(
            LineTax(line_id=line.id, tax=each.tax, percent=str(each.percent), province=province, amount=each.amount)
            for each in found
        )
    session.flush()
