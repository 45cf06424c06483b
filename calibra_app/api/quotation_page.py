"""The page behind the link of an offer: read it, accept it, reject it, ask for a change.

Plain HTML without a script: it works on any phone. The token in the address is the right to
answer, so a form needs no other secret; that a foreign page sends none is asked of the Origin.
Unknown and outdated links get one answer.
"""

from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import parse_qs, quote
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from calibra_app.adapters import storage
from calibra_app.adapters.pace import Pace
from calibra_app.api.dependencies import Place, address_of, ask, require_own_page
from calibra_app.api.plain_page import WITHOUT_SCRIPT, complaint, page, sentence
from calibra_app.core.errors import CalibraError, Conflict, Invalid, NotFound
from calibra_app.core.money import Money
from calibra_app.rendering.quotation import QuotationLine
from calibra_app.services.quotations.answers import (
    Reaction,
    accept_offer,
    ask_change,
    reject_offer,
)
from calibra_app.services.quotations.links import (
    Holder,
    Offer,
    OfferUnknown,
    file_of_offer,
    find_holder,
    open_offer,
)

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)

MOST_FORM: Final = 32_768
MOST_FIELDS: Final = 1_100
_pace = Pace(per_second=1.0, at_once=40)
# Who tries links that do not exist is stopped much sooner.
_guesses = Pace(per_second=0.1, at_once=20)

_DEEDS = {"accept": accept_offer, "reject": reject_offer, "change": ask_change}
_TOLD = {
    "accepted": "You have accepted this offer. We begin as soon as your items are here.",
    "rejected": "You have rejected this offer. Thank you for telling us why.",
    "change_asked": "Your wish has reached us. We will send you the next offer.",
}


@router.get("/q/{token}")
@router.get("/q/{token}/")
def get_offer(token: str, request: Request, place: Place) -> Response:
    """Show an offer to whoever holds its link."""
    if (stop := _too_fast(request)) is not None:
        return stop
    try:
        holder = _holder(token, place)
        offer = ask(holder.actor, open_offer, holder.revision_id)
    except OfferUnknown as unknown:
        return _unknown(request, unknown)
    return _shown(token, offer)


@router.get("/q/{token}/paper")
def get_paper(token: str, request: Request, place: Place) -> Response:
    """Hand out the printed offer."""
    if (stop := _too_fast(request)) is not None:
        return stop
    try:
        holder = _holder(token, place)
        file = ask(holder.actor, file_of_offer, holder.revision_id)
    except OfferUnknown as unknown:
        return _unknown(request, unknown)
    except Conflict as wait:
        return _private(sentence("One moment", wait.message, status=409))
    content = storage.get(holder.actor.tenant_id, file.sha256)
    name = quote(file.name)
    return _private(
        Response(
            content,
            media_type="application/pdf",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
        )
    )


@router.post("/q/{token}/{deed}")
async def post_answer(token: str, deed: str, request: Request, place: Place) -> Response:
    """Take the customer's answer, then show the offer as it stands."""
    if (stop := _too_fast(request)) is not None:
        return stop
    require_own_page(request)
    if deed not in _DEEDS:
        raise NotFound("There is nothing at this address.")
    form = await _form(request)
    if form is None:
        return _private(sentence("Too much", "This is more than an answer holds.", status=413))
    return await run_in_threadpool(_answer, token, deed, form, request, place)


def _answer(
    token: str, deed: str, form: dict[str, list[str]], request: Request, place: Place
) -> Response:
    try:
        holder = _holder(token, place)
        offer = ask(holder.actor, open_offer, holder.revision_id)
    except OfferUnknown as unknown:
        return _unknown(request, unknown)
    try:
        reaction = _reaction(form, offer, address_of(request), with_lines=deed == "accept")
        ask(holder.actor, _DEEDS[deed], holder.revision_id, reaction)
    except (Invalid, Conflict) as refusal:
        return _refused(token, holder, deed, form, refusal)
    log.info("offer answered", deed=deed, tenant_id=holder.actor.tenant_id)
    return _private(RedirectResponse(f"/q/{quote(token, safe='')}/", status_code=303))


def _holder(token: str, place: Place) -> Holder:
    """Return who holds a link; at another laboratory's address it is no link."""
    holder = find_holder(token)
    if place.tenant_id not in {None, holder.actor.tenant_id}:
        raise OfferUnknown
    return holder


def _refused(
    token: str, holder: Holder, deed: str, form: dict[str, list[str]], refusal: CalibraError
) -> Response:
    offer = ask(holder.actor, open_offer, holder.revision_id)
    status = 409 if isinstance(refusal, Conflict) else 422
    return _shown(token, offer, deed=deed, form=form, refusal=refusal, status=status)


def _reaction(
    form: dict[str, list[str]], offer: Offer, address: str, *, with_lines: bool
) -> Reaction:
    lines: frozenset[UUID] | None = None
    if with_lines and len(offer.choices) > 1:
        try:
            lines = frozenset(UUID(text) for text in form.get("line", []))
        except ValueError as error:
            told = "Lines were chosen that this offer does not have."
            raise Invalid(told, field="lines") from error
    return Reaction(
        name=_text(form, "name"), address=address, remark=_text(form, "remark"), lines=lines
    )


async def _form(request: Request) -> dict[str, list[str]] | None:
    """Return the fields of a form, or None where it is too large; a chunk more is never read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM:
            return None
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _text(form: dict[str, list[str]], name: str) -> str:
    # A browser sends line ends as CR LF.
    return form.get(name, [""])[0].replace("\r\n", "\n").strip()


def _too_fast(request: Request) -> Response | None:
    if _pace.allows(address_of(request)):
        return None
    return _private(sentence("Please wait", "Too much was asked from here.", status=429))


def _unknown(request: Request, unknown: OfferUnknown) -> Response:
    if not _guesses.allows(address_of(request)):
        return _private(sentence("Please wait", "Too many links were tried.", status=429))
    return _private(sentence("This link does not work", unknown.message, status=404))


def _private(answer: Response) -> Response:
    answer.headers["cache-control"] = "no-store"
    answer.headers["x-robots-tag"] = "noindex, nofollow"
    answer.headers["content-security-policy"] = WITHOUT_SCRIPT
    return answer


def _shown(
    token: str,
    offer: Offer,
    *,
    deed: str = "",
    form: dict[str, list[str]] | None = None,
    refusal: CalibraError | None = None,
    status: int = 200,
) -> Response:
    content = offer.content
    parts = [
        f"<p>{escape(content.branding.laboratory)} · for {escape(content.customer.name)}</p>",
        _standing(offer),
        complaint(refusal.message if refusal and not offer.answerable else ""),
        _lines(content.lines),
        _sums(offer),
        _terms(offer),
        f'<p><a class="button quiet" href="/q/{quote(token, safe="")}/paper">Download as PDF</a>'
        "</p>"
        if offer.printed
        else '<p class="small">The PDF is being printed; reload this page for it.</p>',
    ]
    if offer.answerable:
        parts.append(_forms(token, offer, deed, form or {}, refusal))
    answer: HTMLResponse = page(
        f"{content.title} {content.full_number}", "".join(parts), status=status, wide=True
    )
    return _private(answer)


def _standing(offer: Offer) -> str:
    if offer.response is not None:
        told = _TOLD.get(offer.response.answer, "This offer is answered.")
        when = offer.response.at.strftime("%d %b %Y, %H:%M UTC")
        by = f"{offer.response.name}, {when}"
        return f'<p class="done" role="status">{escape(told)}<br><small>{escape(by)}</small></p>'
    if offer.expired_on is not None:
        day = offer.expired_on.strftime("%d %b %Y")
        return complaint(f"This offer expired on {day}. Ask us for a new one.")
    if offer.replaced_by is not None:
        return complaint(f"This offer was replaced by R{offer.replaced_by}, a newer one.")
    if not offer.answerable:
        return complaint("This offer cannot be answered any more.")
    last = offer.content.valid_until
    day = last.strftime("%d %b %Y") if last else "further notice"
    return f'<p class="done">Valid until {escape(day)}.</p>'


def _lines(lines: tuple[QuotationLine, ...]) -> str:
    rows = "".join(
        f"<tr><td>{line.position}</td><td>{_work(line)}</td>"
        f'<td class="money">{_money(line.net)}</td></tr>'
        for line in lines
    )
    return (
        "<table><thead><tr><th>#</th><th>Item and work</th>"
        f'<th class="money">Net</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _work(line: QuotationLine) -> str:
    told = [f'<span class="mark">{escape(line.description)}</span>']
    if line.item is not None:
        mark = "● Accredited" if line.is_accredited else "○ Not accredited"
        if line.provider:
            mark = f"→ By an external provider: {line.provider}"
        told.append(escape(mark))
    facts = (
        ("Serial number", line.item.serial if line.item else ""),
        ("Procedure", line.procedure),
        ("Points", line.points),
        ("Decision rule", line.decision_rule),
        ("Least uncertainty", line.cmc),
        (
            "Surcharge",
            f"{line.surcharge_reason}, {_money(line.surcharge)}" if line.surcharge else "",
        ),
    )
    told += [
        f'<span class="small">{escape(name)}: {escape(value)}</span>'
        for name, value in facts
        if value
    ]
    return "<br>".join(told)


def _sums(offer: Offer) -> str:
    content = offer.content
    rate = f"{content.tax_rate.normalize():f} %" if content.tax.amount else ""
    rows = [(each.title, each.amount) for each in content.sums]
    rows += [("Net", content.net), (f"Tax {rate}".strip(), content.tax)]
    told = "".join(
        f'<tr><td>{escape(title)}</td><td class="money">{_money(amount)}</td></tr>'
        for title, amount in rows
    )
    why = f'<p class="small">{escape(content.tax_reason)}</p>' if content.tax_reason else ""
    return (
        f'<table class="sum"><tbody>{told}<tr class="total"><td>Total</td>'
        f'<td class="money">{_money(content.total)}</td></tr></tbody></table>{why}'
    )


def _terms(offer: Offer) -> str:
    changes = "; ".join(offer.content.changes)
    told = f'<p class="small">Changed: {escape(changes)}</p>' if changes else ""
    return told + "".join(f'<p class="small">{escape(term)}</p>' for term in offer.content.terms)


def _forms(
    token: str,
    offer: Offer,
    deed: str,
    form: dict[str, list[str]],
    refusal: CalibraError | None,
) -> str:
    def told(which: str) -> str:
        return complaint(refusal.message) if refusal and which == deed else ""

    def kept(which: str, name: str) -> str:
        return escape(_text(form, name)) if which == deed else ""

    def opened(which: str) -> str:
        return " open" if which == deed else ""

    path = f"/q/{quote(token, safe='')}"
    accept = (
        f'<form method="post" action="{path}/accept"><h2>Accept</h2>{told("accept")}'
        f"{_picks(offer, form if deed == 'accept' else None)}"
        f"{_name_field('accept', kept('accept', 'name'))}"
        '<button type="submit">Accept this offer</button>'
        '<p class="hint small">Your name, the time, your network address and these terms are kept '
        "with your answer.</p></form>"
    )
    change = _wish(path, "change", "Ask for a change", "What should be different?", told, kept)
    reject = _wish(path, "reject", "Reject", "Why do you reject the offer?", told, kept)
    return (
        f"{accept}<details{opened('change')}><summary>Ask for a change</summary>{change}</details>"
        f"<details{opened('reject')}><summary>Reject this offer</summary>{reject}</details>"
    )


def _wish(  # noqa: PLR0917 - the parts of a form
    path: str,
    deed: str,
    verb: str,
    question: str,
    told: Callable[[str], str],
    kept: Callable[[str, str], str],
) -> str:
    return (
        f'<form method="post" action="{path}/{deed}">{told(deed)}'
        f'<label for="{deed}-remark">{question}</label>'
        f'<textarea id="{deed}-remark" name="remark" rows="4" minlength="10" maxlength="4000" '
        f"required>{kept(deed, 'remark')}</textarea>"
        f"{_name_field(deed, kept(deed, 'name'))}"
        f'<button type="submit" class="quiet">{verb}</button></form>'
    )


def _name_field(deed: str, value: str) -> str:
    return (
        f'<label for="{deed}-name">Your name</label>'
        f'<input id="{deed}-name" name="name" autocomplete="name" maxlength="120" required '
        f'value="{value}">'
    )


def _picks(offer: Offer, form: dict[str, list[str]] | None) -> str:
    if len(offer.choices) <= 1:
        return ""
    words = {line.position: line.description for line in offer.content.lines}
    chosen = None if form is None else set(form.get("line", []))
    boxes = "".join(
        f'<label class="pick"><input type="checkbox" name="line" value="{choice.id}"'
        f"{' checked' if chosen is None or str(choice.id) in chosen else ''}>"
        f"<span>{choice.position}. {escape(words.get(choice.position, ''))}</span></label>"
        for choice in offer.choices
    )
    return (
        f"<fieldset><legend>What do you accept?</legend>{boxes}"
        '<p class="hint small">Lines that you leave out are cancelled.</p></fieldset>'
    )


def _money(amount: Money) -> str:
    return f"{amount.amount:,.2f}".replace(",", "\u202f") + f" {escape(amount.currency)}"
