"""looks through the books

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-26 10:20:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0015'
down_revision: Union[str, Sequence[str], None] = '0014'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('books_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('wrong', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_books_check'))
    )
    op.create_index('ix_books_check_at', 'books_check', ['at'])
    op.create_index('ix_stripe_event_received_at', 'stripe_event', ['received_at'])
    op.drop_column('payout_account', 'charges_enabled')


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column('payout_account', sa.Column('charges_enabled', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index('ix_stripe_event_received_at', 'stripe_event')
    op.drop_index('ix_books_check_at', 'books_check')
    op.drop_table('books_check')
