"""What the decision-rule explorer knows and does: figures in, pictures and answers out.

Nothing is stored here. A figure that cannot be read is refused beside its field, and the pictures
keep their last good state.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import LineId
from calibra_app.metrology.exploration import rules_beside
from calibra_app.services.srf.rule_choice import LineFigures, PointFigures, figures_of_line
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.format import MINUS, Region, read_number
from calibra_app.ui.gate import action, in_thread
from calibra_app.ui.pages.explorer.entry import (
    CHOICES,
    EXAMPLE,
    FIELDS,
    LONGEST,
    PARAMETER,
    Entered,
    choice_of,
    choices_of,
    query_of,
    read,
    texts_of,
    unit_of,
)
from calibra_app.ui.pages.explorer.rows import Head, Picture, RuleRow, listed, picture_of
from calibra_app.ui.pages.explorer.shapes import drawing
from calibra_app.ui.words import say

# Where no scope promises an uncertainty: what many customers ask for.
ASSUMED_TUR = 4.0
SEE = Permission.DECISION_RULE_EDIT


class ExplorerState(Refusals, AppState):
    """The figures as they are typed, and what follows from the last good ones."""

    texts: dict[str, str] = dict(EXAMPLE)
    choices: dict[str, str] = choices_of({})
    unit: str = ""
    # Which figures of its own the chosen rule asks for.
    asks: list[str] = []
    reach: dict[str, dict[str, float]] = {}
    # Counts how often the fields begin anew, and how many figures were answered.
    fresh: int = 0
    answered: int = 0
    ready: bool = False

    head: Head = Head()
    chosen: RuleRow = RuleRow()
    rows: list[RuleRow] = []
    zones: dict[str, Any] = drawing()
    zones_sentence: str = ""
    second: dict[str, Any] = drawing()
    second_sentence: str = ""
    query: str = ""

    # The item of a request whose rule is looked for.
    line: str = ""
    line_title: str = ""
    line_path: str = ""
    line_rule: str = ""
    line_open: bool = False
    points: list[list[str]] = []
    point: str = ""
    point_trace: str = ""
    # Where y and U come from while nothing is measured.
    point_words: str = ""
    _points: tuple[PointFigures, ...] = ()

    @action(SEE, reading=True)
    async def load(self):
        """Begin with the figures of the address, those of an item, or the example."""
        params: Mapping[str, Any] = dict(self.router.page.params)
        self._accepted()
        self.texts, self.choices, self.unit = texts_of(params), choices_of(params), unit_of(params)
        self.line, self.points, self.point, self._points = "", [], "", ()
        self.point_trace = self.point_words = ""
        problem = await self._begin_with_line(str(params.get("line", "")), params)
        await self._begin()
        return problem

    @action(SEE, reading=True)
    async def set_figure(self, name: str, text: str, slid: bool):
        """Take one figure as it is typed or slid, and answer at once."""
        if name in FIELDS:
            self.texts[name] = text[:LONGEST]
        await self._answer(slid=slid)

    @action(SEE, reading=True)
    async def choose(self, name: str, value: str):
        """Take a choice: the rule, how the uncertainty is given, what is known, which picture."""
        if value not in {each for each, _ in CHOICES.get(name, ())}:
            return
        before = self.choices[name]
        self.choices[name] = value
        if name == "given" and value != before:
            self._convert_uncertainty(value)
            self.fresh += 1
        await self._answer(slid=True)

    @action(SEE, reading=True)
    async def take_rule(self, place: int):
        """Take the rule of a line of the comparison."""
        entered, _ = read(self.texts, self.choices)
        rules = rules_beside(entered.rule) if entered else ()
        if not 0 <= place < len(rules):
            return
        self.choices["rule"], own = choice_of(rules[place])
        self.texts |= own
        self.fresh += 1
        await self._answer(slid=True)

    @action(SEE, reading=True)
    async def set_unit(self, text: str):
        """Take the unit of the figures; only their pictures and words carry it."""
        self.unit = unit_of({"unit": text})
        await self._answer(slid=True)

    @action(SEE, reading=True)
    async def choose_point(self, place: str):
        """Take the limits and the promised U of another point of the item."""
        self._take_point(place)
        await self._begin()

    @action(SEE, reading=True)
    async def start_over(self):
        """Begin with the example again."""
        self.texts, self.choices, self.unit = dict(EXAMPLE), choices_of({}), ""
        await self._begin()

    async def _begin(self) -> None:
        self.fresh += 1
        await self._answer(slid=False)
        self.ready = True

    async def _answer(self, *, slid: bool) -> None:
        """Show what follows; where something cannot be read, say so and keep what stands."""
        self.answered += 1
        self.asks = list(PARAMETER.get(self.choices["rule"], ()))
        entered, self.errors = read(self.texts, self.choices)
        self.form_error = ""
        if entered is None:
            return
        try:
            picture = await in_thread(self._picture, entered)
        except (ValueError, ArithmeticError):
            self.form_error = say("No picture can be drawn of figures of such different sizes.")
            return
        if not slid:
            # A slider that is being moved keeps its reach under the hand.
            self.reach = picture.reach
        self.head, self.chosen, self.rows = picture.head, picture.row, picture.rows
        self.zones, self.zones_sentence = picture.zones, picture.zones_sentence
        self.second, self.second_sentence = picture.second, picture.second_sentence
        more = {"unit": self.unit, "line": self.line, "point": self.point}
        self.query = query_of(self.texts, self.choices, more)

    def _picture(self, entered: Entered) -> Picture:
        return picture_of(entered, self.choices["view"], self.unit, Region(self.locale, self.zone))

    def _convert_uncertainty(self, given: str) -> None:
        """Write U as u or u as U, with the k that stands there; what cannot be read stays."""
        other = "U" if given == "u" else "u"
        try:
            value, factor = read_number(self.texts[other]), read_number(self.texts["k"])
            found = value / factor if given == "u" else value * factor
        except (ValueError, ArithmeticError):
            return
        self.texts[given] = f"{found:.6g}"

    async def _begin_with_line(self, key: str, params: Mapping[str, Any]) -> EventSpec | None:
        if not key:
            return None
        try:
            line_id = LineId(typed.identity(key))
            found: LineFigures = await ask(self, figures_of_line, line_id)
        except CalibraError as error:
            return notice(error)
        target = found.target
        self.line = key
        self.line_title = say(
            "{request}, item {position}: {tag} {what}",
            request=target.srf_number or say("Draft"),
            position=target.position,
            tag=target.tag,
            what=target.description,
        )
        self.line_path, self.line_open = routes.srf(target.srf_id), found.open
        self.line_rule = target.rule
        self._points = found.points
        self.points = listed([each.label for each in found.points])
        chosen = found.agreement.chosen_rule
        if chosen is not None and chosen.figures and not any(name in params for name in FIELDS):
            # What was looked at when the rule was chosen.
            params = dict(parse_qsl(chosen.figures))
            self.texts, self.choices = texts_of(params), choices_of(params)
            self.unit = unit_of(params)
        if "rule" not in params:
            self.choices["rule"], own = choice_of(found.agreement.rule)
            self.texts |= own
        if not any(name in params for name in ("lower", "upper")):
            self._take_point(str(params.get("point", "")) or "0")
        else:
            self._name_point(str(params.get("point", "")))
        return None

    def _name_point(self, place: str) -> PointFigures | None:
        at = int(place) if place.isdecimal() else -1
        if not 0 <= at < len(self._points):
            return None
        point = self._points[at]
        self.point, self.point_trace = str(at), point.trace
        self.point_words = (
            say("Nothing is measured yet: y in the middle, U as the scope promises it.")
            if point.expanded_uncertainty
            else say("Nothing is measured yet: y in the middle, U assumed, for no scope holds it.")
        )
        return point

    def _take_point(self, place: str) -> None:
        point = self._name_point(place)
        if point is None:
            return
        lower, upper = point.limits.lower, point.limits.upper
        self.unit = unit_of({"unit": point.unit})
        middle = (lower + upper) / 2 if lower is not None and upper is not None else lower or upper
        taken = {
            # Nothing is measured before the review: the value stands where it is best.
            "y": f"{middle:f}" if middle is not None else "0",
            "lower": "" if lower is None else f"{lower:f}",
            "upper": "" if upper is None else f"{upper:f}",
        }
        half = point.limits.half_width or abs(float(middle or 0)) / ASSUMED_TUR
        spread = point.expanded_uncertainty or half / ASSUMED_TUR
        if spread:
            taken |= {"U": f"{spread:.6g}", "k": "2"}
            self.choices["given"] = "U"
        self.texts |= {name: text.replace("-", MINUS) for name, text in taken.items()}
