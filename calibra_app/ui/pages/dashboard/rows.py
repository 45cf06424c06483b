"""The dashboard as text: tiles by role, bars, decisions, news and the picture of the weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

import plotly.graph_objects as go

from calibra_app.services.dashboard.day import Day, Decision, DecisionKind, News
from calibra_app.services.dashboard.figures import Figure, FigureRow
from calibra_app.services.dashboard.flow import Flow, Turnaround
from calibra_app.services.equipment import StandardCondition, StandardSummary
from calibra_app.services.srf.states import HeaderState, LineState
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.stat import spark_path
from calibra_app.ui.components.status import Look, look_of
from calibra_app.ui.format import Region
from calibra_app.ui.words import say, say_number


@dataclass(frozen=True, slots=True)
class FigureWords:
    """How a figure is told: its title, its icon and tone, and what an empty list says."""

    title: str
    icon: str
    tone: str
    nothing: str


WORDS: Mapping[Figure, FigureWords] = {
    Figure.IN_HAND: FigureWords(
        say("Work in hand"), "gauge", "teal", say("No item is in the laboratory's hands.")
    ),
    Figure.OVERDUE: FigureWords(say("Overdue"), "clock-alert", "red", say("No promise is broken.")),
    Figure.AT_RISK: FigureWords(
        say("At risk"), "hourglass", "amber", say("No promise falls within two days.")
    ),
    Figure.TO_REVIEW: FigureWords(
        say("To review"), "scan-search", "teal", say("No sheet waits for review.")
    ),
    Figure.TO_AUTHORIZE: FigureWords(
        say("To authorize"), "stamp", "violet", say("No certificate waits for a signatory.")
    ),
    Figure.WITH_CUSTOMER: FigureWords(
        say("With the customer"),
        "message-square-more",
        "amber",
        say("No item waits for a customer."),
    ),
    Figure.UNASSIGNED: FigureWords(
        say("In the queue"), "inbox", "blue", say("Everything received is assigned.")
    ),
    Figure.MINE: FigureWords(
        say("My work"), "list-checks", "teal", say("Nothing is assigned to you.")
    ),
    Figure.SUBMITTED: FigureWords(
        say("New requests"), "inbox", "blue", say("Every request is under review.")
    ),
    Figure.QUESTIONS: FigureWords(
        say("Open questions"),
        "message-circle-question-mark",
        "amber",
        say("No customer owes an answer."),
    ),
    Figure.OFFERED: FigureWords(
        say("Offers out"), "file-text", "blue", say("No offer waits for its customer.")
    ),
}
# Why something waits, and the verb on its button.
_WHY: Mapping[DecisionKind, tuple[str, str, str, str]] = {
    DecisionKind.OVERDUE: ("red", "clock-alert", say("Promised {day}"), say("Replan")),
    DecisionKind.NONCONFORMITY: (
        "red",
        "shield-alert",
        say("Held for a nonconformity since {since}"),
        say("Decide"),
    ),
    DecisionKind.AUTHORIZE: ("violet", "stamp", say("Reviewed {since}"), say("Authorize")),
    DecisionKind.REVIEW: ("teal", "scan-search", say("Submitted {since}"), say("Review")),
    DecisionKind.SUBMITTED: ("blue", "inbox", say("Came in {since}"), say("Start review")),
    DecisionKind.REWORK: ("orange", "undo-2", say("Sent back {since}"), say("Open")),
    DecisionKind.AT_RISK: ("amber", "hourglass", say("Promised {day}"), say("Plan")),
    DecisionKind.UNASSIGNED: ("blue", "user-round-plus", say("Received {since}"), say("Assign")),
    DecisionKind.ASKED: (
        "amber",
        "message-square-more",
        say("The customer was asked {since}"),
        say("Follow up"),
    ),
}
STANDARDS: Mapping[StandardCondition, Look] = {
    StandardCondition.EXPIRED: Look("red", "octagon-x", say("Expired"), ""),
    StandardCondition.DUE_SOON: Look("amber", "hourglass", say("Due soon"), ""),
    StandardCondition.USABLE: Look("green", "circle-check", say("Usable"), ""),
}


@dataclass(frozen=True, slots=True)
class TileRow:
    """One figure."""

    label: str
    value: str
    href: str
    unit: str = ""
    note: str = ""
    tone: str = "gray"
    symbol: str = "circle-dot"
    spark: str = ""


@dataclass(frozen=True, slots=True)
class BarRow:
    """The items in one state."""

    words: str
    count: str
    share: str
    tone: str
    symbol: str
    href: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Something that waits for the person at the screen."""

    title: str
    what: str
    why: str
    person: str
    initials: str
    tone: str
    symbol: str
    verb: str
    href: str

    @classmethod
    def of(cls, decision: Decision, now: datetime, region: Region) -> Self:
        """Return one line of what waits."""
        row = decision.row
        tone, symbol, why, verb = _WHY[decision.kind]
        reason = say(
            why,
            day=shown.day(row.promised_on, region=region, today=now.date()),
            since=shown.moment(row.since, now, region=region),
        )
        href = routes.REVIEW if decision.kind is DecisionKind.REVIEW else routes.srf(row.srf_id)
        return cls(
            title=row.tag or row.number,
            what=row.description or row.customer,
            why=f"{reason} · {row.number} · {row.customer}" if row.tag else reason,
            person=row.person,
            initials=shown.initials(row.person) if row.person else "",
            tone=tone,
            symbol=symbol,
            verb=verb,
            href=href,
        )


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item, or one request, of a list."""

    title: str
    what: str
    number: str
    customer: str
    person: str
    promised: str
    late: bool
    since: str
    state: str
    tone: str
    symbol: str
    path: str

    @classmethod
    def of(cls, row: FigureRow, now: datetime, region: Region) -> Self:
        """Return one line of a list."""
        line = not isinstance(row.state, HeaderState)
        look = look_of(row.state, line=line)
        return cls(
            row.tag or row.number or say("Draft"),
            row.description,
            f"{row.number} · {row.position}" if line else row.number,
            row.customer,
            row.person,
            shown.day(row.promised_on, region=region, today=now.date()),
            row.late,
            shown.moment(row.since, now, region=region),
            look.words,
            look.tone,
            look.icon,
            routes.srf(row.srf_id),
        )


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One transition, as a sentence."""

    person: str
    initials: str
    what: str
    number: str
    when: str
    path: str

    @classmethod
    def of(cls, news: News, now: datetime, region: Region) -> Self:
        """Return one line of the news."""
        return cls(
            news.person,
            shown.initials(news.person),
            news.action,
            news.number,
            shown.moment(news.at, now, region=region),
            routes.srf(news.srf_id),
        )


@dataclass(frozen=True, slots=True)
class DueRow:
    """One reference standard by its due date."""

    code: str
    name: str
    due: str
    left: str
    tone: str
    symbol: str
    path: str

    @classmethod
    def of(cls, standard: StandardSummary, region: Region) -> Self:
        """Return one line of what falls due."""
        look = STANDARDS.get(standard.condition) or Look(
            "gray", "circle-slash", standard.condition.replace("_", " ").capitalize(), ""
        )
        soon = standard.condition is StandardCondition.DUE_SOON
        left = say_number("{count} day", "{count} days", standard.days_left)
        return cls(
            standard.code,
            standard.name,
            shown.day(standard.due_on, region=region),
            left if soon else look.words,
            look.tone,
            look.icon,
            routes.standard(standard.id),
        )


def tiles(day: Day, flow: Flow, chosen: tuple[Figure, ...]) -> list[TileRow]:
    """Return the figures of a role, and how work flows in two more."""
    rows = [_counted(day, figure) for figure in chosen]
    rows.append(_turnaround_tile(flow))
    rows.append(_first_pass_tile(flow))
    return rows


def _counted(day: Day, figure: Figure) -> TileRow:
    words = WORDS[figure]
    count = day.figures[figure]
    note, tone = "", words.tone
    if figure is Figure.IN_HAND:
        bench = day.by_state[LineState.IN_PROGRESS] + day.by_state[LineState.REWORK]
        note = say("{count} on the bench", count=bench)
    elif figure in {Figure.OVERDUE, Figure.AT_RISK}:
        whole = day.figures[Figure.IN_HAND]
        note = say("of {count} in hand", count=whole) if count else say("on time")
        tone = tone if count else "green"
    elif figure is Figure.TO_AUTHORIZE:
        note = say("{count} to review before", count=day.figures[Figure.TO_REVIEW])
    elif figure is Figure.WITH_CUSTOMER:
        note = say("{count} offers out", count=day.figures[Figure.OFFERED])
    elif figure is Figure.SUBMITTED:
        note = say("{count} open questions", count=day.figures[Figure.QUESTIONS])
    return TileRow(
        label=words.title,
        value=str(count),
        href=routes.figure(figure),
        note=note or say("open the list"),
        tone=tone,
        symbol="circle-check" if tone == "green" else words.icon,
    )


def _turnaround_tile(flow: Flow) -> TileRow:
    now, before = flow.short.median, flow.before.median
    note, tone, symbol = say("last 30 days"), "gray", "calendar-days"
    if now is not None and before is not None and now != before:
        faster = now < before
        words = say("{days} d faster") if faster else say("{days} d slower")
        note = words.format(days=abs(now - before))
        tone, symbol = ("green", "trending-down") if faster else ("amber", "trending-up")
    medians = [float(each.turnaround.median) for each in flow.weeks if each.turnaround.median]
    return TileRow(
        label=say("Turnaround, median"),
        value=days_of(now),
        unit=say("days") if now is not None else "",
        href="#flow",
        note=note,
        tone=tone,
        symbol=symbol,
        spark=spark_path(medians),
    )


def _first_pass_tile(flow: Flow) -> TileRow:
    share = flow.first_pass_percent
    return TileRow(
        label=say("First-pass yield"),
        value=shown.NOTHING if share is None else str(share),
        unit="" if share is None else "%",
        href="#flow",
        note=say_number("{count} item approved", "{count} items approved", flow.short.items),
        symbol="badge-check",
    )


def days_of(value: Decimal | None) -> str:
    """Return days with one decimal; a dash where there are none."""
    return shown.NOTHING if value is None else str(value)


def bars(day: Day) -> list[BarRow]:
    """Return the items in each state, the longest bar filling its row."""
    most = max([*day.by_state.values(), 1])
    rows: list[BarRow] = []
    for state, count in day.by_state.items():
        look = look_of(state, line=True)
        rows.append(
            BarRow(
                look.words,
                str(count),
                f"{100 * count / most:.0f}%",
                look.tone,
                look.icon,
                routes.figure(Figure.IN_HAND, state),
            )
        )
    return rows


def flow_sentence(flow: Flow) -> str:
    """Return what the picture of the weeks says, in one sentence."""
    if flow.long.median is None:
        return say("No item was approved in the last 90 days.")
    return say(
        "Half of all items took {median} days or less, nine in ten {ninth} or less;"
        " {items} items in 90 days, without the time that waited for customers.",
        median=flow.long.median,
        ninth=flow.long.ninth_decile,
        items=flow.long.items,
    )


def weeks_figure(flow: Flow) -> go.Figure:
    """Return the turnaround week by week; each line is named at its end."""
    weeks = [say("W{week}", week=each.monday.isocalendar().week) for each in flow.weeks]
    picture = go.Figure()
    for name, value, side in (("P50", _median, "top"), ("P90", _ninth, "bottom")):
        values = [value(each.turnaround) for each in flow.weeks]
        picture.add_scatter(x=weeks, y=values, name=name, mode="lines+markers", connectgaps=True)
        last = next((at for at in reversed(range(len(values))) if values[at] is not None), None)
        if last is not None:
            picture.add_annotation(
                x=weeks[last],
                y=values[last],
                text=f"<b>{name} {values[last]} d</b>",
                xanchor="left",
                # One above its end and one beneath it, so that near lines keep apart.
                yanchor=side,
                xshift=10,
                showarrow=False,
            )
    picture.update_layout(
        showlegend=False,
        margin={"l": 44, "r": 84, "t": 12, "b": 34},
        yaxis={"rangemode": "tozero", "title": {"text": say("days")}},
    )
    return picture


def _median(turnaround: Turnaround) -> float | None:
    return None if turnaround.median is None else float(turnaround.median)


def _ninth(turnaround: Turnaround) -> float | None:
    return None if turnaround.ninth_decile is None else float(turnaround.ninth_decile)
