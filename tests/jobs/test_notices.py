"""Letters: their words, and the link that leads back to the laboratory."""

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.jobs.notices import compose
from calibra_app.services.tenants import Sender

SENDER = Sender("Meridian Metrology", "desk@meridian.example", "http://meridian.localhost:3000")


def test_a_letter_names_the_laboratory_and_leads_to_its_own_address():
    payload = {"kind": "welcome", "to": "ada@example.org", "name": "Ada", "path": "/welcome/7.x"}
    letter = compose(payload, SENDER, key="k")
    assert letter.subject == "Your access to Meridian Metrology"
    assert "://meridian.localhost" in letter.text
    assert "/welcome/7.x" in letter.text
    assert letter.text.startswith("Dear Ada,")


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
