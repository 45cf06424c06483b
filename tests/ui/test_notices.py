"""Notices travel as data: nothing that the server sends is ever evaluated in the browser."""

import re
from pathlib import Path

import pytest
from reflex_base.event import Event

from calibra_app.api.shield import POLICY
from calibra_app.ui import notices

ROOT = Path(__file__).parents[2]
# What Reflex hands to the browser as source text.
EVALUATED = re.compile(r"rx\.(toast|call_script|call_function|run_script|set_focus|window_alert)\b")


def sent(spec):
    (event,) = Event.from_event_type(spec)
    return event.name, event.payload


@pytest.mark.parametrize("kind", ["done", "warned", "refused"])
def test_a_notice_is_the_value_of_the_part_that_shows_it(kind):
    name, payload = sent(getattr(notices, kind)('Room "D1" saved.'))
    assert name == "_set_value"
    assert payload["ref"] == "ref_notices"
    assert payload["value"] == {"kind": kind, "text": 'Room "D1" saved.'}


def test_the_cursor_is_sent_to_a_field_by_its_name():
    name, payload = sent(notices.focus("serial-number"))
    assert name == "_set_value"
    assert payload["value"] == {"kind": "focus", "field": "serial-number"}


def test_the_part_in_the_browser_registers_under_the_name_that_is_used():
    source = (ROOT / "calibra_app/ui/notices.jsx").read_text()
    assert f"refs.ref_{notices.PLACE} =" in source


def test_no_event_answers_with_source_text():
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "calibra_app").rglob("*.py")
        for line in path.read_text().splitlines()
        if EVALUATED.search(line)
    ]
    assert not found


def test_the_policy_of_the_site_forbids_evaluation():
    assert "script-src 'self' 'unsafe-inline';" in POLICY
    assert "unsafe-eval" not in POLICY
