"""Attacks over HTTP: strangers and people of another laboratory get nothing, and learn nothing."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.models.document import StoredFile

UNKNOWN = "00000000-0000-7000-8000-000000000000"


def a_picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def upload_of(content, name="photo.png", kind="image/png", purpose="photo"):
    return {
        "files": {"file": (name, content, kind)},
        "data": {"purpose": purpose, "subject_kind": "line", "subject_id": UNKNOWN},
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/v1/documents/{UNKNOWN}"),
        ("GET", f"/api/v1/files/{UNKNOWN}"),
        ("GET", f"/api/v1/sheets/{UNKNOWN}/result"),
        ("GET", f"/api/v1/certificates/{UNKNOWN}/result"),
        ("GET", "/api/v1/validation/examples"),
        ("POST", "/api/v1/files"),
        ("DELETE", "/api/v1/auth/token"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Bearer " + "a" * 5000},
        {"authorization": "Basic YWRhOmFkYQ=="},
        {"cookie": "calibra_session=1.guessed"},
        {"cookie": "calibra_session=-1.guessed"},
        {"cookie": "calibra_session=99999999999.guessed"},
        {"cookie": "calibra_session=1' OR '1'='1.guessed"},
    ],
)
async def test_a_stranger_gets_nothing(browser, method, path, headers):
    answer = await browser(1).request(method, path, headers=headers)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "field"}


async def test_a_session_does_not_work_at_another_laboratorys_address(browser, a_session):
    cookie = a_session(roles={Role.TA})
    answer = await browser(2, cookie=cookie).get(f"/api/v1/files/{UNKNOWN}")
    assert answer.status_code == 401


async def test_the_laboratory_in_a_cookie_cannot_be_changed(browser, a_session, laboratories):
    secret = a_session(roles={Role.TA}).partition(".")[2]
    answer = await browser(2, cookie=f"{laboratories[2]}.{secret}").get(f"/api/v1/files/{UNKNOWN}")
    assert answer.status_code == 401


async def test_another_laboratorys_file_looks_like_none_at_all(browser, a_session):
    owner = browser(1, cookie=a_session(roles={Role.FD}))
    made = (await owner.post("/api/v1/files", **upload_of(a_picture()))).json()
    own = await owner.get(f"/api/v1/files/{made['id']}")
    foreign_browser = browser(2, cookie=a_session(laboratory=2, roles={Role.LM}))
    foreign = await foreign_browser.get(f"/api/v1/files/{made['id']}")
    none = await foreign_browser.get(f"/api/v1/files/{new_id()}")
    assert own.status_code == 200
    assert own.headers["content-type"] == "image/png"
    assert foreign.status_code == none.status_code == 404


@pytest.mark.parametrize(
    "origin",
    ["", "null", "http://evil.example", "http://localhost:1", "https://localhost.evil.example"],
)
@pytest.mark.parametrize("path", ["/api/v1/files", "/api/v1/session", "/api/v1/auth/sign-out"])
async def test_another_sites_page_cannot_act_with_the_cookie(
    browser, a_session, work_in, origin, path
):
    tab = browser(1, cookie=a_session(roles={Role.FD}))
    answer = await tab.post(path, headers={"origin": origin}, **upload_of(a_picture()))
    assert answer.status_code in {403, 422}
    assert "set-cookie" not in answer.headers
    with work_in() as work:
        assert work.exec(select(StoredFile)).all() == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "no-such-laboratory.localhost",
        "localhost.",
        "localhost@evil.example",
        "xn--mridian-cxa.localhost",
        "",
        "127.0.0.1.evil.example",
    ],
)
async def test_an_unknown_address_shows_a_plain_page_and_no_trace(browser, host):
    answer = await browser().get("/sign-in/", headers={"host": host})
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert "evil" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_forwarded_host_chooses_no_laboratory(browser, slug_of):
    answer = await browser().get(
        "/api/v1/session/place", headers={"x-forwarded-host": f"{slug_of(1)}.localhost"}
    )
    assert answer.json() == {"chosen": False, "name": ""}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "photo.png"),
        (b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>", "logo.svg"),
        (b"<html><script>alert(1)</script></html>", "photo.png"),
        (b"GIF89a" + b"\0" * 40, "photo.gif"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "photo.png"),
        (b"PK\x03\x04" + b"\0" * 40, "photo.jpg"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(browser, a_session, content, name):
    tab = browser(1, cookie=a_session(roles={Role.FD}))
    answer = await tab.post("/api/v1/files", **upload_of(content, name))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_file")


async def test_a_bomb_of_pixels_is_refused_by_its_head(browser, a_session):
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    tab = browser(1, cookie=a_session(roles={Role.FD}))
    answer = await tab.post("/api/v1/files", **upload_of(out.getvalue()))
    assert "25 million" in answer.json()["message"]


async def test_what_hides_in_a_picture_does_not_survive(browser, a_session):
    tab = browser(1, cookie=a_session(roles={Role.FD}))
    made = await tab.post(
        "/api/v1/files", **upload_of(a_picture() + b"<script>alert(1)</script>", "../../x.png")
    )
    answer = await tab.get(f"/api/v1/files/{made.json()['id']}")
    assert b"script" not in answer.content
    assert "sandbox" in answer.headers["content-security-policy"]
    assert ".." not in answer.headers["content-disposition"]


async def test_a_role_cannot_upload_for_a_purpose_that_is_not_its_own(browser, a_session):
    tab = browser(1, cookie=a_session(roles={Role.FD}))
    answer = await tab.post("/api/v1/files", **upload_of(a_picture(), purpose="logo"))
    assert answer.status_code == 422
    assert answer.json()["field"] == "purpose"


async def test_figures_are_for_this_machine_alone(browser):
    far = await browser().get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})
    assert far.status_code == 404


@pytest.mark.parametrize("code", ["CC-26-0001-01", "x" * 500, "<script>", "' OR 1=1 --"])
async def test_an_unknown_certificate_shows_always_the_same_page(browser, code):
    answer = await browser().get(f"/verify/{code}")
    assert answer.status_code == 404
    assert "No certificate with this number" in answer.text or "Not Found" in answer.text
    assert "<script>" not in answer.text


async def test_every_answer_carries_the_headers_of_a_careful_site(browser):
    headers = (await browser().get("/health/live")).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    ("path", "open_to_all"),
    [
        ("/fonts/inter-latin-wght-normal.woff2", True),
        ("/fonts/%2e%2e/api/v1/me", False),
        ("/api/v1/branding.css", False),
        ("/health/live", False),
        ("/verify/none", False),
    ],
)
async def test_other_sites_read_our_letters_and_nothing_else(browser, path, open_to_all):
    answer = await browser(1).get(path, headers={"origin": "https://evil.example"})
    allowed = answer.headers.get("access-control-allow-origin")
    # What stands behind the folder of letters is found by no detour through it.
    assert allowed == "*" if open_to_all else (allowed is None or answer.status_code == 404)
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_refused_form_does_not_repeat_what_was_typed(browser):
    answer = await browser(1).post(
        "/api/v1/session", json={"email": "a@b.example", "password": {"secret": "hunter2hunter2"}}
    )
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


async def test_a_body_beyond_measure_is_refused_unread(browser):
    answer = await browser().post(
        "/api/v1/session", content=b"{}", headers={"content-length": str(50 * 1024 * 1024)}
    )
    assert answer.status_code == 413
