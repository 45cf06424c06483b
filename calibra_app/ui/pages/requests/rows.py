"""What the pages of requests show of a record, as text."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from calibra_app.services.documents import DocumentSummary
from calibra_app.services.srf.custody import CustodyEntry
from calibra_app.services.srf.promises import Outlook
from calibra_app.services.srf.queries import LineDetail, OpenDecision, TimelineEntry
from calibra_app.services.srf.register import SrfSummary
from calibra_app.services.srf.relatives import Relation, Relative
from calibra_app.services.srf.review import Asked, LineReview
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.agreements import rules_for
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.words import say

SHORT_HASH = 8
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class SrfRow:
    """One line of the register."""

    number: str
    customer: str
    reference: str
    lines: str
    urgent: bool
    promised: str
    since: str
    tone: str
    icon: str
    state: str
    path: str

    @classmethod
    def of(cls, srf: SrfSummary, region: Region) -> Self:
        """Return the line of one request."""
        look = look_of(srf.state)
        draft = srf.state == "draft"
        return cls(
            srf.number or say("Draft"),
            srf.customer,
            srf.reference,
            str(srf.lines),
            srf.urgent,
            shown.day(srf.promised_on, region=region),
            shown.day(srf.state_since, region=region),
            look.tone,
            look.icon,
            look.words,
            f"{routes.NEW_REQUEST}?srf={srf.id}" if draft else routes.srf(srf.id),
        )


@dataclass(frozen=True, slots=True)
class LineRow:
    """One item on a request."""

    key: str = ""
    version: int = 0
    position: str = ""
    tag: str = ""
    description: str = ""
    serial: str = ""
    procedure: str = ""
    rule: str = ""
    # What it may be changed to: the catalogue, and the rule of its own that stands on the line.
    rules: tuple[tuple[str, str], ...] = ()
    accredited: bool = True
    adjustment: str = ""
    as_found: str = ""
    due_on_label: str = ""
    urgency: str = ""
    promised: str = ""
    promised_on: str = ""
    remarks: str = ""
    percent: str = "0"
    missing: str = ""
    also_on: str = ""
    tone: str = "gray"
    icon: str = "clock"
    state: str = ""
    ended: bool = False
    pending: bool = True
    here: bool = False
    condition: str = ""
    accessories: str = ""
    assignee: str = ""
    scope: str = ""
    scope_tone: str = "gray"
    scope_rows: tuple[str, ...] = ()
    provider: str = ""
    may_report: bool = False
    on_site: bool = False
    clock: str = ""
    paused: str = ""
    # Whether the promised day can be kept: what speaks for it, or against it.
    outlook: str = ""
    doubtful: bool = False

    @classmethod
    def of(cls, line: LineDetail, review: LineReview | None, region: Region) -> Self:
        """Return one item; the review brings what the scope says."""
        look = look_of(line.state, line=True)
        agreement = line.agreement
        verdict = review.evidence.verdict if review else ""
        return cls(
            key=str(line.id),
            version=line.version,
            position=str(line.position),
            tag=line.tag,
            description=line.description,
            serial=line.serial,
            procedure=agreement.procedure_code,
            rule=agreement.decision_rule.value,
            rules=rules_for(agreement),
            accredited=agreement.accredited,
            adjustment=agreement.adjustment.value,
            as_found=agreement.as_found.value,
            due_on_label=agreement.due_on_label.value,
            urgency=agreement.urgency.value,
            promised=shown.day(agreement.promised_on, region=region),
            promised_on=agreement.promised_on.isoformat() if agreement.promised_on else "",
            remarks=agreement.remarks,
            percent=str(line.completeness.percent),
            missing=", ".join(line.completeness.missing),
            also_on=line.also_on,
            tone=look.tone,
            icon=look.icon,
            state=look.words,
            ended=line.state in {"cancelled", "rejected", "returned"},
            pending=line.state == "pending",
            here=bool(line.condition),
            condition=line.condition,
            accessories=line.accessories,
            assignee=line.assignee,
            scope=review.evidence.sentence if review and verdict else "",
            scope_tone=_SCOPE_TONES.get(verdict, "gray"),
            scope_rows=review.evidence.rows if review else (),
            provider=line.provider,
            may_report=any(offered.number == "T20" for offered in line.offered),
            on_site=line.on_site,
            clock=shown.duration(line.turnaround) if line.turnaround is not None else "",
            paused=shown.duration(line.paused) if line.paused else "",
        )

    def promising(self, outlook: Outlook | None) -> Self:
        """Return the row with what is known of its promised day."""
        if outlook is None:
            return self
        kept = (*outlook.people[:MOST_NAMED], *outlook.standards[:MOST_NAMED])
        words = " ".join(outlook.against) or " · ".join(kept)
        return replace(self, outlook=words, doubtful=bool(outlook.against))


_SCOPE_TONES = {"in_scope": "green", "partly": "amber", "outside": "red"}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the review of one line."""

    key: str
    words: str
    clause: str
    answer: str
    note: str
    by: str
    proposal: str
    ground: str
    mine: bool

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Return one question with its answer or proposal."""
        return cls(
            asked.key,
            asked.words,
            asked.clause,
            asked.answer.value if asked.answer else "",
            asked.note,
            asked.by,
            asked.proposal.value if asked.proposal else "",
            asked.ground,
            asked.mine,
        )


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """The review of one line."""

    key: str = ""
    position: str = ""
    tag: str = ""
    version: int = 0
    line_version: int = 0
    complete: bool = False
    accredited: bool = True
    way: str = "accredited"
    provider: str = ""
    provider_key: str = ""
    scope: str = ""
    scope_tone: str = "gray"
    scope_rows: tuple[str, ...] = ()
    people: str = ""
    standards: str = ""
    procedure: str = ""
    questions: tuple[QuestionRow, ...] = ()

    @classmethod
    def of(cls, review: LineReview, tag: str) -> Self:
        """Return the review of one line with its evidence."""
        evidence = review.evidence
        return cls(
            key=str(review.line_id),
            position=str(review.position),
            tag=tag,
            version=review.version,
            line_version=review.line_version,
            complete=review.complete,
            accredited=review.accredited,
            way=_way(review),
            provider=review.provider,
            provider_key=str(review.provider_id or ""),
            scope=evidence.sentence,
            scope_tone=_SCOPE_TONES.get(evidence.verdict, "gray"),
            scope_rows=evidence.rows,
            people=", ".join(evidence.people) or say("nobody"),
            standards=", ".join(evidence.standards) or say("none"),
            procedure=evidence.procedure or shown.NOTHING,
            questions=tuple(QuestionRow.of(asked) for asked in review.asked),
        )


def _way(review: LineReview) -> str:
    if review.provider_id is not None:
        return "provider"
    return "accredited" if review.accredited else "unaccredited"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of a request and where its printing stands."""

    key: str
    title: str
    number: str
    state: str
    tone: str
    icon: str
    error: str
    digest: str
    path: str
    done: bool
    failed: bool

    @classmethod
    def of(cls, paper: DocumentSummary) -> Self:
        """Return one paper."""
        words, tone, icon = _PRINTING[paper.state.value]
        return cls(
            str(paper.id),
            paper.title,
            paper.number,
            words,
            tone,
            icon,
            paper.error,
            paper.sha256[:SHORT_HASH],
            f"/api/v1/documents/{paper.id}?inline=true",
            paper.state == "done",
            paper.state == "failed",
        )


_PRINTING = {
    "queued": (say("Waiting for the printer"), "gray", "hourglass"),
    "printing": (say("Being printed"), "blue", "printer"),
    "done": (say("Printed"), "green", "check"),
    "failed": (say("Not printed"), "red", "circle-alert"),
}


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """Where an item went."""

    position: str
    what: str
    when: str
    who: str
    photo: str

    @classmethod
    def of(cls, entry: CustodyEntry, now: datetime, region: Region) -> Self:
        """Return one entry of custody."""
        details = ", ".join(text for text in (entry.place, entry.note) if text)
        kind = entry.kind.capitalize()
        return cls(
            str(entry.line_position),
            f"{kind}: {details}" if details else kind,
            shown.moment(entry.at, now, region=region),
            entry.person,
            f"/api/v1/files/{entry.photo_id}" if entry.photo_id else "",
        )


_RELATIONS = {
    Relation.SPLIT_FROM: say("Split off from"),
    Relation.SPLIT_OFF: say("In parts with"),
    Relation.REVIVED_FROM: say("Written anew from"),
    Relation.REVIVED_AS: say("Written anew as"),
}


@dataclass(frozen=True, slots=True)
class RelativeRow:
    """A request that this one comes from or goes on in."""

    relation: str
    number: str
    path: str

    @classmethod
    def of(cls, relative: Relative) -> Self:
        """Return one related request as text."""
        return cls(
            _RELATIONS[relative.relation],
            relative.number or say("a draft"),
            routes.srf(relative.id),
        )


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of the timeline."""

    sequence: int
    what: str
    way: str
    when: str
    who: str
    note: str
    tone: str
    icon: str
    digest: str

    @classmethod
    def of(cls, entry: TimelineEntry, now: datetime, region: Region) -> Self:
        """Return one record, as a sentence."""
        line = entry.line_position is not None
        look = look_of(entry.to_state, line=line)
        before = look_of(entry.from_state, line=line).words if entry.from_state else ""
        about = f"{say('Line')} {entry.line_position}: " if line else ""
        moved = before and entry.from_state != entry.to_state
        return cls(
            entry.sequence,
            about + entry.action.capitalize(),
            f"{before} → {look.words}" if moved else "",
            shown.moment(entry.at, now, region=region),
            entry.actor,
            entry.reason,
            look.tone,
            look.icon,
            entry.sha256[:SHORT_HASH],
        )


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A question that waits for the customer."""

    key: str = ""
    position: str = ""
    tag: str = ""
    question: str = ""
    price: str = ""
    asked: str = ""

    @classmethod
    def of(cls, decision: OpenDecision, now: datetime, region: Region) -> Self:
        """Return one open question."""
        return cls(
            str(decision.id),
            str(decision.line_position),
            decision.tag,
            decision.question,
            shown.number(decision.price, region=region) if decision.price else "",
            shown.moment(decision.asked_at, now, region=region),
        )
