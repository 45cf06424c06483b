"""The one most pressing remark on a card of either board; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from calibra_app.services.srf.roll_up import LineStanding, badges
from calibra_app.services.srf.states import HeaderState, HoldKind, LineState


class FlagKind(StrEnum):
    """What a remark is about; the site gives each its colour and symbol."""

    NONCONFORMITY = "nonconformity"
    HOLD = "hold"
    CUSTOMER = "customer"
    PARTS = "parts"
    PROVIDER = "provider"
    REWORK = "rework"
    DAMAGE = "damage"
    AUTHORIZE = "authorize"
    READY = "ready"
    SITE = "site"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark: what it is about, in words."""

    kind: FlagKind
    words: str


_LINE: Mapping[LineState, Flag] = {
    LineState.AWAITING_CUSTOMER: Flag(FlagKind.CUSTOMER, "Customer decides"),
    LineState.AWAITING_PARTS: Flag(FlagKind.PARTS, "Waits for parts"),
    LineState.SUBCONTRACTED: Flag(FlagKind.PROVIDER, "With a provider"),
    LineState.REWORK: Flag(FlagKind.REWORK, "Sent back"),
    LineState.RELEASED: Flag(FlagKind.READY, "Certificate ready"),
}
_SRF: Mapping[HeaderState, Flag] = {
    HeaderState.INFO_REQUIRED: Flag(FlagKind.CUSTOMER, "Question open"),
    HeaderState.AWAITING_APPROVAL: Flag(FlagKind.CUSTOMER, "Offer with customer"),
    HeaderState.ON_HOLD: Flag(FlagKind.HOLD, "On hold"),
    HeaderState.AWAITING_CUSTOMER: Flag(FlagKind.CUSTOMER, "Customer decides"),
    HeaderState.AWAITING_PARTS: Flag(FlagKind.PARTS, "Waits for parts"),
    HeaderState.SUBCONTRACTED: Flag(FlagKind.PROVIDER, "With a provider"),
    HeaderState.REWORK: Flag(FlagKind.REWORK, "Sent back"),
    HeaderState.DELIVERED: Flag(FlagKind.READY, "Delivered"),
}


def line_flag(
    state: LineState,
    *,
    hold_kind: HoldKind | None = None,
    reviewed: bool = False,
    abnormal: bool = False,
    on_site: bool = False,
) -> Flag | None:
    """Return what is most pressing about a line; None where nothing is."""
    if state is LineState.ON_HOLD:
        if hold_kind is HoldKind.NONCONFORMITY:
            return Flag(FlagKind.NONCONFORMITY, "Nonconformity")
        return Flag(FlagKind.HOLD, f"On hold: {hold_kind.value}" if hold_kind else "On hold")
    if state in _LINE:
        return _LINE[state]
    if state is LineState.QC and reviewed:
        return Flag(FlagKind.AUTHORIZE, "To authorize")
    if abnormal and state in {LineState.RECEIVED, LineState.ASSIGNED}:
        return Flag(FlagKind.DAMAGE, "Arrived damaged")
    return Flag(FlagKind.SITE, "On site") if on_site and state is LineState.PENDING else None


def srf_flag(state: HeaderState, lines: Sequence[LineStanding]) -> Flag | None:
    """Return what is most pressing about a request, or what its state leaves out."""
    if state in _SRF:
        return _SRF[state]
    partly = badges(lines)
    return Flag(FlagKind.PARTLY, partly[0].capitalize()) if partly else None
