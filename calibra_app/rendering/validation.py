"""Software validation: worked examples of others beside what the engine computes (7.11.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from calibra_app.rendering.blocks import BrandingContent, Verdict
from calibra_app.rendering.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionContent(Content):
    """One part of what was validated or what it ran on, with its version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureContent(Content):
    """One figure: what the source prints, what was expected, what the engine computed."""

    title: str
    expected: str
    computed: str
    agrees: bool
    printed: str = ""
    is_as_printed: bool = True
    deviation: str = ""
    tolerance: str = ""
    share: str = ""
    """The deviation in parts of the tolerance, as printed."""
    exact_share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputContent(Content):
    """One input quantity of a measurement model."""

    name: str
    value: str
    distribution: str
    stated: str
    unit: str = ""
    degrees_of_freedom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedContent(Content):
    """One part of a question that is no input quantity: the model, the coverage, the data."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleContent(Content):
    """One worked example with its question and its figures."""

    name: str
    title: str
    source: str
    is_published: bool
    agrees: bool
    worst: str
    """The largest deviation in parts of its tolerance."""
    figures: tuple[FigureContent, ...]
    inputs: tuple[InputContent, ...] = ()
    asked: tuple[AskedContent, ...] = ()
    error: str = ""
    notes: str = ""
    computed_with: str = ""
    """What the expected figures were computed with."""

    @property
    def verdict(self) -> Verdict:
        """Return the verdict with the shape that it has on all papers."""
        return Verdict.PASS if self.agrees else Verdict.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleGroup(Content):
    """The examples of one kind of calculation."""

    title: str
    examples: tuple[ExampleContent, ...]

    @property
    def figures(self) -> int:
        """Return the number of figures."""
        return sum(len(example.figures) for example in self.examples)

    @property
    def agreeing(self) -> int:
        """Return the number of examples that agree."""
        return sum(example.agrees for example in self.examples)

    @property
    def published(self) -> int:
        """Return the number of examples whose source prints figures."""
        return sum(example.is_published for example in self.examples)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict over all its examples."""
        return Verdict.PASS if self.agreeing == len(self.examples) else Verdict.FAIL

    @property
    def largest(self) -> FigureContent | None:
        """Return the figure that lies furthest off, in parts of its tolerance."""
        told = [
            figure
            for example in self.examples
            for figure in example.figures
            if figure.exact_share is not None
        ]
        return max(told, key=lambda figure: abs(figure.exact_share or Decimal(0)), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationContent(Content):
    """A validation of the measurement engine on one installation, frozen when it was run."""

    branding: BrandingContent
    number: str
    engine_version: str
    verdict: str
    agrees: bool
    groups: tuple[ExampleGroup, ...]
    versions: tuple[VersionContent, ...] = ()
    title: str = "Software validation"
    language: str = "en"
    run_at: datetime | None = None
    run_by: str = ""
    issued_on: date | None = None

    @property
    def examples(self) -> tuple[ExampleContent, ...]:
        """Return all examples in their order."""
        return tuple(example for group in self.groups for example in group.examples)

    @property
    def figures(self) -> int:
        """Return the number of figures that were compared."""
        return sum(group.figures for group in self.groups)

    @property
    def agreeing(self) -> int:
        """Return the number of examples that agree."""
        return sum(group.agreeing for group in self.groups)

    @property
    def platform(self) -> str:
        """Return what it ran on, in one line."""
        return ", ".join(f"{each.name} {each.version}" for each in self.versions)
