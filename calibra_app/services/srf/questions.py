"""The questions of contract review (ISO/IEC 17025, 7.1) and what evidence suggests for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from calibra_app.models.srf import SrfLine
from calibra_app.services.srf.agreement import Agreement, completeness
from calibra_app.services.srf.evidence import Evidence


class Part(StrEnum):
    """Who answers a question."""

    TECHNICAL = "technical"
    COMMERCIAL = "commercial"


class Answer(StrEnum):
    """What a question can be answered with."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the review, with the clause it comes from."""

    key: str
    words: str
    clause: str
    part: Part


QUESTIONS: tuple[Question, ...] = (
    Question(
        "requirements",
        "Requirements are defined, documented and understood",
        "7.1.1 a",
        Part.TECHNICAL,
    ),
    Question(
        "capability",
        "Capability and resources are there: scope, people, standards",
        "7.1.1 b",
        Part.TECHNICAL,
    ),
    Question(
        "method",
        "The method is suitable and meets the requirements",
        "7.1.1 d",
        Part.TECHNICAL,
    ),
    Question(
        "decision_rule",
        "The decision rule is defined and agreed",
        "7.1.3",
        Part.TECHNICAL,
    ),
    Question(
        "subcontract",
        "The customer has agreed to the external provider",
        "7.1.1 c",
        Part.COMMERCIAL,
    ),
    Question(
        "differences",
        "Differences between request and offer are resolved",
        "7.1.4",
        Part.COMMERCIAL,
    ),
)
BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}


def propose(
    key: str, line: SrfLine, evidence: Evidence, versions: Mapping[str, str]
) -> tuple[Answer | None, str]:
    """Return what the evidence suggests for a question, None where a person decides, and why."""
    match key:
        case "requirements":
            return _requirements(line, versions)
        case "capability":
            return _capability(line, evidence)
        case "method":
            there = bool(evidence.procedure)
            return (Answer.YES if there else None), evidence.procedure or "No procedure in effect"
        case "decision_rule":
            return _decision_rule(Agreement.of_line(line))
        case "subcontract":
            ours = line.provider_id is None
            ground = "Done in our own laboratory" if ours else "Note how the customer agreed"
            return (Answer.NOT_APPLICABLE if ours else None), ground
        case _:
            settled = not evidence.outside or not line.accredited or line.provider_id is not None
            ground = f"Scope: {evidence.sentence}{_marked(line)}"
            return (Answer.YES if evidence.verdict and settled else None), ground


def _requirements(line: SrfLine, versions: Mapping[str, str]) -> tuple[Answer | None, str]:
    agreement = Agreement.of_line(line)
    missing = completeness(agreement, versions.get(line.procedure_code, "")).missing
    ground = f"Missing: {', '.join(missing)}" if missing else "Nothing is missing"
    return (None if missing else Answer.YES), ground


def _decision_rule(agreement: Agreement) -> tuple[Answer | None, str]:
    chosen = agreement.chosen_rule
    told = f". {chosen.note}" if chosen and chosen.note else ""
    return Answer.YES, f"{agreement.rule_words}{told}"


def _capability(line: SrfLine, evidence: Evidence) -> tuple[Answer | None, str]:
    if line.provider_id is not None:
        return Answer.YES, "By an approved external provider"
    people = ", ".join(evidence.people) or "nobody authorized"
    standards = ", ".join(evidence.standards) or "no standard fits"
    ground = f"Scope: {evidence.sentence}. People: {people}. Standards: {standards}"
    able = bool(evidence.verdict and evidence.people and evidence.standards)
    fits = not evidence.outside or not line.accredited
    return (Answer.YES if able and fits else None), ground


def _marked(line: SrfLine) -> str:
    if line.provider_id is not None:
        return ", subcontracted"
    return "" if line.accredited else ", without accreditation"
