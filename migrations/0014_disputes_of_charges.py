"""disputes of charges, and events without what they carried

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-26 10:08:00.000000

"""
from typing import Any, Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0014'
down_revision: Union[str, Sequence[str], None] = '0013'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None

EVENT = sa.table('stripe_event', sa.column('id', sa.String()), sa.column('payload', sa.JSON()))
AT_ONCE = 500
KEPT = ('id, payment_id, amount, taken, currency, reason, respond_by, evidence_asked_at, evidence_sent_at, opened_at, '
        'closed_at')


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("CREATE TEMPORARY TABLE dispute_kept AS SELECT dispute.*, payment.charge_id FROM dispute"
               " JOIN payment ON payment.id = dispute.payment_id")
    op.drop_table('dispute')
    _create(9, ('open', 'won', 'lost', 'recovered'), sa.Column('charge_id', sa.String(100), nullable=False))
    op.create_index('ix_dispute_charge_id', 'dispute', ['charge_id'], unique=False)
    op.execute(f"INSERT INTO dispute (status, charge_id, {KEPT}) SELECT status, charge_id, {KEPT} FROM dispute_kept")
    op.execute('DROP TABLE dispute_kept')
    _empty_events()


def downgrade() -> None:
    """Downgrade schema. What events carried is gone for good."""
    op.execute('CREATE TEMPORARY TABLE dispute_kept AS SELECT * FROM dispute')
    op.drop_table('dispute')
    _create(4, ('open', 'won', 'lost'))
    op.execute(f"INSERT INTO dispute (status, {KEPT}) SELECT CASE status WHEN 'recovered' THEN 'won' ELSE status END,"
               f" {KEPT} FROM dispute_kept")
    op.execute('DROP TABLE dispute_kept')


def _create(longest: int, statuses: Sequence[str], *more: sa.Column[Any]) -> None:
    """The table, anew: SQLite has no other way to change a CHECK, and no rows point at disputes."""
    op.create_table('dispute',
    sa.Column('id', sa.String(100), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    *more,
    sa.Column('status', sa.String(longest), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('reason', sa.String(60), nullable=False),
    sa.Column('respond_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(f"status in ({', '.join(map(repr, statuses))})", name=op.f('ck_dispute_status_known')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_dispute_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute'))
    )
    op.create_index('ix_dispute_status', 'dispute', ['status', 'opened_at'], unique=False)
    op.create_index('ix_dispute_payment_id', 'dispute', ['payment_id'], unique=False)


def _empty_events() -> None:
    """Keep of each event what it is about; it carried who had paid, too."""
    connection, last = op.get_bind(), ''
    some = sa.select(EVENT.c.id, EVENT.c.payload).order_by(EVENT.c.id).limit(AT_ONCE)
    while rows := connection.execute(some.where(EVENT.c.id > last)).all():
        for event_id, payload in rows:
            connection.execute(EVENT.update().where(EVENT.c.id == event_id).values(payload=_about(payload)))
        last = rows[-1].id


def _about(event: Any) -> dict[str, str]:
    data = event.get('data') if isinstance(event, dict) else None
    thing = data.get('object') if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        return {}
    kind, thing_id = thing.get('object'), thing.get('id')
    if kind in ('capability', 'application'):
        kind, thing_id = 'account', thing.get('account') or event.get('account')
    known = kind in ('checkout.session', 'refund', 'dispute', 'account') and isinstance(thing_id, str)
    return {'object': kind, 'id': thing_id} if known else {}
