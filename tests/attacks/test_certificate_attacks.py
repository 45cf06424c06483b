"""Attacks on certificates: the public page, its codes, and downloads that are not one's own."""

import hashlib
import re

import pytest
from sqlmodel import select

from calibra_app.adapters import metrics
from calibra_app.adapters.pace import Pace
from calibra_app.api import verify
from calibra_app.core.access import Role
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Download
from calibra_app.models.person import Person
from calibra_app.services.certificates import release_certificates
from calibra_app.services.sign_in import sign_in
from tests.builders import PASSWORD, a_customer, a_person
from tests.services.certificates.conftest import a_stage
from tests.services.certificates.test_issue_and_amend import amended


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(verify, "_pace", Pace(per_second=1000.0, at_once=1000))


@pytest.fixture
def made(work_in, owner):
    return a_stage(work_in, owner, 5)


def cookie_of(made, name):
    with made.work() as work:
        email = work.peek(Person, made.house.people[name]).email
    with made.stranger() as work:
        return sign_in(work, email, PASSWORD).token


def layout_of(html):
    """Return the elements of a page without what they say."""
    return re.findall(r"<(\w+)", html)


async def test_the_page_of_a_valid_certificate_names_neither_customer_nor_result(made, browser):
    row = made.certificate(made.issued(5))
    answer = await browser().get(f"/verify/{row.code}")
    assert answer.status_code == 200
    assert "This certificate is valid" in answer.text
    assert "MM-26-0414-01" in answer.text
    for secret in ("Customer K2", "Yara", "1.40", "0.84", "KA-MIC-0007", "M5521", "Kenji"):
        assert secret not in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_superseded_certificate_leads_to_its_successor(made, browser):
    old_id = made.issued(5)
    new_id = amended(made, old_id)
    made.print()
    old, new = made.certificate(old_id), made.certificate(new_id)
    answer = await browser().get(f"/verify/{old.code}")
    assert "replaced by a newer one" in answer.text
    assert f'href="/verify/{new.code}"' in answer.text
    assert "This certificate is valid" in (await browser().get(f"/verify/{new.code}")).text


async def test_a_signed_but_unprinted_certificate_is_as_unknown_as_none(made, browser):
    row = made.certificate(made.authorized(5))
    pending = await browser().get(f"/verify/{row.code}")
    nothing = await browser().get("/verify/7FQ2-K9XD-M4TB")
    assert pending.status_code == nothing.status_code == 404
    assert layout_of(pending.text) == layout_of(nothing.text)
    assert pending.text == nothing.text


@pytest.mark.parametrize(
    "turned",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"{code[:-1]}%",
        lambda code: f"{code}'--",
        lambda code: f" {code}",
        lambda code: f"{code}/A1",
        lambda code: "not-issued-yet",
    ],
)
async def test_a_code_that_is_almost_right_finds_nothing(made, browser, turned):
    row = made.certificate(made.issued(5))
    answer = await browser().get(f"/verify/{turned(row.code)}")
    assert answer.status_code == 404
    assert row.number not in answer.text


async def test_codes_cannot_be_tried_without_end(made, browser, monkeypatch):
    monkeypatch.setattr(verify, "_pace", Pace(per_second=0.001, at_once=5))
    tab = browser()
    counted = slowed_down()
    statuses = [(await tab.get(f"/verify/7FQ2-K9XD-M4T{at}")).status_code for at in range(2, 9)]
    assert statuses[:5] == [404] * 5
    assert statuses[5:] == [429, 429]
    assert slowed_down() == counted + 2


def slowed_down():
    """Return how many answers 429 the operator's figures count."""
    (figure,) = metrics.RATE_LIMITED.collect()
    return sum(each.value for each in figure.samples if each.name.endswith("_total"))


async def test_the_fingerprint_on_the_page_is_that_of_the_file_that_is_handed_out(made, browser):
    row = made.certificate(made.issued(5))
    page = (await browser().get(f"/verify/{row.code}")).text
    told = re.search(r'data-sha256="([0-9a-f]{64})"', page).group(1)
    tab = browser(1, cookie=cookie_of(made, "Asha Rao"))
    file = await tab.get(f"/api/v1/documents/{row.document_id}")
    assert hashlib.sha256(file.content).hexdigest() == told
    assert "crypto.subtle" in (await browser().get("/api/v1/verify.js")).text


async def test_a_stranger_downloads_no_certificate(made, browser):
    row = made.certificate(made.issued(5))
    assert (await browser(1).get(f"/api/v1/documents/{row.document_id}")).status_code == 401


async def test_the_customer_downloads_only_what_is_released(made, browser):
    with made.work() as work:
        work.get(Customer, made.house.customer_id).release_rule = ReleaseRule.ON_PAYMENT
    row = made.certificate(made.issued(5))
    tab = browser(1, cookie=cookie_of(made, "Yara Haddad"))
    path = f"/api/v1/documents/{row.document_id}"
    assert (await tab.get(path)).status_code == 404
    with made.work() as work:
        work.get(Customer, made.house.customer_id).release_rule = ReleaseRule.ON_APPROVAL
    with made.work("Grace Liu") as work:
        release_certificates(work, made.srf().id, because="the rule was changed")
    answer = await tab.get(path)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    with made.work() as work:
        taken = work.exec(select(Download)).all()
    assert [each.person_id for each in taken] == [made.house.people["Yara Haddad"]]


async def test_another_customer_learns_not_even_that_it_is_there(made, browser):
    row = made.certificate(made.issued(5))
    with made.work() as work:
        other, _ = a_customer(work, "K9")
        eve = a_person(work, "Eve Other", Role.CU, customer_id=other.id)
    made.house.people["Eve Other"] = eve.id
    tab = browser(1, cookie=cookie_of(made, "Eve Other"))
    answer = await tab.get(f"/api/v1/documents/{row.document_id}")
    missing = await tab.get(f"/api/v1/documents/{made.house.customer_id}")
    assert answer.status_code == missing.status_code == 404
    assert row.number not in answer.text


async def test_another_laboratory_learns_nothing_of_a_file(made, browser, a_session):
    row = made.certificate(made.issued(5))
    tab = browser(2, cookie=a_session(roles={Role.LM}, laboratory=2))
    assert (await tab.get(f"/api/v1/documents/{row.document_id}")).status_code == 404
