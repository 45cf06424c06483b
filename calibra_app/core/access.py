"""Who acts, what they may do, and the decorator that asks before every deed.

A permission opens the door of a deed. What narrows it further (own work only, a limit, a signature,
a customer's approver) depends on the record in question: the service asks `grants` and `notes`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from calibra_app.core.errors import Forbidden
from calibra_app.core.permission import Permission
from calibra_app.core.role_table import ROLE_GRANTS, Cell, Grant, Role

__all__ = [
    "NOBODY",
    "ROLE_GRANTS",
    "Actor",
    "Cell",
    "Grant",
    "Permission",
    "Role",
    "conflicts_of",
    "link_actor",
    "operator_actor",
    "permitted",
    "require",
    "system_actor",
    "visitor",
    "within_deed",
]

# The person of deeds that no person does.
NOBODY = UUID(int=0)

# What the worker does by itself; everything else needs somebody who answers for it.
SYSTEM_DEEDS = frozenset(
    {
        Permission.CERTIFICATE_PUBLISH,  # T38, once the signed certificate is printed
        Permission.DASHBOARD_SEE,  # figures for scheduled reports
        Permission.DOCUMENT_PRINT,
        Permission.INFORMATION_EXCHANGE,  # T08, a question that nobody answers
        Permission.LABORATORY_SEE,  # what falls due
        Permission.NOTICE_SEND,
        Permission.PLANNING_HOLD_MANAGE,  # T25, a hold that the system places
        Permission.QUOTATION_EXPIRE,  # T17
        Permission.SHIPMENT_SEND,  # T44, a courier's confirmation
        Permission.SRF_CLOSE,  # T47, after the agreed days
        Permission.SRF_DRAFT,  # T01, a recall
    }
)
LINK_DEEDS = frozenset({Permission.QUOTATION_ANSWER, Permission.QUOTATION_SEE})
VISITOR_DEEDS = frozenset({Permission.CERTIFICATE_VERIFY, Permission.SESSION_OPEN})
OPERATOR_DEEDS = frozenset({Permission.TENANT_FOUND})
VERIFIER_DEEDS = frozenset({Permission.AUDIT_TRAIL_READ})

_CONFLICTS = (
    (Role.TA, Role.AS, "who gives people their rights does not authorize certificates"),
    (Role.FI, Role.TE, "who writes the invoice does not do the work it charges"),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a deed, in which laboratory, in which session.

    Attributes:
        customer_id: The customer for whom a person of the portal acts.
        deeds: What an actor without a role may do: the worker, the holder of a link.
        zone: The laboratory's time zone, where it is known already; else a deed looks it up.
    """

    tenant_id: int
    person_id: UUID
    name: str
    roles: frozenset[Role] = frozenset()
    customer_id: UUID | None = None
    session_id: str = ""
    request_id: str = ""
    deeds: frozenset[Permission] = frozenset()
    zone: str = ""

    def cells(self, permission: Permission) -> tuple[Cell, ...]:
        """Return the cells of the permission table that speak for this actor."""
        row = ROLE_GRANTS[permission]
        held = tuple(cell for role in Role if role in self.roles if (cell := row[role]).grants)
        if permission in self.deeds:
            return (*held, Cell(frozenset({Grant.ALLOWED})))
        return held

    def grants(self, permission: Permission) -> frozenset[Grant]:
        """Return every way in which the actor holds the permission; empty means not at all."""
        return frozenset(grant for cell in self.cells(permission) for grant in cell.grants)

    def notes(self, permission: Permission, *, reading: bool = False) -> frozenset[str]:
        """Return the conditions one of which must be met; empty where a role needs none."""
        cells = self.cells(permission)
        notes = frozenset(cell.note for cell in cells if cell.admits(reading=reading, partly=True))
        return frozenset() if "" in notes else notes

    def may(self, permission: Permission, *, reading: bool = False, partly: bool = False) -> bool:
        """Say whether the actor may do the deed at all.

        Args:
            permission: The deed in question.
            reading: The deed only looks; a right to read is enough.
            partly: The deed is the part left to others: to propose, to ask, to agree.
        """
        return any(cell.admits(reading=reading, partly=partly) for cell in self.cells(permission))

    def only_own(self, permission: Permission, *, reading: bool = False) -> bool:
        """Say whether the actor holds the permission for own or assigned records alone."""
        cells = [cell for cell in self.cells(permission) if cell.admits(reading=reading)]
        return bool(cells) and all(Grant.OWN in cell.grants for cell in cells)


def system_actor(tenant_id: int) -> Actor:
    """Return the worker, who may do a short list of deeds in one laboratory."""
    return Actor(tenant_id, NOBODY, "Calibra", deeds=SYSTEM_DEEDS)


def link_actor(tenant_id: int, customer_id: UUID, name: str) -> Actor:
    """Return the holder of a quotation's link, who may open and answer that quotation."""
    return Actor(tenant_id, NOBODY, name, customer_id=customer_id, deeds=LINK_DEEDS)


def visitor(tenant_id: int) -> Actor:
    """Return whoever stands at the door: may sign in, or verify a certificate by its code."""
    return Actor(tenant_id, NOBODY, "Visitor", deeds=VISITOR_DEEDS)


def operator_actor(tenant_id: int) -> Actor:
    """Return the operator of the installation, who founds a laboratory and sees none."""
    return Actor(tenant_id, NOBODY, "Operator", deeds=OPERATOR_DEEDS)


def verifier(tenant_id: int) -> Actor:
    """Return whoever verifies a laboratory's records from the machine they are kept on."""
    return Actor(tenant_id, NOBODY, "Verifier", deeds=VERIFIER_DEEDS)


def conflicts_of(roles: Iterable[Role]) -> tuple[str, ...]:
    """Return a sentence for each pair of roles that one person may not hold together."""
    held = frozenset(roles)
    found = [
        f"{one.label} and {other.label} do not go together: {reason}."
        for one, other, reason in _CONFLICTS
        if {one, other} <= held
    ]
    for alone, reason in (
        (Role.VA, "an auditor's account only reads"),
        (Role.CU, "a customer is not of the laboratory's personnel"),
    ):
        if alone in held and len(held) > 1:
            found.append(f"{alone.label} goes with no other role: {reason}.")
    return tuple(found)


class Work(Protocol):
    """What a deed stands on, as far as its permission is concerned."""

    @property
    def actor(self) -> Actor:
        """Return who does the deed."""
        ...


W = TypeVar("W", bound=Work)
P = ParamSpec("P")
R = TypeVar("R")


def permitted(
    *permissions: Permission, reading: bool = False, partly: bool = False
) -> Callable[[Callable[Concatenate[W, P], R]], Callable[Concatenate[W, P], R]]:
    """Refuse the deed unless the actor holds one of the permissions.

    The decorated function carries them as `__permission__`, which a test looks for.

    Args:
        permissions: Any one of them is enough.
        reading: The function only looks, so a right to read opens it.
        partly: The function is the part left to others: to propose, to ask, to agree.
    """
    if not permissions:
        message = "name at least one permission"
        raise ValueError(message)

    def decorate(deed: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[W, P], R]:
        @wraps(deed)
        def guarded(work: W, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(work.actor, *permissions, reading=reading, partly=partly)
            return deed(work, *args, **kwargs)

        guarded.__dict__["__permission__"] = permissions
        return guarded

    return decorate


def within_deed(step: Callable[P, R]) -> Callable[P, R]:
    """Mark a step of other deeds: the services that take it have asked for their permission.

    A test keeps the doors from calling it: what a door may ask for carries `permitted`.
    """
    step.__dict__["__within_deed__"] = True
    return step


def require(
    actor: Actor, *permissions: Permission, reading: bool = False, partly: bool = False
) -> None:
    """Raise Forbidden, naming the deed, unless the actor holds one of the permissions."""
    if any(actor.may(each, reading=reading, partly=partly) for each in permissions):
        return
    deeds = " or ".join(permission.deed for permission in permissions)
    raise Forbidden(f"{actor.name} may not {deeds}. Ask who manages people for the role.")
