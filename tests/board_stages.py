"""Requests put where a test of the boards begins, without the steps that lead there."""

from calibra_app.models.srf import HeaderState, ItemCondition, LineState, Srf, SrfLine
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.moves import lines_of


def a_request(house, number="SRF-T-1"):
    """Put a request on the board whose items are here; return the ids of its lines."""
    with house.work() as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids
        )
        srf = work.get(Srf, srf_id)
        srf.number, srf.state = number, HeaderState.RECEIVED
        for line in lines_of(work, srf_id):
            line.state, line.condition = LineState.RECEIVED, ItemCondition.OK
        return [line.id for line in lines_of(work, srf_id)]


def change(house, line_id, **fields):
    """Give a line other values, past every rule."""
    with house.work() as work:
        line = work.get(SrfLine, line_id)
        for name, value in fields.items():
            setattr(line, name, value)
