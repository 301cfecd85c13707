"""rank whole towns

The search table is made of what other tables know: it is made anew and the worker fills it within a minute.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-25 23:30:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = ()
depends_on: Union[str, Sequence[str], None] = None

ENTERED = ['cell', 'languages', 'price']
COVERED = [
    'modes', 'issues', 'x', 'y', 'z', 'strength', 'newcomer', 'standing', 'goals', 'traits', 'version', 'coach_id',
    'price_online', 'price_in_person', 'currency', 'next_opening_at', 'turnaround_hours', 'rating_sum', 'rating_count',
    'latitude', 'longitude',
]


def upgrade() -> None:
    """Upgrade schema."""
    op.drop_table('coach_search')
    op.create_table('coach_search',
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('cell', sa.Integer(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('z', sa.Float(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('zone', sa.Integer(), nullable=False),
    sa.Column('issues', sa.BigInteger(), nullable=False),
    sa.Column('main_issues', sa.BigInteger(), nullable=False),
    sa.Column('strength', sa.BigInteger(), nullable=False),
    sa.Column('goals', sa.Integer(), nullable=False),
    sa.Column('languages', sa.Integer(), nullable=False),
    sa.Column('modes', sa.Integer(), nullable=False),
    sa.Column('traits', sa.Integer(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=False),
    sa.Column('price_online', sa.Integer(), nullable=True),
    sa.Column('price_in_person', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('newcomer', sa.Float(), nullable=False),
    sa.Column('availability', sa.Float(), nullable=False),
    sa.Column('standing', sa.Float(), nullable=False),
    sa.Column('reply_hours', sa.Float(), nullable=True),
    sa.Column('rating_sum', sa.Integer(), nullable=False),
    sa.Column('rating_count', sa.Integer(), nullable=False),
    sa.Column('next_opening_at', sa.BigInteger(), nullable=True),
    sa.Column('turnaround_hours', sa.Integer(), nullable=True),
    sa.Column('card', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('listed_at', sa.BigInteger(), nullable=False),
    sa.Column('stale_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_coach_search_coach_id_coach')),
    sa.PrimaryKeyConstraint('coach_id', name=op.f('pk_coach_search'))
    )
    with op.batch_alter_table('coach_search', schema=None) as batch_op:
        if op.get_bind().dialect.name == 'postgresql':
            batch_op.create_index('ix_coach_search_ring_with', ENTERED, unique=False, postgresql_include=COVERED)
        else:
            batch_op.create_index('ix_coach_search_ring', ENTERED + COVERED, unique=False)
        batch_op.create_index('ix_coach_search_stale', ['stale_at'], unique=False)
        batch_op.create_index('ix_coach_search_listed', ['listed_at'], unique=False)

    op.create_table('first_listed',
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_first_listed_coach_id_coach')),
    sa.PrimaryKeyConstraint('coach_id', name=op.f('pk_first_listed'))
    )
    op.create_table('coach_topic',
    sa.Column('topic', sa.SmallInteger(), nullable=False),
    sa.Column('online', sa.Boolean(), nullable=False),
    sa.Column('standing', sa.Float(), nullable=False),
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('languages', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach_search.coach_id'], name=op.f('fk_coach_topic_coach_id_coach_search'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('topic', 'online', 'standing', 'coach_id', name=op.f('pk_coach_topic')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('coach_topic', schema=None) as batch_op:
        batch_op.create_index('ix_coach_topic_coach_id', ['coach_id'], unique=False)

    op.create_table('coach_word',
    sa.Column('word', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach_search.coach_id'], name=op.f('fk_coach_word_coach_id_coach_search'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word', 'coach_id', name=op.f('pk_coach_word')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('coach_word', schema=None) as batch_op:
        batch_op.create_index('ix_coach_word_coach_id', ['coach_id'], unique=False)

    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.drop_column('next_opening_at')
        batch_op.drop_column('next_opening_checked_at')


def downgrade() -> None:
    """Back to the search table of 0001, empty; the worker fills it."""
    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('next_opening_checked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('next_opening_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_table('coach_word')
    op.drop_table('coach_topic')
    op.drop_table('first_listed')
    op.drop_table('coach_search')
    op.create_table('coach_search',
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('cell', sa.Integer(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('country', sa.String(2), nullable=False),
    sa.Column('issues', sa.BigInteger(), nullable=False),
    sa.Column('main_issues', sa.BigInteger(), nullable=False),
    sa.Column('goals', sa.Integer(), nullable=False),
    sa.Column('languages', sa.Integer(), nullable=False),
    sa.Column('modes', sa.Integer(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=False),
    sa.Column('price_online', sa.Integer(), nullable=True),
    sa.Column('price_in_person', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('gender', sa.String(20), nullable=True),
    sa.Column('travel_km', sa.Integer(), nullable=False),
    sa.Column('evenings', sa.Boolean(), nullable=False),
    sa.Column('weekends', sa.Boolean(), nullable=False),
    sa.Column('rating_sum', sa.Integer(), nullable=False),
    sa.Column('rating_count', sa.Integer(), nullable=False),
    sa.Column('next_opening_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('turnaround_hours', sa.Integer(), nullable=True),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_coach_search_coach_id_coach')),
    sa.PrimaryKeyConstraint('coach_id', name=op.f('pk_coach_search'))
    )
    with op.batch_alter_table('coach_search', schema=None) as batch_op:
        batch_op.create_index('ix_coach_search_refreshed', ['refreshed_at'], unique=False)
        batch_op.create_index('ix_coach_search_ring', ['cell', 'languages', 'price', 'issues', 'latitude', 'longitude'], unique=False)
        batch_op.create_index('ix_coach_search_standing', ['rating_count', 'coach_id'], unique=False)
