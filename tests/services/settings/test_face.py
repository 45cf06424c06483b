"""The laboratory's face: revisions that papers keep, and who may change them."""

from dataclasses import replace

import pytest

from calibra_app.core.errors import Forbidden, Invalid
from calibra_app.models.document import Document
from calibra_app.persistence.versions import Stale
from calibra_app.rendering.html import DocumentKind, to_html
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.letterhead import letterhead
from calibra_app.services.settings.face import (
    FaceDraft,
    change_face,
    latest_face,
    list_faces,
    restore_face,
)
from tests.rendering.papers import SRF

TEAL = FaceDraft(colour="#0b6e8f", sender_name="Meridian", certificate_header="Calibration")


def painted(house, seen, **changes):
    with house.work("Victor Hale") as work:
        return change_face(work, seen, replace(TEAL, **changes)).revision


def printed(house):
    """Ask for a paper now; return its id."""
    with house.work("Priya Menon") as work:
        content = replace(SRF, branding=letterhead(work))
        draft = DocumentDraft(
            DocumentKind.SRF, "SRF-1", "Request", content, "customer", house.customer_id
        )
        return request_document(work, draft)


def shown(house, document_id):
    with house.work("Priya Menon") as work:
        row = work.peek(Document, document_id)
        return to_html(row.kind, row.content)


def test_a_paper_keeps_the_colour_of_its_day_and_the_next_has_the_new_one(house):
    first = painted(house, 0)
    before = printed(house)
    painted(house, first, colour="#8f0b2f")
    after = printed(house)
    assert "#0b6e8f" in shown(house, before)
    assert "#8f0b2f" not in shown(house, before)
    assert "#8f0b2f" in shown(house, after)


def test_each_change_is_a_revision_of_its_own(house):
    painted(house, painted(house, 0), sender_name="Meridian Metrology")
    with house.work("Victor Hale") as work:
        newest, oldest = list_faces(work)
    assert (newest.revision, newest.draft.sender_name, newest.made_by) == (
        2,
        "Meridian Metrology",
        "Victor Hale",
    )
    assert oldest.draft == TEAL


def test_saving_the_same_face_again_adds_nothing(house):
    assert painted(house, painted(house, 0)) == 1


def test_an_older_face_comes_back_as_a_new_revision(house):
    painted(house, painted(house, 0), colour="#8f0b2f")
    with house.work("Victor Hale") as work:
        assert restore_face(work, 2, 1).revision == 3
    with house.work("Victor Hale") as work:
        assert latest_face(work).draft == TEAL


def test_who_saw_an_older_face_is_told_the_difference(house):
    painted(house, 0)
    with pytest.raises(Stale, match="colour is now “#0b6e8f”, you have “#123456”"):
        painted(house, 0, colour="#123456")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "blue"),
        ("colour", "#12345"),
        ("colour", "#12345g"),
        ("colour", "#123456;}body{display:none"),
        ("sender_email", "nobody"),
        ("logo", "https://evil.example/logo.png"),
        ("logo", "data:text/html;base64,PGI+"),
        ("certificate_header", "x" * 201),
    ],
)
def test_what_is_no_face_is_refused_beside_its_field(house, field, value):
    with pytest.raises(Invalid) as refusal:
        painted(house, 0, **{field: value})
    assert refusal.value.field == field


@pytest.mark.parametrize("name", ["Priya Menon", "Samuel Okafor", "Asha Rao", "Ingrid Solberg"])
def test_only_the_tenant_admin_paints_the_face(house, name):
    with pytest.raises(Forbidden), house.work(name) as work:
        change_face(work, 0, TEAL)


def test_an_auditor_may_look_at_it(house):
    painted(house, 0)
    with house.work("Ingrid Solberg") as work:
        assert latest_face(work).draft == TEAL
