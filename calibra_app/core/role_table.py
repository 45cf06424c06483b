"""Which role holds which permission, as printed in the permission table, and compiled.

Why the printed text and not sets of permissions: a person who compares a cell with the table of
the laboratory's manual compares two equal texts. What a cell means is worked out once, below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from calibra_app.core.permission import Permission


class Role(StrEnum):
    """The twelve roles within a laboratory, in the order of the table's columns."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Keep the title, in words, beside the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    TA = "TA", "Tenant admin"
    LM = "LM", "Laboratory manager"
    QM = "QM", "Quality manager"
    AS = "AS", "Authorized signatory"
    TR = "TR", "Technical reviewer"
    ST = "ST", "Senior technician"
    TE = "TE", "Technician"
    DI = "DI", "Dispatcher"
    FD = "FD", "Front desk"
    FI = "FI", "Finance"
    CU = "CU", "Customer"
    VA = "VA", "Viewer or auditor"


class Grant(StrEnum):
    """How a role holds a permission."""

    ALLOWED = "allowed"
    OWN = "own"
    READ = "read"
    SIGN = "sign"
    LIMIT = "limit"
    PROPOSE = "propose"
    AGREE = "agree"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table: the ways in which the role holds the permission.

    The note narrows the grant to a part of the deed or a condition ("evidence", "site", "team",
    "receive"); an empty note narrows nothing. The service that does the deed judges the note.
    """

    grants: frozenset[Grant] = frozenset()
    note: str = ""

    def admits(self, *, reading: bool = False, partly: bool = False) -> bool:
        """Say whether the cell opens the deed itself, its reading, or its part for others."""
        if not self.grants:
            return False
        if Grant.READ in self.grants:
            return reading
        if self.grants & PARTIAL:
            return reading or partly
        return True


PARTIAL = frozenset({Grant.PROPOSE, Grant.AGREE})
NOTHING = Cell()

_LETTERS = {
    "A": Grant.ALLOWED,
    "O": Grant.OWN,
    "R": Grant.READ,
    "S": Grant.SIGN,
    "L": Grant.LIMIT,
}
# A note that turns the letter into less, or more, than the letter alone would say.
_NOTES = {
    "propose": Grant.PROPOSE,
    "ask": Grant.PROPOSE,
    "agree": Grant.AGREE,
    "read": Grant.READ,
    "O": Grant.OWN,
}

# Columns: TA | LM | QM | AS | TR | ST | TE | DI | FD | FI | CU | VA, rows 1 to 83 in order.
PRINTED: Mapping[Permission, str] = {
    Permission.SRF_SEE: "R|A|R|R|R|R|O|R|A|R||R",
    Permission.PORTAL_SEE: "||||||||||O|",
    Permission.SRF_DRAFT: "|A||||A|||A||O|",
    Permission.SRF_SUBMIT: "|A||||A|||A||O|",
    Permission.CONTRACT_REVIEW_COMMERCIAL: "|A|||||||A|||R",
    Permission.CONTRACT_REVIEW_TECHNICAL: "|A|A|||A||||||R",
    Permission.SRF_DECLINE: "|S|S|||||||||R",
    Permission.INFORMATION_EXCHANGE: "|A|A|||A|O|A|A||O|",
    Permission.QUOTATION_WRITE: "|A|||||||A|A||",
    Permission.DISCOUNT_APPROVE: "|S|||||||L|L||",
    Permission.QUOTATION_SEND: "|A|||||||A|A||",
    Permission.QUOTATION_ANSWER: "||||||||A (evidence)||S (approver)|",
    Permission.PRICE_BOOK_EDIT: "|A|||||||R|A||",
    Permission.ITEM_RECEIVE: "|A||||A|O (site)|A|A|||R",
    Permission.CUSTOMER_DECISION_RECORD: "||||||||A (evidence)||S (approver)|",
    Permission.LINE_ASSIGN: "|A||||L (team)||A||||",
    Permission.LINE_TAKE: "|||||A|A|||||",
    Permission.VISIT_PLAN: "|A||||R|R|A|R|||",
    Permission.INDICATION_ENTER: "|||||A|O|||||",
    Permission.INDICATION_CORRECT: "|||||A|O|||||",
    Permission.DEVIATION_ADD: "||A|||A|O (propose)||||S (agree)|R",
    Permission.STANDARD_EXCEPTION_USE: "||S|||propose|propose|||||R",
    Permission.TECHNICAL_HOLD_PLACE: "|A|A|A|A|A|O|||||",
    Permission.PLANNING_HOLD_MANAGE: "|A|A|||||A|A|||",
    Permission.QUALITY_HOLD_RELEASE: "||S|||||||||",
    Permission.SHEET_SIGN: "|||||S|S (O)|||||",
    Permission.SHEET_REVIEW: "||||S|||||||",
    Permission.CERTIFICATE_AUTHORIZE: "|||S||||||||",
    Permission.OPINION_STATE: "|||S||S (if authorised)||||||",
    Permission.AMENDMENT_PREPARE: "|A|A|A|A|A|||A (data of customer)|||",
    Permission.CERTIFICATE_WITHDRAW: "||S|||||||||",
    Permission.SHEET_SEE: "|A|A|A|A|A|O||||O (if agreed)|R",
    Permission.CERTIFICATE_DOWNLOAD: "|A|A|A|A|A|O||A|A|O (by release rule)|R",
    Permission.PROCEDURE_EDIT: "||R|R|R|A|R|||||R",
    Permission.PROCEDURE_APPROVE: "|S|S||S (field)|||||||R",
    Permission.BUDGET_EDIT: "||R|R|S approve|A edit|R|||||R",
    Permission.DECISION_RULE_EDIT: "|A|S approve|R|R|R|R||R||R|R",
    Permission.CMC_EDIT: "|A|S approve|R|R|R|R||R||R (public part)|R",
    Permission.STANDARD_REGISTER: "|A|A|||A||R||||R",
    Permission.STANDARD_ACCEPT: "||S||S (field)|A propose||||||R",
    Permission.STANDARD_QUARANTINE: "|A|A|A|A|A|A|A||||",
    Permission.STANDARD_RETURN: "||S||S (field)|||||||",
    Permission.INTERMEDIATE_CHECK_RECORD: "||R||R|A|O|||||R",
    Permission.INSTRUMENT_REGISTER: "|A|R|||A|O|R|A||O|R",
    Permission.INTERVAL_CHANGE: "|A approve|S approve|||A propose|||||O (agree)|R",
    Permission.MAINTENANCE_PLAN: "|A|R|||A|O|A||||R",
    Permission.NONCONFORMITY_REPORT: "A|A|A|A|A|A|A|A|A|A|O (complaint)|A (finding)",
    Permission.NONCONFORMITY_EVALUATE: "|A|S|||||||||R",
    Permission.IMPACT_ANALYSE: "|A|S|R|A run|A run||||||R",
    Permission.COMPLAINT_HANDLE: "|A|A||||||A (receive)||O|R",
    Permission.MANAGEMENT_REVIEW_RECORD: "|A|A|||R||||||R",
    Permission.CONTROLLED_DOCUMENT_APPROVE: "R|A|S|R|R|A|R|R|R|R||R",
    Permission.COMPETENCE_RECORD: "|S|S||A (witness)|A (witness)|O read|R||||R",
    Permission.INVOICE_ISSUE: "|S (above limit)|||||||R|A|O read|R",
    Permission.PAYMENT_RECORD: "|A|||||||R|A||",
    Permission.SHIPMENT_SEND: "|A|||||O (site)|A|A||O (confirm)|",
    Permission.SRF_CLOSE: "|A|A||||||A|||",
    Permission.SRF_REOPEN: "|S|S||||||||O (ask)|",
    Permission.SRF_CANCEL: "|A|||||||A||O (ask)|",
    Permission.SRF_RESTORE: "|S||||||||||",
    Permission.TELEMETRY_SEE: "R|A|A|R|R|A|R|R||||R",
    Permission.ALARM_ACKNOWLEDGE: "|A|A|||A|O|||||",
    Permission.REPORT_RUN: "A (technical)|A|A|A|A|A|O|A|A|A|O|R",
    Permission.MONEY_SEE: "|A||||||||A||",
    Permission.AUDIT_TRAIL_READ: "A|A|A||||O|||||A",
    Permission.AUDIT_TRAIL_SIGN_OFF: "||S|||||||||",
    Permission.PERSON_MANAGE: "A|propose|R||||||||O (own company, CU admin)|R",
    Permission.SIGNATURE_RIGHT_GRANT: "S||S (second)|||||||||",
    Permission.SESSION_POLICY_SET: "S||R|||||||||R",
    Permission.BRANDING_SET: "A|A (workflow)|S (workflow approve)|||||||||R",
    Permission.IMPORT_RUN: "A|A||||A (assets, standards)|||A (assets)|A (prices)|O (own assets)|",
    Permission.RECORD_COPY_EXPORT: "A|A|A||||||||O|A",
    Permission.BACKUP_MAKE: "S|R|R|||||||||R",
    Permission.RETENTION_DECIDE: "S (with QM)||S|||||||||R",
    Permission.TOKEN_MANAGE: "A|R|||||||||O (own company)|R",
    Permission.PERSONAL_DATA_ANSWER: "S||S||||||||O (ask)|",
    Permission.PERMISSION_SIMULATE: "A|A|A|||||||||A",
    Permission.RELEASE_ACCEPT: "S||S|||||||||R",
    Permission.SUBCONTRACT_EXCHANGE: "|A||||A (receive)||A|A (receive)|||R",
    Permission.PROVIDER_APPROVE: "|propose|S|||||||R||R",
    Permission.PART_ORDER: "|A||||A|O||A (in)|R||",
    Permission.LINE_SPLIT: "|A|||||||A|||",
    Permission.CERTIFICATE_REFUSE: "||A|A||||||||R",
}

# Deeds for which the permission table has no row, in the same columns, each with its reason.
EXTRA: Mapping[Permission, str] = {
    # The permission table knows customers' instruments (row 44) but not the customers themselves:
    # whoever writes to them keeps their addresses, and nobody in the laboratory works blindly.
    Permission.CUSTOMER_EDIT: "|A|||||||A|A||",
    Permission.CUSTOMER_SEE: "R|R|R|R|R|R|R|R|R|R|O|R",
    # Work by state is everybody's; money on the dashboard stays with row 64.
    Permission.DASHBOARD_SEE: "R|R|R|R|R|R|R|R|R|R||R",
    # A failed job is repeated by who runs operations or the installation.
    Permission.JOB_RETRY: "A|A||||||||||",
    # Rooms, colleagues, labels and standards are seen by whoever must choose among them.
    Permission.LABORATORY_SEE: "R|R|R|R|R|R|R|R|R|R||R",
    # Each person's own profile, password and sessions.
    Permission.PROFILE_KEEP: "O|O|O|O|O|O|O|O|O|O|O|O",
    # Rows 9 to 13 say who writes, sends and answers a quotation, not who may open it.
    Permission.QUOTATION_SEE: "|R|||||||R|R|O|",
    # A room's limits decide whether a measurement counts, so they are not a technician's.
    Permission.ROOM_EDIT: "|A|A|||||||||",
    # Software is validated by who answers for releases and methods (17025, 7.11.2); whoever
    # measures, reviews or signs by it, and an assessor, sees the evidence.
    Permission.SOFTWARE_VALIDATE: "A|A|A|R|R|R|R|||||R",
    # What no role does: the worker, the door before anybody is known, and the operator.
    Permission.CERTIFICATE_PUBLISH: "|||||||||||",
    Permission.CERTIFICATE_VERIFY: "|||||||||||",
    Permission.DOCUMENT_PRINT: "|||||||||||",
    Permission.NOTICE_SEND: "|||||||||||",
    Permission.QUOTATION_EXPIRE: "|||||||||||",
    Permission.SESSION_OPEN: "|||||||||||",
    Permission.TENANT_FOUND: "|||||||||||",
}


def read_cell(printed: str) -> Cell:
    """Return the meaning of one printed cell, such as "A (evidence)", "O read" or "propose".

    Raises:
        ValueError: The letter is none of the table's codes.
    """
    letter, _, note = printed.strip().partition(" ")
    note = note.strip("()")
    if not letter:
        return NOTHING
    if letter == "propose":
        return Cell(frozenset({Grant.PROPOSE}), "propose")
    if letter not in _LETTERS:
        message = f"{printed} is no code of the permission table"
        raise ValueError(message)
    base, turned = _LETTERS[letter], _NOTES.get(note)
    if turned is None:
        return Cell(frozenset({base}), note)
    # "A propose" is the right to propose and nothing more; "O (propose)" proposes on own work.
    if turned is Grant.PROPOSE and base is Grant.ALLOWED:
        return Cell(frozenset({Grant.PROPOSE}), note)
    return Cell(frozenset({base, turned}), note)


def _compiled(printed: Mapping[Permission, str]) -> dict[Permission, dict[Role, Cell]]:
    return {
        permission: dict(zip(Role, map(read_cell, cells.split("|")), strict=True))
        for permission, cells in printed.items()
    }


ROLE_GRANTS: Mapping[Permission, Mapping[Role, Cell]] = _compiled(PRINTED) | _compiled(EXTRA)
