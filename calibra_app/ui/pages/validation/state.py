"""What the pages of the software validation know and do."""

from dataclasses import replace

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import DocumentId
from calibra_app.rendering.validation import ExampleGroup
from calibra_app.services.validation import (
    Platform,
    ValidationOverview,
    ValidationRun,
    compute_example,
    print_validation,
    print_validation_again,
    run_validation,
    validation_overview,
)
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import AppState, ask, current_actor, notice
from calibra_app.ui.components.chart import NO_DRAWING, Drawing, drawing_of
from calibra_app.ui.format import Region, signed_at
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.validation.rows import (
    DIFFERS,
    ExampleRow,
    FigureRow,
    GroupRow,
    InputRow,
    ReportRow,
    deviation_figure,
    dots_of,
)
from calibra_app.ui.words import say

VALIDATE = Permission.SOFTWARE_VALIDATE


def platform_words(platform: Platform) -> str:
    """Return what something was computed with, in one line."""
    return ", ".join(f"{name} {version}" for name, version in platform.versions)


class ValidationState(AppState):
    """The last validation, its examples, and the reports on record."""

    loading: bool = True
    computed: bool = False
    agrees: bool = False
    # Whether what is shown was computed on request and is not on record.
    is_fresh: bool = False
    is_current: bool = False
    number: str = ""
    verdict: str = ""
    engine: str = ""
    platform: str = ""
    engine_here: str = ""
    platform_here: str = ""
    when: str = ""
    who: str = ""
    figures: str = ""
    groups: list[GroupRow] = []
    _groups: list[GroupRow] = []
    shown: str = ""
    search: str = ""
    # Which examples: all, published, differing.
    only: str = ""
    reports: list[ReportRow] = []
    picture: Drawing = NO_DRAWING
    sentence: str = ""
    running: bool = False
    printing: bool = False

    @action(VALIDATE, reading=True)
    async def load(self):
        """Show the last report on record, and hear of the printing of others."""
        self.search = self.only = ""
        self.running = self.printing = False
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        topic = f"t:{actor.tenant_id}:validation"
        await LIVE.join(self, topic, ValidationState, refresh="refresh")
        return await self._open()

    @action(VALIDATE, reading=True)
    async def refresh(self):
        """Read the reports on record anew; what was computed on request stays."""
        try:
            found = await ask(self, validation_overview)
        except CalibraError as error:
            return notice(error)
        self._list(found)
        return None

    @action(VALIDATE, reading=True)
    async def run(self):
        """Compute every example on this installation, now."""
        self.running = True
        yield
        try:
            run = await ask(self, run_validation)
        except CalibraError as error:
            self.running = False
            yield notice(error)
            return
        self.running = False
        self._show(run, run.groups)
        self.is_fresh, self.is_current = True, True

    @action(VALIDATE)
    async def keep(self):
        """Compute every example, keep the report and print it."""
        self.printing = True
        yield
        try:
            await ask(self, print_validation)
        except CalibraError as error:
            self.printing = False
            yield notice(error)
            return
        self.printing = False
        yield await self._open() or notices.done(say("{number} is on record.", number=self.number))

    @action(VALIDATE)
    async def print_again(self, key: str):
        """Ask the printer once more for a report."""
        try:
            await ask(self, print_validation_again, DocumentId(typed.identity(key)))
        except CalibraError as error:
            return notice(error)
        return await self._open()

    @action(VALIDATE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text[:80]
        self._narrow()

    @action(VALIDATE, reading=True)
    async def choose(self, only: str):
        """Show all examples, those that their source prints, or those that differ."""
        self.only = "" if only == self.only else only
        self._narrow()

    async def _open(self) -> EventSpec | None:
        try:
            found = await ask(self, validation_overview)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        self.is_fresh, self.is_current = False, found.is_current
        self._show(found.last, found.examples)
        self._list(found)
        self.loading = False
        return None

    def _list(self, found: ValidationOverview) -> None:
        region = Region(self.locale, self.zone)
        self.reports = [ReportRow.of(report, region) for report in found.reports]
        self.engine_here = found.here.engine_version
        self.platform_here = platform_words(found.here)

    def _show(self, run: ValidationRun | None, groups: tuple[ExampleGroup, ...]) -> None:
        region = Region(self.locale, self.zone)
        self._groups = [
            GroupRow.of(group.title, [ExampleRow.of(each) for each in group.examples])
            for group in groups
        ]
        self._narrow()
        self.computed = run is not None
        if run is None:
            self.verdict = self.number = self.when = self.who = ""
            self.agrees = False
            return
        self.agrees, self.verdict, self.number = run.agrees, run.verdict, run.number
        self.engine = run.platform.engine_version
        self.platform = platform_words(run.platform)
        self.when = signed_at(run.run_at, region=region) if run.run_at else ""
        self.who = run.run_by
        dots = dots_of(groups)
        self.figures = str(len(dots))
        self.picture = drawing_of(deviation_figure(dots))
        self.sentence = say(
            "Each dot is one figure. All of them lie left of their tolerance."
            if run.agrees
            else "Each dot is one figure. What lies right of the tolerance does not agree."
        )

    def _narrow(self) -> None:
        words = self.search.casefold().split()

        def fits(row: ExampleRow) -> bool:
            kind = {"published": row.published, "differing": row.differs}.get(self.only, True)
            return kind and all(word in row.sought for word in words)

        kept = [
            replace(group, examples=[row for row in group.examples if fits(row)])
            for group in self._groups
        ]
        self.groups = [group for group in kept if group.examples]
        total = sum(len(group.examples) for group in self._groups)
        left = sum(len(group.examples) for group in self.groups)
        self.shown = say("{left} of {total} examples", left=left, total=total)


class ExampleState(AppState):
    """One example with its question, computed when the page opens."""

    loading: bool = True
    name: str = ""
    title: str = ""
    group: str = ""
    source: str = ""
    notes: str = ""
    computed_with: str = ""
    error: str = ""
    words: str = ""
    tone: str = "gray"
    symbol: str = "verdict-open"
    rounded_before: bool = False
    asked: list[tuple[str, str]] = []
    inputs: list[InputRow] = []
    figures: list[FigureRow] = []
    picture: Drawing = NO_DRAWING
    sentence: str = ""
    has_picture: bool = False
    before: str = ""
    after: str = ""

    @action(VALIDATE, reading=True)
    async def load(self):
        """Compute the example of the address and show it beside what was expected."""
        self.loading = True
        # No example's own name has an underscore: it stands for a dot, as in `worked_example`.
        name = str(self.router.page.params.get("example_name", ""))[:80].replace("_", ".")
        try:
            found = await ask(self, compute_example, name)
        except CalibraError as error:
            self.loading = False
            return self._not_shown(error)
        example = found.example
        self.name, self.title, self.source = example.name, example.title, example.source
        self.group, self.notes, self.error = found.group, example.notes, example.error
        self.computed_with = example.computed_with
        row = ExampleRow.of(example)
        self.words, self.tone, self.symbol = row.words, row.tone, row.symbol
        self.asked = [(each.name, each.value) for each in example.asked]
        self.inputs = [InputRow.of(quantity) for quantity in example.inputs]
        self.figures = [FigureRow.of(figure) for figure in example.figures]
        self.rounded_before = any(row.rounded_before for row in self.figures)
        dots = [(figure.title, example.name, figure) for figure in example.figures]
        self.has_picture = any(figure.exact_share is not None for _, _, figure in dots)
        self.picture = drawing_of(deviation_figure(dots))
        differing = sum(row.words == DIFFERS[0] for row in self.figures)
        self.sentence = (
            say("{count} figures lie outside their tolerance.", count=differing)
            if differing
            else say("Every figure lies within its tolerance.")
        )
        self.before = routes.worked_example(found.before) if found.before else ""
        self.after = routes.worked_example(found.after) if found.after else ""
        self.loading = False
        return None
