"""earnings

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-26 06:20:55.112551

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0012'
down_revision: Union[str, Sequence[str], None] = '0011'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('registration',
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('address', sa.String(300), nullable=False),
    sa.Column('gst_hst', sa.String(20), nullable=False),
    sa.Column('qst', sa.String(20), nullable=False),
    sa.Column('vat', sa.String(20), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_registration_coach_id_coach')),
    sa.PrimaryKeyConstraint('coach_id', name=op.f('pk_registration'))
    )
    op.create_table('line_tax',
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('tax', sa.String(10), nullable=False),
    sa.Column('percent', sa.String(10), nullable=False),
    sa.Column('province', sa.String(6), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_line_tax_amount_not_negative')),
    sa.ForeignKeyConstraint(['line_id'], ['purchase_line.id'], name=op.f('fk_line_tax_line_id_purchase_line')),
    sa.PrimaryKeyConstraint('line_id', 'tax', name=op.f('pk_line_tax'))
    )
    op.create_table('receipt',
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('payer_name', sa.String(100), nullable=False),
    sa.Column('coach_name', sa.String(100), nullable=False),
    sa.Column('coach_address', sa.String(300), nullable=False),
    sa.Column('gst_hst', sa.String(20), nullable=False),
    sa.Column('qst', sa.String(20), nullable=False),
    sa.Column('vat', sa.String(20), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_receipt_payment_id_payment')),
    sa.PrimaryKeyConstraint('payment_id', name=op.f('pk_receipt'))
    )
    with op.batch_alter_table('payout_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('disabled_reason', sa.String(100), nullable=True))
        batch_op.add_column(sa.Column('due_by', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('attempt', sa.Integer(), server_default='1', nullable=False))

    with op.batch_alter_table('purchase_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('online', sa.Boolean(), server_default=sa.false(), nullable=False))

    # what was paid before has a receipt too; its coach had said no tax number
    op.execute("""
        insert into receipt (payment_id, payer_name, coach_name, coach_address, gst_hst, qst, vat, issued_at)
        select payment.id, "user".name, coach.name, place.name || ', ' || place.region, '', '', '', payment.paid_at
        from payment join purchase on purchase.id = payment.order_id join "user" on "user".id = purchase.payer_id
        join coach on coach.id = payment.coach_id join place on place.id = coach.place_id
        where payment.status = 'paid' and payment.amount > 0 and payment.paid_at is not null
    """)


def downgrade() -> None:
    """Downgrade schema."""
    with op.batch_alter_table('purchase_line', schema=None) as batch_op:
        batch_op.drop_column('online')

    with op.batch_alter_table('payout_account', schema=None) as batch_op:
        batch_op.drop_column('attempt')
        batch_op.drop_column('stopped_at')
        batch_op.drop_column('due_by')
        batch_op.drop_column('disabled_reason')

    op.drop_table('receipt')
    op.drop_table('line_tax')
    op.drop_table('registration')
