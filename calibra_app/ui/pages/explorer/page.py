"""The decision-rule explorer: what it shows."""

from collections.abc import Sequence
from typing import Any, Final

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, segments
from calibra_app.ui.components.chart import chart
from calibra_app.ui.components.form import field, form_error
from calibra_app.ui.components.knob import knob, permalink
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge, verdict
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.components.values import Text
from calibra_app.ui.pages.explorer.entry import GIVEN, KNOWN, RULES, VIEWS
from calibra_app.ui.pages.explorer.rows import RuleRow
from calibra_app.ui.pages.explorer.sending import AGREE, SendingState
from calibra_app.ui.pages.explorer.sending_dialog import sending_dialog
from calibra_app.ui.pages.explorer.state import ExplorerState
from calibra_app.ui.words import say

State = ExplorerState
# The names of rules are sentences, and the figures beside them need the room.
FOLDED: Final = {"whiteSpace": "normal"}
SIDE_BY_SIDE: Final = {
    "display": "grid",
    "gridTemplateColumns": "minmax(290px, 26%) minmax(0, 1fr)",
    "gap": "14px",
    "alignItems": "start",
    "@media (max-width: 760px)": {"gridTemplateColumns": "minmax(0, 1fr)"},
}


def explorer_page() -> rx.Component:
    """Return the explorer: the figures at the left, what follows from them at the right."""
    return shell(
        say("Decision rules"),
        layout.page(
            rx.cond(
                State.ready,
                layout.stack(
                    _line(),
                    rx.el.div(
                        layout.stack(_figures(), _rule(), _items()),
                        layout.stack(_verdict(), _zones(), _second()),
                        class_name="explorer",
                        style=SIDE_BY_SIDE,
                    ),
                    _comparison(),
                ),
                layout.skeleton(12),
            ),
            sending_dialog(),
        ),
        here=routes.DECISION_RULES,
        beside=badge(say("What-if: nothing is stored"), "gray", "info"),
        actions=(
            button(say("Start over"), symbol="rotate-ccw", on_click=State.start_over),
            permalink(State.query),
        ),
        primary=rx.cond(
            may(AGREE[0]) | may(AGREE[1]),
            button(
                say("Send to contract review"),
                kind="primary",
                symbol="send",
                on_click=SendingState.open_sending,
                custom_attrs={"data-key": "n"},
            ),
        ),
    )


def _line() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SendingState.agreed != "",
            layout.callout(
                say("Agreed for "),
                rx.el.b(SendingState.agreed),
                ". ",
                layout.link(say("Open the contract review"), href=SendingState.agreed_path),
                tone="green",
                symbol="check",
            ),
        ),
        rx.cond(
            State.line != "",
            layout.callout(
                layout.link(State.line_title, href=State.line_path),
                ". ",
                say("Agreed now: "),
                rx.el.b(State.line_rule),
                rx.cond(
                    State.line_open,
                    "",
                    f" · {say('the request is past its review, so its rule stays')}",
                ),
                rx.cond(
                    State.point_trace != "",
                    rx.el.div(say("Limit: "), State.point_trace, class_name="tiny second"),
                ),
                rx.el.div(State.point_words, class_name="tiny second"),
                symbol="clipboard-list",
                action=_points(),
            ),
        ),
    )


def _points() -> rx.Component:
    options: Any = rx.Var.create(State.points).to(list[list[str]])
    return rx.cond(
        options.length() > 0,
        rx.el.select(
            rx.foreach(options, lambda one: rx.el.option(one[1], value=one[0])),
            value=State.point,
            on_change=State.choose_point,
            class_name="control control-small",
            style={"width": "auto"},
            aria_label=say("Point of the item"),
        ),
    )


def _knob(
    name: str, label: Text, *, unit: Text = "", hint: Text = "", optional: bool = False
) -> rx.Component:
    return knob(
        name,
        label,
        State.set_figure,
        text=State.texts[name],
        reach=State.reach[name],
        fresh=State.fresh,
        answered=State.answered,
        fault=State.errors[name],
        unit=unit,
        hint=hint,
        optional=optional,
    )


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> rx.Component:
    return segments(
        options, State.choices[name], lambda value: State.choose(name, value), label=label
    )


def _figures() -> rx.Component:
    given = State.choices["given"]
    return layout.card(
        say("Result and limits"),
        layout.stack(
            form_error(State.form_error),
            _knob("y", say("Measured value y"), unit=State.unit),
            rx.cond(
                given == "u",
                _knob("u", say("Standard uncertainty u"), unit=State.unit),
                _knob("U", say("Expanded uncertainty U"), unit=State.unit),
            ),
            _knob("k", say("Coverage factor k")),
            _knob("lower", say("Lower limit"), unit=State.unit, optional=True),
            _knob("upper", say("Upper limit"), unit=State.unit, optional=True),
            _knob(
                "tol",
                say("Tolerance of the standard, ±"),
                unit=State.unit,
                hint=say("For the TAR"),
                optional=True,
            ),
            field(
                "unit",
                say("Unit"),
                rx.el.input(
                    id="unit",
                    default_value=State.unit,
                    key=f"unit-{State.fresh}",
                    max_length=16,
                    auto_complete="off",
                    on_blur=State.set_unit,
                    class_name="control control-small",
                ),
                optional=True,
            ),
        ),
        action=_choice("given", say("How the uncertainty is given"), GIVEN),
    )


def _rule() -> rx.Component:
    asks: Any = State.asks
    return layout.card(
        say("Decision rule"),
        layout.stack(
            rx.el.select(
                *(rx.el.option(words, value=key) for key, words in RULES),
                value=State.choices["rule"],
                on_change=lambda value: State.choose("rule", value),
                class_name="control",
                aria_label=say("Decision rule"),
                id="rule",
            ),
            rx.cond(asks.contains("r"), _knob("r", say("Guard band factor r, w = r·U"))),
            rx.cond(
                asks.contains("p"), _knob("p", say("Greatest risk of false acceptance"), unit="%")
            ),
            rx.cond(asks.contains("tur"), _knob("tur", say("Least TUR for simple acceptance"))),
            rx.el.p(State.head.sentence, class_name="small"),
            rx.el.p(say("Source: "), State.head.source, class_name="tiny second"),
        ),
    )


def _items() -> rx.Component:
    known = State.choices["known"]
    return layout.card(
        say("Items that come in"),
        layout.stack(
            _choice("known", say("What is known of the items"), KNOWN),
            rx.match(
                known,
                (
                    "itp",
                    layout.stack(_knob("itp", say("Found in tolerance so far"), unit="%"), _mean()),
                ),
                (
                    "u0",
                    layout.stack(
                        _knob("u0", say("Standard deviation u₀"), unit=State.unit), _mean()
                    ),
                ),
                rx.el.p(
                    say(
                        "With the history of such items, the risks of all decisions in the long"
                        " run are told: how often a bad one passes (PFA) and a good one fails"
                        " (PFR)."
                    ),
                    class_name="small second",
                ),
            ),
        ),
    )


def _mean() -> rx.Component:
    return _knob(
        "y0",
        say("Mean of the items y₀"),
        unit=State.unit,
        hint=say("Empty: the middle of the limits"),
        optional=True,
    )


def _verdict() -> rx.Component:
    head, chosen = State.head, State.chosen
    return layout.card(
        "",
        rx.el.div(
            rx.el.div(
                verdict(chosen.verdict, chosen.tone, chosen.icon, large=True),
                rx.el.div(chosen.rule, class_name="small second"),
                aria_live="polite",
            ),
            layout.facts(
                (rx.fragment("p", rx.el.sub("c"), f" {say('conforms')}"), head.chance),
                (say("Risk of this statement"), head.risk),
                ("TUR", head.tur),
                ("TAR", head.tar),
                ("PFA / PFR", f"{chosen.false_acceptance} / {chosen.false_rejection}"),
                stacked=True,
            ),
            class_name="stack",
        ),
    )


def _zones() -> rx.Component:
    return layout.card(
        say("Value in its zones"), chart(State.zones, State.zones_sentence, height="300px")
    )


def _second() -> rx.Component:
    return layout.card(
        say("The rule at work"),
        chart(State.second, State.second_sentence, height="280px"),
        action=_choice("view", say("Drawn over"), VIEWS),
    )


def _comparison() -> rx.Component:
    return layout.card(
        say("What every rule says of these figures"),
        table(
            (
                say("Rule"),
                say("Statement"),
                Column(say("Accepts"), right=True),
                Column(say("Risk"), right=True),
                Column(say("At most"), right=True),
                Column("PFA", right=True),
                Column("PFR", right=True),
            ),
            State.rows,
            _row,
            label=say("What every rule says"),
        ),
        rx.el.p(
            say(
                "Risk: that this very pass, or fail, is wrong. At most: that of a value exactly on"
                " an acceptance limit. PFA and PFR: of all decisions in the long run, with the"
                " history of the items. Choose a rule to look at it."
            ),
            class_name="tiny second pad",
        ),
        flush=True,
    )


def _row(row: RuleRow) -> rx.Component:
    def figure(text: Text) -> rx.Component:
        return cell(text, right=True, class_name="num one-line")

    return record(
        rx.el.td(
            rx.el.a(
                row.rule,
                href="#",
                role="button",
                class_name="row-link",
                style=FOLDED,
                on_click=[rx.prevent_default, State.take_rule(row.place)],
            ),
            rx.el.div(row.source, class_name="tiny faint"),
            style=FOLDED,
        ),
        cell(
            verdict(row.verdict, row.tone, row.icon),
            rx.cond(row.refusal != "", rx.el.div(row.refusal, class_name="tiny second")),
        ),
        cell(
            rx.el.div(row.accepts),
            rx.el.div("w = ", row.width, class_name="tiny faint"),
            right=True,
            class_name="num one-line",
        ),
        figure(row.risk),
        figure(row.worst),
        figure(row.false_acceptance),
        figure(row.false_rejection),
        selected=row.chosen,
    )


PAGES = ((routes.DECISION_RULES, explorer_page, (ExplorerState.load,)),)
