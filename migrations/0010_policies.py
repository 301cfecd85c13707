"""policies

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-26 06:25:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0010'
down_revision: Union[str, Sequence[str], None] = '0009'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None

STANDING = sa.text("status <> 'retracted'")
PRESETS = "cancellation in ('flexible', 'moderate', 'strict')"
NEAREST = "CASE WHEN cancel_hours <= 12 THEN 'flexible' WHEN cancel_hours <= 36 THEN 'moderate' ELSE 'strict' END"
HOURS = "CASE cancellation WHEN 'flexible' THEN 12 WHEN 'moderate' THEN 24 ELSE 72 END"


def upgrade() -> None:
    """Upgrade schema."""
    # columns are added, renamed and dropped in place on both databases: rows elsewhere point at these tables
    op.execute("ALTER TABLE offer ADD COLUMN cancellation VARCHAR(8) DEFAULT 'moderate' NOT NULL"
               f" CONSTRAINT ck_offer_cancellation_known CHECK ({PRESETS})")
    op.execute(f'UPDATE offer SET cancellation = {NEAREST}')
    op.execute('ALTER TABLE offer DROP COLUMN cancel_hours')

    op.execute('ALTER TABLE booking RENAME COLUMN cancel_hours TO full_hours')
    op.add_column('booking', sa.Column('part_percent', sa.Integer(), server_default='0', nullable=False))
    op.add_column('booking', sa.Column('part_hours', sa.Integer(), server_default='0', nullable=False))

    op.create_table('absence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('absent', sa.String(6), nullable=False),
    sa.Column('status', sa.String(9), nullable=False),
    sa.Column('reported_by', sa.Uuid(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.String(1000), nullable=False),
    sa.Column('object_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('objection', sa.String(1000), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('open', 'counted', 'contested', 'retracted', 'dismissed')", name=op.f('ck_absence_status_known')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_absence_booking_id_booking')),
    sa.ForeignKeyConstraint(['reported_by'], ['user.id'], name=op.f('fk_absence_reported_by_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    op.create_index('ix_absence_once', 'absence', ['booking_id'], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_index('ix_absence_status', 'absence', ['status', 'object_until'], unique=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('absence')
    op.drop_column('booking', 'part_hours')
    op.drop_column('booking', 'part_percent')
    op.execute('ALTER TABLE booking RENAME COLUMN full_hours TO cancel_hours')

    op.execute('ALTER TABLE offer ADD COLUMN cancel_hours INTEGER DEFAULT 24 NOT NULL')
    op.execute(f'UPDATE offer SET cancel_hours = {HOURS}')
    op.execute('ALTER TABLE offer DROP COLUMN cancellation')
