"""Words by which records are found; prefix search that stays quick behind the wall.

Why a table of words: under row security only leakproof operators may use an index. `^@` is one,
`ILIKE` and full-text `@@` are not.
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from calibra_app.models.base import TenantRow, index


class SearchToken(TenantRow, table=True):
    """One word of one record, in lower case and without accents."""

    __tablename__ = "search_token"
    __table_args__ = (index("kind", "subject_id"),)
    __audited__: ClassVar[bool] = False
    __removable__: ClassVar[bool] = True

    kind: str = Field(primary_key=True, sa_type=Text)
    token: str = Field(primary_key=True, sa_type=Text(collation="C"))  # pyright: ignore[reportArgumentType, reportCallIssue]
    subject_id: UUID = Field(primary_key=True)
