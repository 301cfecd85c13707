"""hours undone

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-26 03:50:12.104833

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0009'
down_revision: Union[str, Sequence[str], None] = '0008'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('replaced',
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('change_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['calendar.coach_id'], name=op.f('fk_replaced_coach_id_calendar')),
    sa.PrimaryKeyConstraint('coach_id', name=op.f('pk_replaced'))
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('replaced')
