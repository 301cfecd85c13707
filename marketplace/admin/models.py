"""The table of looks through the books."""

from datetime import datetime
from uuid import UUID

from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.db import Instant, new_id


class BooksCheck(SQLModel, table=True):
    """One look through all of the books: what was `wrong`, in sentences; nothing when all is well."""

    __tablename__ = "books_check"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    wrong: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Instant, index=True)
