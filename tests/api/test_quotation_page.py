"""The page behind the link of an offer, as a customer's phone opens it."""

import pytest
from sqlmodel import select

from calibra_app.adapters import storage
from calibra_app.adapters.pace import Pace
from calibra_app.api import quotation_page
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.quotation import QuotationAnswer, QuotationState
from calibra_app.models.srf import HeaderState
from calibra_app.services.quotations.sending import send_again
from tests.builders import a_house
from tests.services.quotations.offers_of_the_week import (
    enter_prices,
    sent,
    shown,
    token_of,
)
from tests.stages import state_of

WISH = "Please without urgency, next week is early enough"


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch):
    """Let each test begin with full buckets."""
    monkeypatch.setattr(quotation_page, "_pace", Pace(per_second=1.0, at_once=40))
    monkeypatch.setattr(quotation_page, "_guesses", Pace(per_second=0.1, at_once=20))


@pytest.fixture
def house(work_in):
    made = a_house(work_in, instruments=())
    enter_prices(made)
    return made


@pytest.fixture
def offer(house):
    """Send K2's offer; return quotation id and the path of its page."""
    quotation_id = sent(house)
    return quotation_id, f"/q/{token_of(house, quotation_id)}/"


async def test_the_page_tells_the_whole_offer(browser, offer):
    answer = await browser(1).get(offer[1])
    assert answer.status_code == 200
    for words in (
        "Micrometer",
        "Not accredited",
        "MP-DIM-02",
        "20.2",
        "else four outcomes",
        "Urgency 25 %, 38.75 EUR",
        "352.75 EUR",
        "recipient is liable",
        "Valid until",
        "What do you accept?",
    ):
        assert words in answer.text


async def test_the_page_runs_no_script_and_is_kept_by_nobody(browser, offer):
    answer = await browser(1).get(offer[1])
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_with_and_without_the_last_stroke_it_is_the_same_page(browser, offer):
    page = browser(1)
    one, two = await page.get(offer[1]), await page.get(offer[1].rstrip("/"))
    assert one.text == two.text


async def test_accepting_tells_so_and_moves_the_request(browser, house, offer):
    page = browser(1)
    choices = (await page.get(offer[1])).text.split('name="line" value="')[1:]
    lines = [choice[:36] for choice in choices]
    done = await page.post(f"{offer[1]}accept", data={"name": "Yara Haddad", "line": lines})
    assert (done.status_code, done.headers["location"]) == (303, offer[1])
    shown_again = (await page.get(offer[1])).text
    assert "You have accepted this offer" in shown_again
    assert "Yara Haddad" in shown_again
    assert "<form" not in shown_again
    detail = shown(house, offer[0])
    assert detail.state is QuotationState.ACCEPTED
    assert state_of(house, detail.srf_id) is HeaderState.ACCEPTED


async def test_some_lines_are_accepted(browser, house, offer):
    page = browser(1)
    first = (await page.get(offer[1])).text.split('name="line" value="')[1][:36]
    await page.post(f"{offer[1]}accept", data={"name": "Yara", "line": [first]})
    assert str(shown(house, offer[0]).sums.net.amount) == "48.00"


async def test_no_line_at_all_is_refused_and_nothing_typed_is_lost(browser, offer):
    answer = await browser(1).post(f"{offer[1]}accept", data={"name": "Yara Haddad"})
    assert answer.status_code == 422
    assert "Choose at least one line" in answer.text
    assert 'value="Yara Haddad"' in answer.text


async def test_a_rejection_needs_its_reason_and_keeps_what_was_typed(browser, house, offer):
    page = browser(1)
    short = await page.post(f"{offer[1]}reject", data={"name": "Yara", "remark": "no"})
    assert short.status_code == 409
    assert "at least 10 characters" in short.text
    assert ">no</textarea>" in short.text
    await page.post(f"{offer[1]}reject", data={"name": "Yara", "remark": WISH})
    assert shown(house, offer[0]).state is QuotationState.REJECTED
    assert "You have rejected" in (await page.get(offer[1])).text


async def test_a_wish_makes_a_new_draft_which_the_page_does_not_show(browser, house, offer):
    page = browser(1)
    await page.post(f"{offer[1]}change", data={"name": "Yara", "remark": WISH})
    assert shown(house, offer[0]).revision == 1
    told = (await page.get(offer[1])).text
    assert "Your wish has reached us" in told
    assert "352.75" in told


async def test_the_paper_comes_as_a_file_once_it_is_printed(browser, house, offer):
    page = browser(1)
    assert (await page.get(f"{offer[1]}paper")).status_code == 409
    digest = storage.put(house.tenant_id, b"%PDF-1.7 printed")
    with house.work() as work:
        paper = work.exec(select(Document).where(Document.kind == "quotation")).one()
        paper.state, paper.sha256, paper.size = DocumentState.DONE, digest, 16
    file = await page.get(f"{offer[1]}paper")
    assert (file.status_code, file.content) == (200, b"%PDF-1.7 printed")
    assert file.headers["content-disposition"].startswith("attachment")
    assert "Download as PDF" in (await page.get(offer[1])).text


async def test_the_address_is_kept_with_the_answer(browser, house, offer):
    choices = (await browser(1).get(offer[1])).text.split('name="line" value="')[1:]
    data = {"name": "Yara", "line": [choice[:36] for choice in choices]}
    await browser(1).post(f"{offer[1]}accept", data=data)
    with house.work() as work:
        assert work.exec(select(QuotationAnswer.address)).one() == "127.0.0.1"


async def test_a_replaced_link_and_an_unknown_one_look_the_same(browser, house, offer):
    with house.work() as work:
        send_again(work, offer[0])
    page = browser(1)
    replaced, unknown = await page.get(offer[1]), await page.get(f"/q/{'a' * 43}/")
    assert (replaced.status_code, replaced.text) == (unknown.status_code, unknown.text)
    assert unknown.status_code == 404
