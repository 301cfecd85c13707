"""taking back

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-26 06:40:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0011'
down_revision: Union[str, Sequence[str], None] = '0010'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None

OLD = ("status VARCHAR(7)", "status in ('pending', 'sent', 'failed')",
       'CONSTRAINT uq_refund_stripe_refund_id UNIQUE (stripe_refund_id)')
NEW = ("status VARCHAR(9)", "status in ('pending', 'sent', 'failed', 'cancelled')",
       'CONSTRAINT uq_refund_stripe_refund_id_reference_id UNIQUE (stripe_refund_id, reference_id)')


def _change_refunds(old: Sequence[str], new: Sequence[str]) -> None:
    """Change which statuses a refund may have, and what is unique. No rows point at refunds, so that SQLite may make
    the table anew; it has no other way to change a CHECK."""
    if op.get_bind().dialect.name == 'sqlite':
        _make_anew(old, new)
        return
    for kind, name in (('check', 'ck_refund_status_known'), ('unique', old[2].split()[1])):
        op.drop_constraint(op.f(name), 'refund', type_=kind)
    op.execute(f"ALTER TABLE refund ALTER COLUMN status TYPE {new[0].split()[1]}")
    op.execute(f'ALTER TABLE refund ADD CONSTRAINT ck_refund_status_known CHECK ({new[1]})')
    op.execute(f'ALTER TABLE refund ADD {new[2]}')


def _make_anew(old: Sequence[str], new: Sequence[str]) -> None:
    made = op.get_bind().execute(sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'refund' AND sql IS NOT NULL"))
    rows = made.all()
    create = ' '.join(next(sql for kind, sql in rows if kind == 'table').split())
    for before, after in zip(old, new):
        if before not in create:
            raise ValueError(f'refund is not as it was made: {create}')
        create = create.replace(before, after, 1)
    op.execute('CREATE TEMPORARY TABLE refund_kept AS SELECT * FROM refund')
    op.execute('DROP TABLE refund')
    op.execute(create)
    op.execute('INSERT INTO refund SELECT * FROM refund_kept')
    op.execute('DROP TABLE refund_kept')
    for kind, sql in rows:
        if kind == 'index':
            op.execute(sql)


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('complaint',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(9), nullable=False),
    sa.Column('words', sa.String(2000), nullable=False),
    sa.Column('answer', sa.String(2000), nullable=False),
    sa.Column('decision', sa.String(2000), nullable=False),
    sa.Column('refund', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('open', 'withdrawn', 'dismissed', 'upheld')", name=op.f('ck_complaint_status_known')),
    sa.CheckConstraint('refund >= 0', name=op.f('ck_complaint_refund_not_negative')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_complaint_booking_id_booking')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_complaint_booking_id'))
    )
    op.create_index('ix_complaint_status', 'complaint', ['status', 'made_at'], unique=False)

    op.create_table('dispute',
    sa.Column('id', sa.String(100), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(4), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('reason', sa.String(60), nullable=False),
    sa.Column('respond_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('open', 'won', 'lost')", name=op.f('ck_dispute_status_known')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_dispute_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute'))
    )
    op.create_index('ix_dispute_status', 'dispute', ['status', 'opened_at'], unique=False)
    op.create_index('ix_dispute_payment_id', 'dispute', ['payment_id'], unique=False)

    op.create_table('reversal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('transfer_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(11), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stripe_reversal_id', sa.String(), nullable=True),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('pending', 'sent', 'failed', 'cancelled', 'written-off')", name=op.f('ck_reversal_status_known')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_reversal_amount_positive')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_reversal_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reversal')),
    sa.UniqueConstraint('stripe_reversal_id', name=op.f('uq_reversal_stripe_reversal_id'))
    )
    op.create_index('ix_reversal_status', 'reversal', ['status', 'created_at'], unique=False)
    op.create_index('ix_reversal_transfer_id', 'reversal', ['transfer_id'], unique=False)

    _change_refunds(OLD, NEW)
    op.add_column('transfer', sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('ledger_entry', sa.Column('at_stripe', sa.String(100), nullable=True))
    op.create_index('ix_ledger_entry_at_stripe', 'ledger_entry', ['at_stripe'], unique=False)
    op.create_index('ix_ledger_entry_at', 'ledger_entry', ['at'], unique=False)
    _name_what_moved_it()
    _keep_disputes()


def _name_what_moved_it() -> None:
    """What moved the money of older entries at Stripe: their sources say it, or the rows that these name."""
    connection = op.get_bind()
    for kind, table, column in (('refund', 'refund', 'stripe_refund_id'), ('transfer', 'transfer', 'stripe_transfer_id')):
        rows = connection.execute(sa.text(f'SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL')).all()
        for row_id, there in rows:
            name = str(row_id) if '-' in str(row_id) else '-'.join(_parts(str(row_id)))
            connection.execute(sa.text('UPDATE ledger_entry SET at_stripe = :there WHERE source LIKE :name'),
                               {'there': there, 'name': f'{kind}%:{name}%'})
    for kind in ('charge:', 'dispute:', 'dispute-won:'):
        op.execute(f"UPDATE ledger_entry SET at_stripe = substr(source, {len(kind) + 1}) WHERE source LIKE '{kind}%'")


def _parts(plain: str) -> list[str]:
    """An id as SQLite keeps it, in the parts of its usual writing."""
    return [plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]]


def _keep_disputes() -> None:
    """Rows for the disputes that only the books knew of."""
    connection = op.get_bind()
    known = connection.execute(sa.text(
        "SELECT substr(e.source, 9), p.id, l.amount, e.currency, e.at FROM ledger_entry e"
        " JOIN ledger_line l ON l.entry_id = e.id AND l.account = 'disputes'"
        " JOIN payment p ON p.disputed_at IS NOT NULL AND p.disputed_at = e.at"
        " WHERE e.source LIKE 'dispute:%'")).all()
    for dispute_id, payment_id, amount, currency, at in known:
        lost = connection.execute(sa.text('SELECT 1 FROM ledger_entry WHERE source = :s'), {'s': f'dispute-lost:{dispute_id}'}).first()
        connection.execute(sa.text(
            'INSERT INTO dispute (id, payment_id, status, amount, taken, currency, reason, opened_at)'
            " VALUES (:id, :payment, :status, :amount, :amount, :currency, '', :at)"),
            {'id': dispute_id, 'payment': payment_id, 'status': 'lost' if lost else 'open', 'amount': amount,
             'currency': currency, 'at': at})


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index('ix_ledger_entry_at', 'ledger_entry')
    op.drop_index('ix_ledger_entry_at_stripe', 'ledger_entry')
    op.drop_column('ledger_entry', 'at_stripe')
    op.drop_column('transfer', 'stopped_at')
    op.execute("UPDATE refund SET status = 'failed' WHERE status = 'cancelled'")
    _change_refunds(NEW, OLD)
    op.drop_table('reversal')
    op.drop_table('dispute')
    op.drop_table('complaint')
