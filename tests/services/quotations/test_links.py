"""The link of an offer: whom it lets in, to what, and for how long."""

from datetime import timedelta

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden
from calibra_app.core.ids import new_id
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.quotation import QuotationRevision
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.quotations.links import (
    OfferUnknown,
    file_of_offer,
    find_holder,
    open_offer,
)
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.sending import send_again
from tests.services.quotations.offers_of_the_week import (
    sent,
    token_of,
)

WISH = "Please without urgency, next week is early enough"
BY_PHONE = "phone, Yara Haddad, 13:10"


def by_link(house, quotation_id):
    """Return the holder of the newest link to a quotation."""
    return find_holder(token_of(house, quotation_id))


@pytest.mark.parametrize("token", ["", "x", "ä" * 30, "a" * 43, "a" * 5_000, "1.guessed"])
def test_a_guessed_link_leads_nowhere(house, token):
    with pytest.raises(OfferUnknown):
        find_holder(token)


def test_a_link_ends_when_a_fresh_one_is_sent_and_when_its_time_has_passed(house):
    quotation_id = sent(house, items=(5,))
    before = token_of(house, quotation_id)
    with house.work() as work:
        send_again(work, quotation_id)
    with pytest.raises(OfferUnknown):
        find_holder(before)
    after = token_of(house, quotation_id)
    assert find_holder(after).actor.customer_id == house.customer_id
    with house.work() as work:
        revision = work.get(QuotationRevision, get_quotation(work, quotation_id).revision_id)
        revision.valid_until -= timedelta(days=100)
    with pytest.raises(OfferUnknown):
        find_holder(after)


def test_a_link_opens_nothing_but_its_own_customers_offers(house):
    mine = by_link(house, sent(house, "K2", (5,)))
    other = by_link(house, sent(house, "K3", (9,)))
    for look in (open_offer, file_of_offer):
        with pytest.raises(OfferUnknown), unit_of_work(mine.actor) as work:
            look(work, other.revision_id)
    with pytest.raises(Forbidden), unit_of_work(mine.actor) as work:
        send_again(work, new_id())


def test_the_paper_is_handed_out_once_it_is_printed_and_the_download_kept(house):
    holder = by_link(house, sent(house, items=(5,)))
    with pytest.raises(Conflict, match="still being printed"), unit_of_work(holder.actor) as work:
        file_of_offer(work, holder.revision_id)
    with house.work() as work:
        paper = work.exec(select(Document).where(Document.kind == "quotation")).one()
        paper.state, paper.sha256, paper.size = DocumentState.DONE, "a" * 64, 10
    with unit_of_work(holder.actor) as work:
        assert file_of_offer(work, holder.revision_id).name.endswith("-R0.pdf")
