"""People, competences and absences as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from calibra_app.core.access import Role
from calibra_app.services.people import (
    AbsenceRecord,
    CompetenceRecord,
    Deed,
    Invitation,
    PersonDetail,
    PersonStatus,
    PersonSummary,
)
from calibra_app.ui.components.status import Look
from calibra_app.ui.format import Region, day, initials
from calibra_app.ui.words import say

DISCIPLINES: Final = (
    ("dimensional", say("Dimensional")),
    ("electrical", say("Electrical")),
    ("humidity", say("Humidity")),
    ("mass", say("Mass")),
    ("pressure", say("Pressure")),
    ("temperature", say("Temperature")),
    ("torque", say("Torque")),
)
DEEDS: Final = {
    Deed.PERFORM: Look("teal", "gauge", say("performs"), ""),
    Deed.REVIEW: Look("violet", "scan-search", say("reviews"), ""),
    Deed.AUTHORIZE: Look("green", "stamp", say("authorizes"), ""),
}
STATUSES: Final = {
    PersonStatus.INVITED: Look("amber", "mail", say("Invited"), ""),
    PersonStatus.ACTIVE: Look("green", "check", say("Active"), ""),
    PersonStatus.LOCKED: Look("red", "lock", say("Locked"), ""),
    PersonStatus.SUSPENDED: Look("amber", "circle-pause", say("Suspended"), ""),
    PersonStatus.LEFT: Look("gray", "archive", say("Left"), ""),
}
# What personnel can be; a customer's contact gets access on the customer's page.
ROLES: Final = tuple(role for role in Role if role is not Role.CU)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    key: str
    name: str
    initials: str
    email: str
    title: str
    roles: str
    status: str
    tone: str
    symbol: str

    @classmethod
    def of(cls, row: PersonSummary) -> Self:
        """Return the line of one person."""
        look = STATUSES[row.status]
        return cls(
            str(row.id),
            row.name,
            row.initials,
            row.email,
            row.job_title,
            ", ".join(role.label for role in row.roles),
            look.words,
            look.tone,
            look.icon,
        )


@dataclass(frozen=True, slots=True)
class PersonText:
    """One person as the form shows them."""

    key: str = ""
    version: int = 0
    name: str = ""
    initials: str = ""
    email: str = ""
    title: str = ""
    team: str = ""
    status: str = ""
    roles: tuple[str, ...] = ()

    @classmethod
    def of(cls, detail: PersonDetail) -> Self:
        """Return one person as text."""
        return cls(
            str(detail.id),
            detail.version,
            detail.name,
            detail.initials,
            detail.email,
            detail.job_title,
            detail.team,
            detail.status.value,
            tuple(role.value for role in detail.roles),
        )


@dataclass(frozen=True, slots=True)
class CompetenceRow:
    """One decision on competence."""

    key: str
    version: int
    deed: str
    tone: str
    symbol: str
    covers: str
    since: str
    until: str
    evidence: str

    @classmethod
    def of(cls, record: CompetenceRecord, region: Region) -> Self:
        """Return the line of one decision."""
        look = DEEDS[record.deed]
        return cls(
            str(record.id),
            record.version,
            look.words,
            look.tone,
            look.icon,
            record.procedure_code or record.discipline.capitalize(),
            day(record.valid_from, region=region),
            day(record.valid_to, region=region) if record.valid_to else "",
            record.evidence,
        )


@dataclass(frozen=True, slots=True)
class MatrixMark:
    """One deed in a cell of the matrix; `only` names the procedure that it is limited to."""

    words: str
    tone: str
    symbol: str
    only: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person's line of the competence matrix: a list of marks for each discipline."""

    key: str
    name: str
    initials: str
    cells: list[list[MatrixMark]]


def matrix_of(records: Sequence[CompetenceRecord]) -> list[MatrixRow]:
    """Return the competence matrix: a row for each person, a cell for each discipline."""
    people: dict[str, str] = {}
    marks: dict[tuple[str, str], list[MatrixMark]] = {}
    for record in records:
        if not record.valid:
            continue
        key = str(record.person_id)
        people[key] = record.person_name
        look = DEEDS[record.deed]
        mark = MatrixMark(look.words, look.tone, look.icon, record.procedure_code)
        marks.setdefault((key, record.discipline), []).append(mark)
    return [
        MatrixRow(
            key, name, initials(name), [marks.get((key, field), []) for field, _ in DISCIPLINES]
        )
        for key, name in people.items()
    ]


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence."""

    name: str
    initials: str
    span: str
    reason: str
    today: bool

    @classmethod
    def of(cls, record: AbsenceRecord, region: Region, today: date) -> Self:
        """Return the line of one absence."""
        first, last = (day(when, region=region) for when in (record.starts_on, record.ends_on))
        return cls(
            record.person_name,
            initials(record.person_name),
            first if first == last else f"{first} – {last}",
            record.reason,
            record.starts_on <= today <= record.ends_on,
        )


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One person who has not chosen a password yet."""

    key: str
    name: str
    email: str
    until: str
    expired: bool

    @classmethod
    def of(cls, invitation: Invitation, region: Region) -> Self:
        """Return the line of one invitation."""
        return cls(
            str(invitation.person_id),
            invitation.name,
            invitation.email,
            day(invitation.expires_at, region=region),
            invitation.expired,
        )
