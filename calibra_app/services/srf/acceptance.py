"""Accepting a request without an offer, declining it, and changing an accepted order.

T10, T11 and T19; what the customer answers to an offer stands with the quotations.
"""

from collections.abc import Sequence
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid
from calibra_app.core.ids import SrfId
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.lookups import agreement_offer, line_facts
from calibra_app.services.srf.moves import Move, move_header
from calibra_app.services.srf.receipt import receive_what_is_here
from calibra_app.services.srf.review import active_lines, reopen_questions
from calibra_app.services.srf.review_paper import print_review


@permitted(Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL)
def accept_under_agreement(work: UnitOfWork, srf_id: SrfId, seen: int) -> None:
    """Accept a reviewed request under a standing agreement, without an offer (T10).

    Raises:
        GuardFailed: A line is incomplete or not reviewed, or there is no such agreement.
    """
    srf = work.get(Srf, srf_id)
    facts = Facts(
        lines=line_facts(work, active_lines(work, srf_id)), offer=agreement_offer(work, srf)
    )
    move_header(work, srf, Move("T10", seen), facts)
    print_review(work, srf, "Accepted under the standing agreement")
    write_to_contact(work, srf, "confirmed")
    receive_what_is_here(work, srf)


@permitted(Permission.SRF_DECLINE)
def decline_srf(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str, password: str) -> None:
    """Decline a request, signed and with the reason that the customer reads (T11)."""
    srf = work.get(Srf, srf_id)
    move_header(work, srf, Move("T11", seen, reason.strip(), password=password))
    print_review(work, srf, f"Declined: {reason.strip()}")
    write_to_contact(work, srf, "declined", reason=reason.strip())


@permitted(Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL)
def change_order(
    work: UnitOfWork, srf_id: SrfId, seen: int, reason: str, line_ids: Sequence[UUID]
) -> None:
    """Open an accepted order for a change; only the touched lines are reviewed anew (T19)."""
    srf = work.get(Srf, srf_id)
    touched = [line for line in active_lines(work, srf_id) if line.id in set(line_ids)]
    if not touched:
        raise Invalid("Choose the lines that change.", field="lines")
    for line in touched:
        reopen_questions(work, line)
    move_header(work, srf, Move("T19", seen, reason.strip()))
