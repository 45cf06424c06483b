"""Letters: their words, and the link that leads back to the laboratory."""

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.jobs.notices import compose
from calibra_app.services.tenants import Sender

SENDER = Sender("Meridian Metrology", "desk@meridian.example", "meridian", "")


def test_a_letter_names_the_laboratory_and_leads_to_its_own_address():
    payload = {"kind": "welcome", "to": "ada@example.org", "name": "Ada", "path": "/welcome/7.x"}
    letter = compose(payload, SENDER, key="k")
    assert letter.subject == "Your access to Meridian Metrology"
    assert "://meridian.localhost" in letter.text
    assert "/welcome/7.x" in letter.text
    assert letter.text.startswith("Dear Ada,")


def test_a_laboratorys_own_domain_is_used_where_it_has_one():
    sender = Sender("Meridian", "", "meridian", "lab.example.com")
    payload = {"kind": "password", "to": "ada@example.org", "path": "/welcome/7.x"}
    assert "https://lab.example.com/welcome/7.x" in compose(payload, sender, key="k").text


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "unknown", "to": "a@example.org"},
        {"kind": "quotation", "to": "a@example.org"},
        {"kind": "welcome"},
    ],
)
def test_a_letter_that_cannot_be_written_is_refused(payload):
    with pytest.raises(Invalid):
        compose(payload, SENDER, key="k")
