"""Paths of the site: where each page is, what it is called, and who finds it in the navigation.

Pages link by these names, so no page imports another. Served paths end with a slash.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from calibra_app.core.access import Permission
from calibra_app.ui.words import say

DASHBOARD = "/"
SIGN_IN = "/sign-in/"
SIGN_OUT = "/api/v1/auth/sign-out"
REQUESTS = "/requests/"
NEW_REQUEST = "/requests/new/"
BOARD = "/board/"
WORK = "/work/"
REVIEW = "/review/"
CERTIFICATES = "/certificates/"
CUSTOMERS = "/customers/"
INSTRUMENTS = "/instruments/"
STANDARDS = "/standards/"
PROCEDURES = "/procedures/"
SCOPE = "/scope/"
PRICES = "/prices/"
ROOMS = "/rooms/"
PEOPLE = "/people/"
QUOTATIONS = "/quotations/"
INVOICES = "/invoices/"
DISPATCH = "/dispatch/"
SETTINGS = "/settings/"
PORTAL = "/portal/"
PORTAL_REQUESTS = "/portal/requests/"
PORTAL_CERTIFICATES = "/portal/certificates/"
AUDIT = "/audit/"
VALIDATION = "/validation/"
DECISION_RULES = "/decision-rules/"


def srf(srf_id: UUID | str) -> str:
    """Return the path of one request."""
    return f"{REQUESTS}{srf_id}/"


def sheet(sheet_id: UUID | str) -> str:
    """Return the path of one observation sheet."""
    return f"/sheets/{sheet_id}/"


def certificate(certificate_id: UUID | str) -> str:
    """Return the path of one certificate."""
    return f"{CERTIFICATES}{certificate_id}/"


def customer(customer_id: UUID | str) -> str:
    """Return the path of one customer."""
    return f"{CUSTOMERS}{customer_id}/"


def design(version_id: UUID | str) -> str:
    """Return the path of the designer, open at one revision of a procedure."""
    return f"{PROCEDURES}designs/{version_id}/"


def figure(name: str, state: str = "") -> str:
    """Return the path of the list behind a figure of the dashboard, narrowed to a state."""
    return f"/figures/{name}/" + (f"?state={state}" if state else "")


def standard(standard_id: UUID | str) -> str:
    """Return the path of one reference standard."""
    return f"{STANDARDS}{standard_id}/"


def quotation(quotation_id: UUID | str) -> str:
    """Return the path of one quotation."""
    return f"{QUOTATIONS}{quotation_id}/"


def invoice(invoice_id: UUID | str) -> str:
    """Return the path of one invoice."""
    return f"{INVOICES}{invoice_id}/"


def offer(quote_token: str) -> str:
    """Return the public path of a quotation; who holds the token may answer it."""
    return f"/q/{quote_token}/"


def worked_example(name: str) -> str:
    """Return the path of one worked example; a dot would make a server look for a file."""
    return f"{VALIDATION}{name.replace('.', '_')}/"


def portal_request(srf_id: UUID | str) -> str:
    """Return the path of one request as its customer sees it."""
    return f"{PORTAL_REQUESTS}{srf_id}/"


class NavGroup(StrEnum):
    """A group of entries in the navigation, in their order."""

    TODAY = ""
    LABORATORY = "Laboratory"
    BUSINESS = "Business"
    RESOURCES = "Resources"
    ADMINISTRATION = "Administration"


@dataclass(frozen=True, slots=True)
class Route:
    """One page of the site.

    Attributes:
        path: The path as `add_page` takes it, with its arguments in brackets.
        title: What the page is called, in the navigation and in the browser's tab.
        icon: Its symbol in `assets/icons.svg`.
        permission: Who may open it; None where a session is enough or none is needed.
        group: Where the navigation lists it; None where it does not.
        keys: What to press after G to go there.
    """

    path: str
    title: str
    icon: str
    permission: Permission | None = None
    group: NavGroup | None = None
    keys: str = ""

    @property
    def link(self) -> str:
        """The path to link to, for a page without arguments."""
        return self.path if self.path.endswith("/") else f"{self.path}/"

    @property
    def pattern(self) -> str:
        """The path as `add_page` wants it: without the last slash."""
        return self.path.rstrip("/") or "/"


ROUTES: tuple[Route, ...] = (
    Route(
        DASHBOARD,
        say("Dashboard"),
        "layout-dashboard",
        Permission.DASHBOARD_SEE,
        NavGroup.TODAY,
        "D",
    ),
    Route("/figures/[figure_name]", say("List"), "list-filter", Permission.DASHBOARD_SEE),
    Route(WORK, say("My work"), "list-checks", Permission.INDICATION_ENTER, NavGroup.TODAY, "W"),
    Route(PORTAL, say("My requests"), "package-open", Permission.PORTAL_SEE, NavGroup.TODAY),
    Route(PORTAL_REQUESTS, say("All my requests"), "clipboard-list", Permission.PORTAL_SEE),
    Route("/portal/requests/[srf_id]", say("My request"), "clipboard-list", Permission.PORTAL_SEE),
    Route(PORTAL_CERTIFICATES, say("My certificates"), "file-check", Permission.PORTAL_SEE),
    Route(BOARD, say("Board"), "square-kanban", Permission.SRF_SEE, NavGroup.LABORATORY, "B"),
    Route(
        REQUESTS, say("Requests"), "clipboard-list", Permission.SRF_SEE, NavGroup.LABORATORY, "R"
    ),
    Route(NEW_REQUEST, say("New request"), "file-plus", Permission.SRF_DRAFT),
    Route("/requests/[srf_id]", say("Request"), "clipboard-list", Permission.SRF_SEE),
    Route("/sheets/[sheet_id]", say("Observation sheet"), "pen-line", Permission.SHEET_SEE),
    Route(REVIEW, say("Review"), "scan-search", Permission.SHEET_REVIEW, NavGroup.LABORATORY, "V"),
    Route(
        CERTIFICATES,
        say("Certificates"),
        "stamp",
        Permission.CERTIFICATE_DOWNLOAD,
        NavGroup.LABORATORY,
        "C",
    ),
    Route(
        "/certificates/[certificate_id]",
        say("Certificate"),
        "stamp",
        Permission.CERTIFICATE_DOWNLOAD,
    ),
    Route(DISPATCH, say("Dispatch"), "truck", Permission.SHIPMENT_SEND, NavGroup.LABORATORY, "H"),
    Route(CUSTOMERS, say("Customers"), "building", Permission.CUSTOMER_SEE, NavGroup.BUSINESS, "U"),
    Route("/customers/[customer_id]", say("Customer"), "building", Permission.CUSTOMER_SEE),
    Route(
        QUOTATIONS, say("Quotations"), "file-text", Permission.QUOTATION_SEE, NavGroup.BUSINESS, "Q"
    ),
    Route("/quotations/[quotation_id]", say("Quotation"), "file-text", Permission.QUOTATION_SEE),
    Route(INVOICES, say("Invoices"), "receipt", Permission.INVOICE_ISSUE, NavGroup.BUSINESS, "I"),
    Route("/invoices/[invoice_id]", say("Invoice"), "receipt", Permission.INVOICE_ISSUE),
    Route(PRICES, say("Prices"), "banknote", Permission.PRICE_BOOK_EDIT, NavGroup.BUSINESS),
    Route(
        INSTRUMENTS,
        say("Instruments"),
        "gauge",
        Permission.INSTRUMENT_REGISTER,
        NavGroup.RESOURCES,
        "E",
    ),
    Route(STANDARDS, say("Standards"), "scale", Permission.LABORATORY_SEE, NavGroup.RESOURCES, "S"),
    Route("/standards/[standard_id]", say("Standard"), "scale", Permission.LABORATORY_SEE),
    Route(
        PROCEDURES,
        say("Procedures"),
        "book-open",
        Permission.PROCEDURE_EDIT,
        NavGroup.RESOURCES,
        "P",
    ),
    Route(
        "/procedures/designs/[design_id]",
        say("Procedure designer"),
        "book-open",
        Permission.PROCEDURE_EDIT,
    ),
    Route(SCOPE, say("Scope"), "target", Permission.CMC_EDIT, NavGroup.RESOURCES),
    Route(
        DECISION_RULES,
        say("Decision rules"),
        "sliders-horizontal",
        Permission.DECISION_RULE_EDIT,
        NavGroup.RESOURCES,
        "X",
    ),
    Route(ROOMS, say("Rooms"), "thermometer", Permission.LABORATORY_SEE, NavGroup.RESOURCES),
    Route(PEOPLE, say("People"), "users", Permission.LABORATORY_SEE, NavGroup.ADMINISTRATION),
    Route(
        AUDIT,
        say("Audit trail"),
        "history",
        Permission.AUDIT_TRAIL_READ,
        NavGroup.ADMINISTRATION,
        "A",
    ),
    Route(
        VALIDATION,
        say("Software validation"),
        "badge-check",
        Permission.SOFTWARE_VALIDATE,
        NavGroup.ADMINISTRATION,
    ),
    Route(
        "/validation/[example_name]",
        say("Worked example"),
        "badge-check",
        Permission.SOFTWARE_VALIDATE,
    ),
    Route(SETTINGS, say("Settings"), "settings", Permission.BRANDING_SET, NavGroup.ADMINISTRATION),
    Route(SIGN_IN, say("Sign in"), "log-in"),
    Route("/q/[quote_token]", say("Quotation"), "file-text"),
)

_BY_PATTERN = {route.pattern: route for route in ROUTES}


def route(pattern: str) -> Route:
    """Return the page at a pattern or path; raise KeyError where there is none."""
    return _BY_PATTERN[pattern.rstrip("/") or "/"]


def navigation() -> dict[NavGroup, tuple[Route, ...]]:
    """Return the entries of each group, in the order in which they are shown."""
    return {group: tuple(entry for entry in ROUTES if entry.group is group) for group in NavGroup}
