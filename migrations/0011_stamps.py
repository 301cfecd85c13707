"""stamps

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-26 07:20:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0011'
down_revision: Union[str, Sequence[str], None] = '0010'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    # in place on both databases: rows elsewhere point at this table
    op.add_column('calendar', sa.Column('stamp', sa.Uuid(), nullable=False, server_default='0' * 32))
    op.execute('UPDATE calendar SET stamp = hours_stamp')
    op.drop_column('calendar', 'version')


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column('calendar', sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
    op.drop_column('calendar', 'stamp')
