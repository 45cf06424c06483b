"""The laboratory's logo on its way in and out."""

import base64

import pytest
from sqlmodel import select

from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.models.document import StoredFile
from calibra_app.models.laboratory import Branding

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>'
    b'<rect width="9" height="9" onload="alert(1)"/></svg>'
)


async def put(browser, token, content, name="logo.svg", purpose="logo"):
    return await browser(1).post(
        "/api/v1/files",
        files={"file": (name, content, "image/svg+xml")},
        data={"purpose": purpose, "subject_kind": "branding", "subject_id": str(new_id())},
        headers={"cookie": f"calibra_session={token}"},
    )


async def test_a_drawing_is_kept_without_what_could_act(browser, a_session, work_in):
    token = a_session(roles={Role.TA})
    answer = await put(browser, token, DRAWING)
    assert answer.status_code == 201
    stored = await browser(1).get(
        f"/api/v1/files/{answer.json()['id']}", headers={"cookie": f"calibra_session={token}"}
    )
    assert b"<rect" in stored.content
    assert b"script" not in stored.content
    assert b"onload" not in stored.content
    with work_in() as work:
        assert work.exec(select(StoredFile.media_type)).one() == "image/svg+xml"


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7", "logo.svg"), (b"<html/>", "logo.svg"), (b"MZ\x90", "logo.png"), (b"", "a.png")],
)
async def test_what_is_no_logo_is_refused(browser, a_session, content, name):
    answer = await put(browser, a_session(roles={Role.TA}), content, name)
    assert 400 <= answer.status_code < 500


async def test_a_drawing_passes_for_no_other_purpose(browser, a_session):
    answer = await put(browser, a_session(roles={Role.FD}), DRAWING, purpose="photo")
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("role", [Role.TE, Role.FD, Role.VA, Role.CU])
async def test_only_who_sets_the_face_brings_a_logo(browser, a_session, role):
    answer = await put(browser, a_session(roles={role}), DRAWING)
    assert 400 <= answer.status_code < 500


async def test_a_drawing_is_handed_out_as_one_that_runs_nothing(browser, work_in):
    encoded = base64.b64encode(DRAWING).decode()
    with work_in() as work:
        work.add(Branding(revision=1, logo_data_uri=f"data:image/svg+xml;base64,{encoded}"))
    answer = await browser(1).get("/api/v1/branding/logo")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_new_colour_is_in_the_very_next_stylesheet(browser, work_in):
    for revision, colour in enumerate(("#0b6e8f", "#8f0b2f"), start=1):
        with work_in() as work:
            work.add(Branding(revision=revision, colour=colour))
        answer = await browser(1).get("/api/v1/branding.css")
        assert colour in answer.text
    again = await browser(1).get(
        "/api/v1/branding.css", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304
