"""What the boards show, as text: columns, lanes and cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calibra_app.services.srf.cards import BoardCard
from calibra_app.services.srf.deeds import CardKind
from calibra_app.services.srf.flags import FlagKind
from calibra_app.services.srf.ways import EVERY_STATE, STAGES
from calibra_app.ui import format as shown
from calibra_app.ui.components.board import (
    Card,
    CardFlag,
    Column,
    Lane,
    Mark,
    srf_columns,
)
from calibra_app.ui.components.status import BOARD_COLUMNS, LINE_STATES, Look
from calibra_app.ui.format import Region
from calibra_app.ui.words import say, say_number

LANES: Mapping[str, str] = {
    "none": say("none"),
    "discipline": say("discipline"),
    "person": say("person"),
    "customer": say("customer"),
}
NOBODY = "nobody"
SEVERAL = "several"
# A card that left the board is newer than whatever was known of it.
GONE = 2**31
_SOON_DAYS = 1
_MOST_NAMES = 3

_FLAGS: Mapping[FlagKind, tuple[str, str]] = {
    FlagKind.NONCONFORMITY: ("red", "shield-alert"),
    FlagKind.HOLD: ("amber", "circle-pause"),
    FlagKind.CUSTOMER: ("amber", "message-square-more"),
    FlagKind.PARTS: ("amber", "wrench"),
    FlagKind.PROVIDER: ("amber", "building-2"),
    FlagKind.REWORK: ("orange", "undo-2"),
    FlagKind.DAMAGE: ("amber", "triangle-alert"),
    FlagKind.AUTHORIZE: ("teal", "stamp"),
    FlagKind.READY: ("green", "file-check"),
    FlagKind.SITE: ("blue", "map-pin"),
    FlagKind.PARTLY: ("amber", "info"),
}
_STAGES: Mapping[str, Look] = {
    **LINE_STATES,
    "pending": Look("gray", "clock", say("Expected"), ""),
    "waiting": BOARD_COLUMNS["waiting"][0],
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How cards are written: for which reader, on which day, in which lanes."""

    kind: CardKind
    lanes: str
    today: date
    region: Region


def columns_of(kind: CardKind, limits: Mapping[str, int], *, every_state: bool) -> list[Column]:
    """Return the columns of a board, with the number of cards each should hold at most."""
    if kind is CardKind.SRF:
        return srf_columns()
    columns = [
        Column(id=key, title=_STAGES[key].words, icon=_STAGES[key].icon, tone=_STAGES[key].tone)
        for key in (EVERY_STATE if every_state else STAGES)
    ]
    for column in columns:
        if column["id"] in limits:
            column["limit"] = limits[column["id"]]
    return columns


def card_row(card: BoardCard, wanted: Shown) -> Card:
    """Return a card as the board takes it."""
    return Card(
        id=str(card.id),
        version=card.version,
        column=card.column,
        lane=lane_of(card, wanted.lanes),
        order=card.order,
        tag=card.tag,
        name=card.name,
        customer=card.customer,
        flag=_flag(card),
        urgent=card.urgent,
        done=card.done,
        total=card.total,
        due=shown.day(card.due_on, region=wanted.region, today=wanted.today) if card.due_on else "",
        due_tone=_due_tone(card, wanted.today),
        people=[
            Mark(name=one.name, initials=one.initials, hue=shown.hue_of(one.name))
            for one in card.people
        ],
        targets={column: way.words for column, way in card.ways.targets.items()},
        refused=dict(card.ways.refused),
    )


def gone_row(card_id: str) -> Card:
    """Return what takes a card away."""
    return Card(id=card_id, version=GONE, column="", tag="", gone=True)


def lane_of(card: BoardCard, lanes: str) -> str:
    """Return the lane in which a card lies."""
    match lanes:
        case "discipline":
            return card.discipline or SEVERAL
        case "customer":
            return str(card.customer_id)
        case "person":
            if not card.people:
                return NOBODY
            return str(card.people[0].id) if len(card.people) == 1 else SEVERAL
        case _:
            return ""


def lanes_of(cards: Sequence[BoardCard], lanes: str) -> list[Lane]:
    """Return the lanes in which cards lie, by name; what nobody has comes first."""
    if lanes not in LANES or lanes == "none":
        return []
    groups: dict[str, list[BoardCard]] = {}
    for card in cards:
        groups.setdefault(lane_of(card, lanes), []).append(card)
    rows = [
        Lane(id=key, title=_lane_title(key, some[0], lanes), sub=_lane_sub(some, lanes))
        for key, some in groups.items()
    ]
    return sorted(rows, key=lambda lane: (_rank(lane["id"]), lane["title"]))


def tally(cards: Iterable[BoardCard]) -> dict[str, Any]:
    """Return for each card what the filters count."""
    return {str(card.id): (card.late, card.urgent) for card in cards}


def _lane_title(key: str, card: BoardCard, lanes: str) -> str:
    if key == NOBODY:
        return say("Not assigned")
    if key == SEVERAL:
        return say("Several people") if lanes == "person" else say("Several disciplines")
    match lanes:
        case "discipline":
            return card.discipline.capitalize()
        case "person":
            return card.people[0].name
        case _:
            return card.customer


def _lane_sub(cards: Sequence[BoardCard], lanes: str) -> str:
    count = say_number("{count} card", "{count} cards", len(cards))
    if lanes != "discipline":
        return count
    names = dict.fromkeys(one.name.split()[0] for card in cards for one in card.people)
    return ", ".join(list(names)[:_MOST_NAMES]) or count


def _rank(key: str) -> int:
    return {NOBODY: 0, SEVERAL: 2}.get(key, 1)


def _flag(card: BoardCard) -> CardFlag | None:
    if card.flag is None:
        return None
    tone, symbol = _FLAGS[card.flag.kind]
    return CardFlag(tone=tone, icon=symbol, text=card.flag.words)


def _due_tone(card: BoardCard, today: date) -> str:
    if card.late:
        return "late"
    near = card.due_on is not None and (card.due_on - today).days <= _SOON_DAYS
    return "soon" if near and card.column not in {"approved", "invoiced", "out"} else ""
