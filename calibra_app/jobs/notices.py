"""Letters: what goes out by mail, each kind with its words and the one link that it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calibra_app.adapters.mailer import Letter, post
from calibra_app.core.errors import Invalid
from calibra_app.jobs.runner import Desk
from calibra_app.services.tenants import Sender, sender_of_letters


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind of letter: its subject and its sentences, with the payload's fields in braces."""

    subject: str
    sentences: tuple[str, ...]
    link: str


WORDINGS: Mapping[str, Wording] = {
    "welcome": Wording(
        "Your access to {laboratory}",
        ("{laboratory} has opened an account for you.", "Choose your password to begin."),
        "The link works once",
    ),
    "password": Wording(
        "A new password for {laboratory}",
        ("Somebody, probably you, asked for a new password.", "If it was not you, do nothing."),
        "The link works once",
    ),
    "quotation": Wording(
        "Quotation {number} {revision}",
        ("Our quotation {number} {revision} over {total} is ready for you.",),
        "Read, accept, reject or ask for a change",
    ),
    "offer_accepted": Wording(
        "{customer} accepts quotation {quotation}",
        (
            "{by} has accepted quotation {quotation} for request {number}.",
            "Its items can be received, or the visit planned.",
        ),
        "Open the request",
    ),
    "offer_rejected": Wording(
        "{customer} rejects quotation {quotation}",
        ("{by} has rejected quotation {quotation} for request {number}: {reason}",),
        "Open the request",
    ),
    "offer_change": Wording(
        "{customer} asks for another offer than {quotation}",
        (
            "{by} asks for a change of quotation {quotation} for request {number}: {reason}",
            "The next revision stands there as a draft.",
        ),
        "Open the request",
    ),
    "uncharged": Wording(
        "{amount} of request {number} are not charged",
        (
            "After invoice {invoice} the customer agreed to {amount} more for request {number}.",
            "A credit note and a new invoice charge both.",
        ),
        "Open the request",
    ),
    "decision": Wording(
        "Your decision on {tag}",
        ("{question}", "Work on this item waits for your answer."),
        "Answer here",
    ),
    "question": Wording(
        "A question on your request {number}",
        ("{question}", "The review of your request waits for your answer."),
        "Answer here",
    ),
    "split": Wording(
        "Your request {number} goes on in two parts",
        (
            "{tags} of your request {number} go on under the number {other}: {reason}",
            "What we agreed stays as it is.",
        ),
        "Follow both here",
    ),
    "subcontracted": Wording(
        "{tag} goes to our partner laboratory",
        ("As agreed, {tag} of your request {number} is calibrated by {provider}.",),
        "Follow it here",
    ),
    "returned": Wording(
        "Your request needs a change",
        ("Before we can look at your request, something has to be changed: {reason}",),
        "Change it here",
    ),
    "confirmed": Wording(
        "Your order {number} is confirmed",
        ("We have accepted your request {number} under our agreement.",),
        "Follow it here",
    ),
    "declined": Wording(
        "Your request {number}",
        ("We are sorry that we cannot take your request {number}: {reason}",),
        "See the request here",
    ),
    "cancelled": Wording(
        "Your request {number} is cancelled",
        ("The request {number} was cancelled: {reason}",),
        "See the request here",
    ),
    "receipt": Wording(
        "Your items have arrived: {number}",
        ("We have received the items of your request {number}.",),
        "Follow the work here",
    ),
    "certificate": Wording(
        "Certificate {number}",
        ("Certificate {number} for {item} is ready for you.",),
        "Open it here",
    ),
    "withdrawn": Wording(
        "Certificate {number} is withdrawn",
        (
            "Certificate {number} for {item} is withdrawn; please use it no longer. {cause}",
            "We will tell you what to do about the results.",
        ),
        "See its status here",
    ),
    "invoice": Wording(
        "Invoice {number}",
        ("Invoice {number} over {total} is due on {due_on}.",),
        "Open it here",
    ),
    "credited": Wording(
        "Invoice {number} is taken back",
        ("We have taken invoice {number} back: {reason}",),
        "See it here",
    ),
    "delivered": Wording(
        "Your items have arrived: {number}",
        (
            "The items of your request {number} are with you again.",
            "If anything is not as it should be, please tell us.",
        ),
        "See the request here",
    ),
    "undelivered": Wording(
        "We could not deliver your items: {number}",
        ("The items of your request {number} came back to us: {reason}",),
        "See the request here",
    ),
    "due": Wording(
        "Calibration falls due on {due_on}",
        ("These instruments of yours fall due on {due_on}: {items}.",),
        "Send us a request here",
    ),
    "shipment": Wording(
        "Your items are on their way: {number}",
        ("The items of your request {number} left us with {courier}, {tracking}.",),
        "Follow them here",
    ),
}


def send_mail(desk: Desk, subject_id: UUID) -> None:
    """Write and post one letter; a repeated job replaces the letter instead of adding one."""
    del subject_id
    with desk.work() as work:
        sender = sender_of_letters(work)
    post(compose(desk.payload, sender, key=str(desk.job_id)))


def compose(payload: Mapping[str, Any], sender: Sender, *, key: str) -> Letter:
    """Return the letter that a payload asks for.

    Raises:
        Invalid: The kind is unknown, or a field that its words need is missing.
    """
    wording = WORDINGS.get(str(payload.get("kind", "")))
    if wording is None:
        raise Invalid(f"There is no letter of the kind {payload.get('kind')}.")
    fields = {"laboratory": sender.name, **{name: str(text) for name, text in payload.items()}}
    try:
        subject = wording.subject.format_map(fields)
        sentences = [sentence.format_map(fields) for sentence in wording.sentences]
        to = fields["to"]
    except KeyError as error:
        raise Invalid(f"The letter lacks {error.args[0]}.") from error
    greeting = f"Dear {fields['name']}," if fields.get("name") else "Hello,"
    link = [f"{wording.link}:", f"{sender.origin}{fields['path']}"] if "path" in fields else []
    text = "\n\n".join([greeting, " ".join(sentences), "\n".join(link), sender.name])
    return Letter(
        to=to,
        subject=subject,
        text=text,
        sender_name=sender.name,
        reply_to=sender.reply_to,
        key=key,
    )
