"""Mail lies in a folder until a server is named; headers cannot be smuggled in."""

from email import message_from_bytes
from email.policy import default

import pytest

from calibra_app.adapters import mailer
from calibra_app.adapters.mailer import Attachment, Letter
from calibra_app.config import settings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CALIBRA_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "mail"
    monkeypatch.undo()
    settings.cache_clear()


def test_without_a_server_a_letter_becomes_a_file(folder):
    mailer.post(
        Letter(
            to="frieda@bluewater.example",
            subject="Your quotation",
            text="Dear Frieda",
            sender_name="Meridian Metrology",
            attachments=[Attachment("Q-1.pdf", b"%PDF-1.7")],
            key="letter-1",
        )
    )
    message = message_from_bytes((folder / "letter-1.eml").read_bytes(), policy=default)
    assert message["To"] == "frieda@bluewater.example"
    assert "Meridian Metrology" in message["From"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["Q-1.pdf"]


def test_a_repeated_job_does_not_add_a_second_letter(folder):
    for _ in range(2):
        mailer.post(Letter(to="a@b.example", subject="s", text="t", key="again"))
    assert len(list(folder.iterdir())) == 1


def test_a_line_break_in_a_subject_begins_no_header(folder):
    mailer.post(
        Letter(to="a@b.example", subject="Hello\nBcc: thief@evil.example", text="t", key="one")
    )
    message = message_from_bytes((folder / "one.eml").read_bytes(), policy=default)
    assert message["Bcc"] is None
