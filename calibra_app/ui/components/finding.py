"""What the palette finds: records by words, tags, serial numbers and scanned labels."""

from calibra_app.core.errors import CalibraError
from calibra_app.services.finding import Found, FoundKind, find_records
from calibra_app.ui import routes
from calibra_app.ui.base import AppState, ask, current_actor, notice
from calibra_app.ui.gate import signed_in
from calibra_app.ui.words import say

_LOOKS: dict[FoundKind, tuple[str, str]] = {
    FoundKind.SRF: ("clipboard-list", say("Requests")),
    FoundKind.INSTRUMENT: ("gauge", say("Instruments")),
    FoundKind.CERTIFICATE: ("stamp", say("Certificates")),
    FoundKind.QUOTATION: ("file-text", say("Quotations")),
    FoundKind.CUSTOMER: ("building", say("Customers")),
    FoundKind.STANDARD: ("scale", say("Standards")),
}


class FindingState(AppState):
    """The records that the palette shows for what was typed last."""

    found: list[dict[str, str]] = []

    @signed_in
    async def look_for(self, query: str):
        """Find records for what was typed or scanned."""
        try:
            actor = await current_actor(self)
            some = await ask(self, find_records, query)
        except CalibraError as error:
            self.found = []
            return notice(error)
        portal = actor.customer_id is not None
        self.found = [_entry(one, query, portal=portal) for one in some]
        return None


def _entry(found: Found, query: str, *, portal: bool) -> dict[str, str]:
    symbol, group = _LOOKS[found.kind]
    return {
        "id": str(found.id),
        "group": group,
        "icon": symbol,
        "label": found.label,
        "hint": found.hint,
        "href": routes.PORTAL if portal else _path(found),
        "query": query,
    }


def _path(found: Found) -> str:
    match found.kind:
        case FoundKind.SRF:
            return routes.srf(found.id)
        case FoundKind.INSTRUMENT:
            return routes.srf(found.srf_id) if found.srf_id else routes.INSTRUMENTS
        case FoundKind.CERTIFICATE:
            return routes.certificate(found.id)
        case FoundKind.QUOTATION:
            return routes.quotation(found.id)
        case FoundKind.CUSTOMER:
            return routes.customer(found.id)
        case FoundKind.STANDARD:
            return routes.standard(found.id)
