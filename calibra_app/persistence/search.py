"""Finding records by the beginnings of their words."""

import unicodedata
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from calibra_app.models.search import SearchToken
from calibra_app.persistence.unit_of_work import UnitOfWork

LONGEST_WORD = 64


def words_of(*texts: str) -> list[str]:
    """Return the words of the texts as they are looked up: lower case, without accents.

    A word with inner marks, such as a serial number, stands as a whole and in its parts.
    """
    found: dict[str, None] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
        for whole in bare.split():
            inner = "".join(sign if sign.isalnum() else " " for sign in whole).split()
            for word in (whole.strip(".,;:()[]\"'"), *inner):
                if word:
                    found[word[:LONGEST_WORD]] = None
    return list(found)


def enter_words(work: UnitOfWork, kind: str, subject_id: UUID, texts: Iterable[str]) -> None:
    """Let a record be found by the words of these texts, and by no others any more."""
    connection = work.session.connection()
    connection.execute(
        delete(SearchToken).where(
            col(SearchToken.kind) == kind, col(SearchToken.subject_id) == subject_id
        )
    )
    rows = [{"kind": kind, "token": word, "subject_id": subject_id} for word in words_of(*texts)]
    if rows:
        connection.execute(insert(SearchToken), rows)


def found_by(kind: str, query: str) -> SelectOfScalar[UUID]:
    """Return a select of the records all of whose query's words begin some word of theirs.

    Use it as `.where(Table.id.in_(found_by("srf", query)))`: a record may stand in it twice. A
    query without a word finds nothing.
    """
    words = [found[0] for word in query.split() if (found := words_of(word))]
    if not words:
        return _having(kind, "").where(SearchToken.token == "")
    # Without DISTINCT: the planner may then walk the list in its order and look each record up,
    # which is what a word that stands in every record needs.
    first, *others = (_having(kind, word) for word in words)
    for other in others:
        first = first.where(col(SearchToken.subject_id).in_(other))
    return first


def _having(kind: str, begins: str) -> SelectOfScalar[UUID]:
    return select(SearchToken.subject_id).where(
        SearchToken.kind == kind, col(SearchToken.token).op("^@")(begins)
    )
