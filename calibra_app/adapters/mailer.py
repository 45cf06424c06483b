"""Outgoing mail: by SMTP, or into a folder as .eml files while no server is named."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTPException, send

from calibra_app.config import settings
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import Unavailable
from calibra_app.core.ids import new_id

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content: bytes
    subtype: str = "pdf"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail.

    Attributes:
        sender_name: The laboratory, shown before the installation's own address.
        reply_to: Where an answer goes; empty: nowhere in particular.
        key: Names the letter, so that a repeated job replaces it and does not add a second.
    """

    to: str
    subject: str
    text: str
    sender_name: str = ""
    reply_to: str = ""
    html: str = ""
    attachments: Sequence[Attachment] = ()
    key: str = ""


def post(letter: Letter) -> str:
    """Send a letter; return its message id.

    Raises:
        Unavailable: The mail server does not take it; the job is tried again.
    """
    message = _message(letter)
    url = settings().smtp_url
    if url:
        _send(message, url)
    else:
        _file(message, letter)
    return str(message["Message-ID"])


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    # A line break in a header would begin another header.
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = formataddr((" ".join(letter.sender_name.split()), settings().mail_sender))
    message["To"] = "".join(letter.to.split())
    if letter.reply_to:
        message["Reply-To"] = "".join(letter.reply_to.split())
    message["Date"] = system_clock()
    domain = settings().mail_sender.partition("@")[2] or "localhost"
    key = letter.key or str(new_id())
    message["Message-ID"] = make_msgid(idstring=key, domain=domain)
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        message.add_attachment(
            attachment.content,
            maintype="application",
            subtype=attachment.subtype,
            filename=attachment.name,
        )
    return message


def _send(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    try:
        asyncio.run(
            send(
                message,
                hostname=parts.hostname or "localhost",
                port=parts.port or (465 if parts.scheme == "smtps" else 587),
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                use_tls=parts.scheme == "smtps",
                timeout=TIMEOUT_SECONDS,
            )
        )
    except (SMTPException, OSError) as error:
        raise Unavailable(f"The mail server did not take the letter: {error}") from error


def _file(message: EmailMessage, letter: Letter) -> None:
    folder = settings().data / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    name = letter.key or f"{system_clock():%Y%m%dT%H%M%S}-{new_id()}"
    kept = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
    (folder / f"{kept}.eml").write_bytes(bytes(message))
