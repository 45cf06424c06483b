"""Signing in over HTTP: the cookie, the refusals, links that work once, tokens of programs."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlmodel import select

from calibra_app.config import child_environment
from calibra_app.core.access import Role
from calibra_app.models.customer import Customer
from calibra_app.models.person import OneTimeLink, Person, PersonStatus, SignInSession
from calibra_app.services.sign_in import hash_password, invite
from calibra_app.services.sign_in.passwords import (
    FULL,
    OF_TESTS,
    check_password,
    choose_effort,
)

TYPED = "kettle-orbit-lantern-7"


async def test_the_session_goes_into_a_cookie_that_no_script_reads(browser, a_person):
    person = a_person()
    answer = await browser(1).post(
        "/api/v1/session",
        json={"email": person.email.upper(), "password": TYPED, "next": "/board/"},
    )
    assert (answer.status_code, answer.json()) == (200, {"next": "/board/"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [("/", "/portal/"), ("/board/", "/portal/"), ("/portal/requests/", "/portal/requests/")],
)
async def test_a_customer_lands_in_the_portal(browser, work_in, a_person, wanted, goes_to):
    person = a_person(roles={Role.CU})
    with work_in(1) as work:
        customer = Customer(code="K9", name="Northwind")
        work.add(customer)
        work.get(Person, person.id).customer_id = customer.id
    typed = {"email": person.email, "password": TYPED, "next": wanted}
    answer = await browser(1).post("/api/v1/session", json=typed)
    assert answer.json() == {"next": goes_to}


async def test_at_the_sites_own_address_the_laboratory_is_typed(browser, a_person, slug_of):
    person = a_person()
    typed = {"laboratory": slug_of(1), "email": person.email, "password": TYPED}
    assert (await browser().post("/api/v1/session", json=typed)).status_code == 200


async def test_no_refusal_says_which_part_was_wrong(browser, a_person, slug_of):
    person = a_person()
    slug = slug_of(1)
    tries = [
        {"laboratory": slug, "email": person.email, "password": "something else"},
        {"laboratory": slug, "email": "nobody@laboratory.example", "password": TYPED},
        {"laboratory": "no-such-laboratory", "email": person.email, "password": TYPED},
    ]
    answers = [await browser().post("/api/v1/session", json=typed) for typed in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("known", [True, False])
async def test_after_five_failures_the_account_waits_known_or_not(browser, a_person, known):
    email = a_person().email if known else "nobody@laboratory.example"
    answers = [
        await browser(1).post("/api/v1/session", json={"email": email, "password": f"wrong {n}"})
        for n in range(6)
    ]
    assert "Too many attempts. Try again in 15 minutes" in answers[-1].json()["message"]
    again = await browser(1).post("/api/v1/session", json={"email": email, "password": TYPED})
    assert again.status_code == 401


@pytest.mark.parametrize(
    "status", [PersonStatus.SUSPENDED, PersonStatus.LEFT, PersonStatus.INVITED]
)
async def test_an_account_that_is_not_active_lets_nobody_in(browser, a_person, status):
    person = a_person(status=status)
    answer = await browser(1).post(
        "/api/v1/session", json={"email": person.email, "password": TYPED}
    )
    assert answer.json()["code"] == "wrong_sign_in"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_after_the_sign_in_nobody_is_sent_to_another_site(browser, a_person, wanted):
    person = a_person()
    answer = await browser(1).post(
        "/api/v1/session", json={"email": person.email, "password": TYPED, "next": wanted}
    )
    assert answer.json() == {"next": "/"}


async def test_signing_out_ends_the_session_itself(browser, a_session, work_in):
    cookie = a_session()
    tab = browser(1, cookie=cookie)
    answer = await tab.post("/api/v1/auth/sign-out")
    assert answer.status_code == 303
    assert 'calibra_session=""' in answer.headers["set-cookie"]
    with work_in() as work:
        (session,) = work.exec(select(SignInSession)).all()
        assert session.ended_at is not None


async def test_a_welcome_link_sets_a_password_once(browser, a_person, work_in):
    person = a_person(status=PersonStatus.INVITED)
    with work_in() as work:
        path = f"/welcome/{invite(work, person.id).token}"
    tab = browser(1)
    assert "Choose a password" in (await tab.get(path)).text
    differ = await tab.post(path, data={"password": "a new long one", "again": "another one"})
    assert "differ" in differ.text
    weak = await tab.post(path, data={"password": "calibra2026!", "again": "calibra2026!"})
    assert weak.status_code == 422
    chosen = {"password": "seven quiet otters", "again": "seven quiet otters"}
    assert "all set" in (await tab.post(path, data=chosen)).text
    assert (await tab.post(path, data=chosen)).status_code == 404
    signed_in = await tab.post(
        "/api/v1/session", json={"email": person.email, "password": "seven quiet otters"}
    )
    assert signed_in.status_code == 200


async def test_an_old_link_and_a_made_up_one_look_alike(browser, a_person, work_in, laboratories):
    person = a_person(status=PersonStatus.INVITED)
    with work_in() as work:
        token = invite(work, person.id).token
        (link,) = work.exec(select(OneTimeLink)).all()
        link.expires_at = work.now - timedelta(seconds=1)
    answers = [
        await browser(1).get(f"/welcome/{tried}")
        for tried in (token, f"{laboratories[1]}.made-up", "nonsense", "0.x", f"{2**40}.x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


async def test_a_forgotten_password_is_answered_alike_for_everybody(browser, a_person, work_in):
    person = a_person()
    known = await browser(1).post("/forgot", data={"email": person.email})
    unknown = await browser(1).post("/forgot", data={"email": "nobody@laboratory.example"})
    assert known.text == unknown.text
    with work_in() as work:
        links = work.exec(select(OneTimeLink)).all()
    assert [link.person_id for link in links] == [person.id]


async def test_a_program_works_with_a_token_until_its_session_ends(browser, a_person, slug_of):
    person = a_person(roles={Role.TE})
    program = browser()
    typed = {"tenant": slug_of(1), "email": person.email, "password": TYPED}
    pair = (await program.post("/api/v1/auth/token", json=typed)).json()
    bearer = {"authorization": f"Bearer {pair['access_token']}", "origin": ""}
    unknown = "/api/v1/documents/00000000-0000-7000-8000-000000000000"
    assert pair["expires_in"] == 180 * 60
    assert (await program.get(unknown, headers=bearer)).status_code == 404
    assert (await program.delete("/api/v1/auth/token", headers=bearer)).status_code == 204
    assert (await program.get(unknown, headers=bearer)).status_code == 401


async def test_a_refresh_token_works_once(browser, a_person, slug_of):
    person = a_person()
    program = browser()
    typed = {"tenant": slug_of(1), "email": person.email, "password": TYPED}
    first = (await program.post("/api/v1/auth/token", json=typed)).json()
    spent = {"refresh_token": first["refresh_token"]}
    assert (await program.post("/api/v1/auth/refresh", json=spent)).status_code == 200
    assert (await program.post("/api/v1/auth/refresh", json=spent)).status_code == 401


async def test_a_session_ends_when_nobody_uses_it(browser, a_session, work_in):
    cookie = a_session(roles={Role.TE})
    with work_in() as work:
        (session,) = work.exec(select(SignInSession)).all()
        session.last_seen_at = work.now - timedelta(minutes=31)
    answer = await browser(1, cookie=cookie).get(
        "/api/v1/files/00000000-0000-7000-8000-000000000000"
    )
    assert answer.status_code == 401


async def test_the_kept_password_is_no_password(a_person, work_in):
    a_person()
    with work_in() as work:
        (person,) = work.exec(select(Person)).all()
    assert person.password_hash.startswith("$argon2id$")


def test_in_an_installation_a_guess_costs_64_mebibytes_three_times_over(tmp_path):
    program = (
        "from calibra_app.commands.installation import use_data_folder as use;"
        "from calibra_app.services.sign_in import hash_password;"
        "use(None); print(hash_password('kettle-orbit-lantern-7'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=child_environment(CALIBRA_TEST="0", CALIBRA_NOW="", CALIBRA_DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_what_was_kept_with_less_effort_is_kept_anew_at_the_next_sign_in():
    weak = hash_password(TYPED)
    choose_effort(FULL)
    try:
        right, better = check_password(TYPED, weak)
        assert right
        assert better.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
        assert check_password(TYPED, better) == (True, None)
    finally:
        choose_effort(OF_TESTS)
