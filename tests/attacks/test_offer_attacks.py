"""Attacks on the public page of an offer: guessed links, foreign pages, tampered forms."""

import pytest
from sqlmodel import select

from calibra_app.adapters.pace import Pace
from calibra_app.api import quotation_page
from calibra_app.models.customer import Customer
from calibra_app.models.quotation import QuotationAnswer, QuotationState
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.sending import send_offer
from tests.builders import a_house
from tests.services.quotations.offers_of_the_week import (
    enter_prices,
    offered,
    sent,
    shown,
    token_of,
)

WISH = "Please without urgency, next week is early enough"
SCRIPT = "<script>alert(1)</script>"


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
    quotation_id = sent(house, items=(5, 6))
    return quotation_id, f"/q/{token_of(house, quotation_id)}/"


def answers(house):
    with house.work() as work:
        return work.exec(select(QuotationAnswer)).all()


@pytest.mark.parametrize(
    "token",
    [
        "a" * 43,
        "a" * 5_000,
        "%00",
        "1.guessed",
        "' OR '1'='1",
        "..%2f..%2fhealth",
        "%F0%9F%98%80" * 10,
    ],
)
async def test_a_guessed_token_gets_the_same_answer_as_any_other(browser, house, token):
    answer = await browser(1).get(f"/q/{token}/")
    assert answer.status_code == 404
    assert "352" not in answer.text


async def test_who_guesses_on_is_made_to_wait(browser, house):
    page = browser(1)
    found = [(await page.get(f"/q/{number:043d}/")).status_code for number in range(25)]
    assert found[0] == 404
    assert found[-1] == 429


async def test_at_another_laboratorys_address_a_link_is_none(browser, offer):
    assert (await browser(2).get(offer[1])).status_code == 404
    answer = await browser(2).post(f"{offer[1]}accept", data={"name": "Eve"})
    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://evil.localhost", ""])
async def test_a_foreign_page_answers_nothing(browser, house, offer, origin):
    answer = await browser(1).post(
        f"{offer[1]}reject", data={"name": "Eve", "remark": WISH}, headers={"origin": origin}
    )
    assert answer.status_code == 403
    assert answers(house) == []
    assert shown(house, offer[0]).state is QuotationState.SENT


async def test_a_repeated_answer_is_one_answer(browser, house, offer):
    page = browser(1)
    for _ in range(3):
        await page.post(f"{offer[1]}reject", data={"name": "Yara", "remark": WISH})
    assert len(answers(house)) == 1


async def test_a_replaced_revision_is_not_accepted_by_its_old_link(browser, house, offer):
    page = browser(1)
    await page.post(f"{offer[1]}change", data={"name": "Yara", "remark": WISH})
    with house.work() as work:
        send_offer(work, offer[0], get_quotation(work, offer[0]).version)
    line = str(shown(house, offer[0], 0).lines[0].id)
    late = await page.post(f"{offer[1]}accept", data={"name": "Yara", "line": line})
    assert late.status_code == 409
    assert shown(house, offer[0]).state is QuotationState.SENT


async def test_lines_of_another_offer_are_refused(browser, house, offer):
    other = shown(house, sent(house, "K3", (9, 11)))
    stray = [str(line.id) for line in other.lines]
    answer = await browser(1).post(f"{offer[1]}accept", data={"name": "Eve", "line": stray})
    assert answer.status_code == 422
    assert shown(house, offer[0]).state is QuotationState.SENT
    assert shown(house, other.id).state is QuotationState.SENT


@pytest.mark.parametrize("line", ["1", "' OR 1=1", "x" * 2_000, "\0"])
async def test_what_is_no_line_is_refused(browser, house, offer, line):
    answer = await browser(1).post(f"{offer[1]}accept", data={"name": "Eve", "line": line})
    assert answer.status_code == 422
    assert answers(house) == []


@pytest.mark.parametrize(
    ("deed", "data", "status"),
    [
        ("reject", {"name": "E" * 200, "remark": WISH}, 422),
        ("reject", {"name": "Eve", "remark": "x" * 5_000}, 422),
        ("reject", {"name": "Eve\0", "remark": WISH}, 422),
        ("reject", {"name": "Eve", "remark": "x" * 100_000}, 413),
        ("reject", {f"field{number}": "x" for number in range(1_500)}, 422),
        ("reject", {}, 422),
        ("delete", {"name": "Eve"}, 404),
    ],
)
async def test_what_no_form_of_ours_sends_is_refused(browser, offer, deed, data, status):
    page = browser(1)
    answer = await page.post(f"{offer[1]}{deed}", data=data)
    assert answer.status_code == status
    assert "Accept this offer" in (await page.get(offer[1])).text


async def test_bytes_that_are_no_text_are_refused(browser, house, offer):
    answer = await browser(1).post(f"{offer[1]}reject", content=b"name=\xff\xfe&remark=\xff")
    assert answer.status_code == 422
    assert answers(house) == []


async def test_markup_in_an_answer_stays_text(browser, house, offer):
    page = browser(1)
    refused = await page.post(
        f"{offer[1]}reject", data={"name": f'"{SCRIPT}', "remark": SCRIPT[:9]}
    )
    assert SCRIPT not in refused.text
    await page.post(f"{offer[1]}reject", data={"name": SCRIPT, "remark": SCRIPT})
    told = (await page.get(offer[1])).text
    assert SCRIPT not in told
    assert "&lt;script&gt;" in told


async def test_markup_in_what_the_customer_is_called_stays_text(browser, house):
    quotation_id = offered(house, items=(5,))
    with house.work("Priya Menon") as work:
        work.get(Customer, house.customer_id).name = f"Kestrel {SCRIPT}"
    with house.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)
    told = (await browser(1).get(f"/q/{token_of(house, quotation_id)}/")).text
    assert SCRIPT not in told
    assert "&lt;script&gt;" in told


async def test_the_token_opens_nothing_else(browser, house, offer):
    token = offer[1].split("/")[2]
    detail = shown(house, offer[0])
    for path in (
        f"/api/v1/documents/{detail.revisions[0].document_id}",
        f"/api/v1/files/{detail.revision_id}",
    ):
        answer = await browser(1).get(path, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401
