"""Content returns from JSON as it was, digit for digit, and refuses what it does not know."""

import json
from pathlib import Path

import pytest

from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.content import UnreadableContent, canonical_json
from calibra_app.rendering.html import KINDS, DocumentKind, content_of, to_html
from tests.rendering.certificates import MICROMETER
from tests.rendering.papers import PAPERS
from tests.rendering.quotations import QUOTATION


@pytest.mark.parametrize("kind", DocumentKind)
def test_content_of_every_kind_returns_from_json_as_it_was(kind):
    content = PAPERS[kind]
    stored = json.loads(canonical_json(content.to_json()))
    assert content_of(kind, stored) == content
    assert content_of(kind, stored).canonical() == content.canonical()


def test_every_kind_can_be_printed():
    assert set(KINDS) == set(DocumentKind)


def test_trailing_zeros_survive():
    stored = MICROMETER.to_json()["results"][0]["rows"][5]
    assert (stored["error"], stored["coverage_factor"]) == ("1.40", "2.09")


def test_money_is_text_with_its_currency():
    assert QUOTATION.to_json()["total"] == {"amount": "580.20", "currency": "EUR"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "no field colour"),
        ({"number": 7}, "number is not a str"),
        ({"results": {}}, "results is not a list"),
        ({"received_on": "yesterday"}, "received_on"),
        ({"customer": "Kestrel"}, "customer is not an object"),
        ({"is_receipt_critical": "yes"}, "is_receipt_critical is not a bool"),
    ],
)
def test_what_is_not_of_the_kind_is_refused_by_name(change, words):
    with pytest.raises(UnreadableContent, match=words):
        CertificateContent.from_json({**MICROMETER.to_json(), **change})


def test_a_missing_field_is_named():
    stored = MICROMETER.to_json()
    del stored["number"]
    with pytest.raises(UnreadableContent, match="lacks number"):
        CertificateContent.from_json(stored)


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_the_first_version_stored_is_read_for_ever(kind):
    stored = json.loads((Path(__file__).parent / "stored" / f"{kind}.json").read_text())
    assert stored["number"] in to_html(kind, stored)
