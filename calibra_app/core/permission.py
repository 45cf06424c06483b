"""Every deed that asks for a right, each under one name; the roles that hold it are a table.

The first text is the permission's name, `thing:deed`; the second completes the sentence "You may
not …". The comment is the row of the permission table (C2-1 to C2-83); `extra` marks a deed for
which that table has no row, with the reason in `role_table.EXTRA`.
"""

from enum import StrEnum
from typing import Self


class Permission(StrEnum):
    """A deed that not everybody may do, in alphabetical order."""

    deed: str

    def __new__(cls, name: str, deed: str) -> Self:
        """Keep the deed in plain words beside the name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.deed = deed
        return member

    ALARM_ACKNOWLEDGE = "alarm:acknowledge", "acknowledge an alarm of the conditions"  # C2-62
    AMENDMENT_PREPARE = "amendment:prepare", "prepare an amendment"  # C2-30
    AUDIT_TRAIL_READ = "audit_trail:read", "read the audit trail"  # C2-65
    AUDIT_TRAIL_SIGN_OFF = "audit_trail:sign_off", "sign off a review of the audit trail"  # C2-66
    BACKUP_MAKE = "backup:make", "make backups and rehearse their return"  # C2-73
    BRANDING_SET = "branding:set", "set branding, numbers and workflow options"  # C2-70
    BUDGET_EDIT = "budget:edit", "edit or approve uncertainty budgets"  # C2-36
    CERTIFICATE_AUTHORIZE = "certificate:authorize", "authorize certificates"  # C2-28
    CERTIFICATE_DOWNLOAD = "certificate:download", "download certificates"  # C2-33
    CERTIFICATE_PUBLISH = "certificate:publish", "publish a certificate once it is printed"  # extra
    CERTIFICATE_REFUSE = "certificate:refuse", "refuse work at authorization"  # C2-83
    CERTIFICATE_VERIFY = "certificate:verify", "verify a certificate by its code"  # extra
    CERTIFICATE_WITHDRAW = "certificate:withdraw", "withdraw a certificate"  # C2-31
    CMC_EDIT = "cmc:edit", "edit the scope and its CMCs"  # C2-38
    COMPETENCE_RECORD = "competence:record", "record competence"  # C2-53
    COMPLAINT_HANDLE = "complaint:handle", "handle complaints"  # C2-50
    CONTRACT_REVIEW_COMMERCIAL = (
        "contract_review:commercial",
        "review the price of a request",
    )  # C2-5
    CONTRACT_REVIEW_TECHNICAL = (
        "contract_review:technical",
        "review the method of a request",
    )  # C2-6
    CONTROLLED_DOCUMENT_APPROVE = "controlled_document:approve", "approve documents"  # C2-52
    CUSTOMER_EDIT = "customer:edit", "edit customers and their contacts"  # extra
    CUSTOMER_SEE = "customer:see", "see customers and their contacts"  # extra
    CUSTOMER_DECISION_RECORD = "customer_decision:record", "decide for the customer"  # C2-15
    DASHBOARD_SEE = "dashboard:see", "see the laboratory's dashboard"  # extra
    DECISION_RULE_EDIT = "decision_rule:edit", "edit the catalogue of decision rules"  # C2-37
    DEVIATION_ADD = "deviation:add", "add a deviation from the method"  # C2-21
    DISCOUNT_APPROVE = "discount:approve", "approve a price above the limit"  # C2-10
    DOCUMENT_PRINT = "document:print", "print and attach documents"  # extra
    IMPACT_ANALYSE = "impact:analyse", "run or decide an impact analysis"  # C2-49
    IMPORT_RUN = "import:run", "import records or undo an import"  # C2-71
    INDICATION_CORRECT = "indication:correct", "correct a saved indication"  # C2-20
    INDICATION_ENTER = "indication:enter", "start work and enter indications"  # C2-19
    INFORMATION_EXCHANGE = "information:exchange", "exchange information on a request"  # C2-8
    INSTRUMENT_REGISTER = "instrument:register", "register and edit customers' instruments"  # C2-44
    INTERMEDIATE_CHECK_RECORD = "intermediate_check:record", "record intermediate checks"  # C2-43
    INTERVAL_CHANGE = "interval:change", "change a calibration interval"  # C2-45
    INVOICE_ISSUE = "invoice:issue", "issue invoices and credit notes"  # C2-54
    ITEM_RECEIVE = "item:receive", "receive items and record their condition"  # C2-14
    JOB_RETRY = "job:retry", "retry a failed job"  # extra
    LABORATORY_SEE = "laboratory:see", "see rooms, personnel and standards"  # extra
    LINE_ASSIGN = "line:assign", "assign work"  # C2-16
    LINE_SPLIT = "line:split", "split or merge the lines of a request"  # C2-82
    LINE_TAKE = "line:take", "take work from the queue"  # C2-17
    MAINTENANCE_PLAN = "maintenance:plan", "plan and record maintenance"  # C2-46
    MANAGEMENT_REVIEW_RECORD = "management_review:record", "record management reviews"  # C2-51
    MONEY_SEE = "money:see", "see the figures of money"  # C2-64
    NONCONFORMITY_EVALUATE = "nonconformity:evaluate", "evaluate and close a nonconformity"  # C2-48
    NONCONFORMITY_REPORT = "nonconformity:report", "report a nonconformity"  # C2-47
    NOTICE_SEND = "notice:send", "send notices"  # extra
    OPINION_STATE = "opinion:state", "state opinions and interpretations"  # C2-29
    PART_ORDER = "part:order", "order parts or book them in"  # C2-81
    PAYMENT_RECORD = "payment:record", "record payments"  # C2-55
    PERMISSION_SIMULATE = "permission:simulate", "simulate permissions"  # C2-77
    PERSON_MANAGE = "person:manage", "invite people and give them roles"  # C2-67
    PERSONAL_DATA_ANSWER = "personal_data:answer", "answer on personal data"  # C2-76
    PLANNING_HOLD_MANAGE = "planning_hold:manage", "place or release a planning hold"  # C2-24
    PORTAL_SEE = "portal:see", "see own requests in the portal"  # C2-2
    PRICE_BOOK_EDIT = "price_book:edit", "edit the price book and taxes"  # C2-13
    PROCEDURE_APPROVE = "procedure:approve", "approve procedures and templates"  # C2-35
    PROCEDURE_EDIT = "procedure:edit", "edit procedures and templates"  # C2-34
    PROFILE_KEEP = "profile:keep", "keep the own profile and sessions"  # extra
    PROVIDER_APPROVE = "provider:approve", "approve an external provider"  # C2-80
    QUALITY_HOLD_RELEASE = "quality_hold:release", "release a quality hold"  # C2-25
    QUOTATION_ANSWER = "quotation:answer", "accept or reject a quotation"  # C2-12
    QUOTATION_EXPIRE = "quotation:expire", "let a quotation expire"  # extra
    QUOTATION_SEE = "quotation:see", "see quotations"  # extra
    QUOTATION_SEND = "quotation:send", "send a quotation"  # C2-11
    QUOTATION_WRITE = "quotation:write", "write a quotation"  # C2-9
    RECORD_COPY_EXPORT = "record_copy:export", "export a copy of the records"  # C2-72
    RELEASE_ACCEPT = "release:accept", "accept a new release"  # C2-78
    REPORT_RUN = "report:run", "run and share reports"  # C2-63
    RETENTION_DECIDE = "retention:decide", "decide on retention and disposal"  # C2-74
    ROOM_EDIT = "room:edit", "edit rooms and their limits"  # extra
    SESSION_OPEN = "session:open", "sign in"  # extra
    SESSION_POLICY_SET = "session_policy:set", "set the rules of signing in"  # C2-69
    SHEET_REVIEW = "sheet:review", "review observation sheets"  # C2-27
    SHEET_SEE = "sheet:see", "see observation sheets and budgets"  # C2-32
    SHEET_SIGN = "sheet:sign", "sign an observation sheet as performed"  # C2-26
    SHIPMENT_SEND = "shipment:send", "pack, ship and confirm delivery"  # C2-56
    SIGNATURE_RIGHT_GRANT = "signature_right:grant", "grant the right to sign"  # C2-68
    SOFTWARE_VALIDATE = "software:validate", "validate the software"  # extra
    SRF_CANCEL = "srf:cancel", "cancel a request"  # C2-59
    SRF_CLOSE = "srf:close", "close a request"  # C2-57
    SRF_DECLINE = "srf:decline", "decline a request"  # C2-7
    SRF_DRAFT = "srf:draft", "write a draft request"  # C2-3
    SRF_REOPEN = "srf:reopen", "reopen a request"  # C2-58
    SRF_RESTORE = "srf:restore", "restore a request from a record"  # C2-60
    SRF_SEE = "srf:see", "see requests"  # C2-1
    SRF_SUBMIT = "srf:submit", "submit a request"  # C2-4
    STANDARD_ACCEPT = "standard:accept", "accept a reference standard's certificate"  # C2-40
    STANDARD_QUARANTINE = "standard:quarantine", "quarantine a reference standard"  # C2-41
    STANDARD_REGISTER = "standard:register", "register and edit reference standards"  # C2-39
    STANDARD_RETURN = "standard:return", "return a reference standard to service"  # C2-42
    STANDARD_EXCEPTION_USE = "standard_exception:use", "use a standard under exception"  # C2-22
    SUBCONTRACT_EXCHANGE = "subcontract:exchange", "exchange work with a provider"  # C2-79
    TECHNICAL_HOLD_PLACE = "technical_hold:place", "place a technical hold"  # C2-23
    TELEMETRY_SEE = "telemetry:see", "see conditions and set their limits"  # C2-61
    TENANT_FOUND = "tenant:found", "found a laboratory"  # extra
    TOKEN_MANAGE = "token:manage", "manage keys of the interface and webhooks"  # C2-75
    VISIT_PLAN = "visit:plan", "plan a visit"  # C2-18
