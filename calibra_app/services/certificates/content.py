"""What a certificate states: built from the frozen things of a line, nothing computed anew."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import select

from calibra_app.core.access import within_deed
from calibra_app.models.calibration import Condition, Sheet
from calibra_app.models.customer import DecisionRule
from calibra_app.models.equipment import ReferenceStandard, Room, StandardCertificate
from calibra_app.models.person import Person
from calibra_app.models.srf import ItemCondition
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import SignatureContent
from calibra_app.rendering.certificate import (
    TRACEABILITY,
    UNCERTAINTY,
    AdjustmentContent,
    CertificateContent,
    ConditionContent,
    ConformityContent,
    EnclosureContent,
    ExternalContent,
    MethodContent,
    ResultTable,
    ScopeContent,
    StandardContent,
)
from calibra_app.services.calibrations.departures import stated_departures
from calibra_app.services.calibrations.evaluation import standing_conditions
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.certificates.results import (
    ACCEPTED,
    PointOutcome,
    provider_table,
    statements_of,
    tables_of,
)
from calibra_app.services.certificates.scope_guard import ScopeFinding, guard_scope
from calibra_app.services.certificates.sources import External, Sources
from calibra_app.services.laboratory import own_tenant, today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.signatures import Signed
from calibra_app.services.srf.agreement import Agreement, Choice

_CONDITIONS = {
    ItemCondition.OK: "In order",
    ItemCondition.DAMAGED: "Damaged on receipt",
    ItemCondition.INCOMPLETE: "Incomplete on receipt",
}
# How many readings a mean needs before it says more than the readings themselves.
ENOUGH_FOR_A_MEAN = 3
MONTHS = 12


@within_deed
def certificate_content(
    work: UnitOfWork,
    sources: Sources,
    *,
    number: str,
    verification_url: str,
    authorizing: SignatureContent | None,
) -> CertificateContent:
    """Return what the certificate of a line states as of now.

    Args:
        work: The transaction.
        sources: What it is made of.
        number: Its number.
        verification_url: Where its status is told in public.
        authorizing: The signature that authorizes it; None while nobody has signed.
    """
    line, srf = sources.line, sources.srf
    agreement = Agreement.of_line(line)
    tables, scope = _results(work, sources)
    ruled = line.decision_rule is not DecisionRule.NO_STATEMENT and sources.external is None
    zone = ZoneInfo(own_tenant(work).time_zone)
    due = _due_on(sources) if agreement.due_on_label is Choice.YES else None
    signatures = [_signed(work, sources.signature(word)) for word in ("performed", "reviewed")]
    return CertificateContent(
        branding=letterhead(work),
        number=number,
        customer=party(work, srf.customer_id, srf.contact_id),
        item=item_content(
            sources.instrument,
            accessories=line.accessories,
            condition=_CONDITIONS[line.condition] if line.condition else "",
        ),
        method=_method(work, sources),
        srf_number=srf.number,
        order_reference=srf.customer_reference,
        place=_place(work, sources),
        is_receipt_critical=not line.on_site,
        received_on=line.received_at.astimezone(zone).date() if line.received_at else None,
        performed_from=sources.performed_from,
        performed_to=sources.performed_to,
        issued_on=today_of(work) if authorizing else None,
        conditions=_conditions(work, sources),
        standards=_standards(work, sources),
        results=tables,
        adjustment=_adjustment(sources.sheet, zone),
        is_conformity_agreed=ruled,
        conformity=_conformity(sources, tables) if ruled else None,
        external=_external(sources),
        traceability=_traceability(sources),
        uncertainty=_uncertainty(sources),
        remarks=_remarks(sources),
        signatures=tuple(each for each in (*signatures, authorizing) if each is not None),
        due_on=due,
        due_agreed_in=f"contract review of {srf.number}" if due else "",
        scope=scope,
        verification_url=verification_url,
    )


def _results(work: UnitOfWork, sources: Sources) -> tuple[tuple[ResultTable, ...], ScopeContent]:
    if sources.external is not None:
        # Results of others never stand under the laboratory's own symbol.
        table = provider_table(sources.external.rows, sources.external.provider.name)
        return (table,), ScopeContent()
    if sources.sheet is None:
        return (), ScopeContent(wants_symbol=sources.line.accredited)
    finding: ScopeFinding = guard_scope(
        work,
        sources.line,
        sources.sheet,
        sources.outcomes,
        sources.standards,
        sources.performed_to or today_of(work),
    )
    return tables_of(sources.outcomes, finding.outside), finding.decision


def _signed(work: UnitOfWork, signed: Signed | None) -> SignatureContent | None:
    if signed is None:
        return None
    return SignatureContent(
        meaning=signed.meaning.capitalize(),
        name=signed.name,
        function=work.peek(Person, signed.person_id).job_title,
        signed_at=signed.signed_at,
    )


def _method(work: UnitOfWork, sources: Sources) -> MethodContent:
    if sources.sheet is None:
        code = sources.line.procedure_code
        outside = sources.external is not None
        return MethodContent(code=code, title="by an external provider" if outside else "")
    pinned = Pinned.from_json(sources.sheet.parameters)
    return MethodContent(
        code=pinned.procedure_code,
        title=pinned.procedure_title,
        revision=str(pinned.revision),
        description=pinned.method,
        deviations=stated_departures(work, sources.sheet),
    )


def _place(work: UnitOfWork, sources: Sources) -> str:
    if sources.external is not None:
        return sources.external.provider.name
    sheet = sources.sheet
    if sheet is None:
        return ""
    if sheet.room_id is not None:
        room = work.peek(Room, sheet.room_id)
        return f"{own_tenant(work).name}, room {room.code} (permanent laboratory)"
    if not sources.line.on_site:
        return f"{own_tenant(work).name} (permanent laboratory)"
    address = ", ".join(party(work, sources.srf.customer_id).address)
    place = sheet.place or "At the customer's site"
    return f"{place}: {address}" if address else place


def _conditions(work: UnitOfWork, sources: Sources) -> tuple[ConditionContent, ...]:
    if sources.sheet is None:
        return ()
    held: dict[str, list[Condition]] = {}
    for row in standing_conditions(work, sources.sheet.id):
        held.setdefault(row.quantity, []).append(row)
    return tuple(_condition(quantity, rows) for quantity, rows in held.items())


def _condition(quantity: str, rows: Sequence[Condition]) -> ConditionContent:
    values = [row.value for row in rows]
    mean = sum(values, Decimal(0)) / len(values)
    return ConditionContent(
        quantity=quantity.capitalize(),
        unit=rows[0].unit,
        minimum=min(values),
        mean=mean.quantize(values[0]) if len(values) >= ENOUGH_FOR_A_MEAN else None,
        maximum=max(values),
        source=", ".join(dict.fromkeys(row.source for row in rows if row.source)),
    )


def _standards(work: UnitOfWork, sources: Sources) -> tuple[StandardContent, ...]:
    found: list[StandardContent] = []
    for used in sources.standards:
        number = str(used.frozen.get("certificate_number", ""))
        certificate = work.exec(
            select(StandardCertificate).where(
                StandardCertificate.standard_id == used.standard_id,
                StandardCertificate.number == number,
            )
        ).first()
        found.append(
            StandardContent(
                code=used.code,
                description=str(used.frozen.get("name") or used.frozen.get("description", "")),
                serial=work.peek(ReferenceStandard, used.standard_id).serial,
                certificate=number,
                provider=str(used.frozen.get("provider", "")),
                calibrated_on=certificate.issued_on if certificate else None,
                due_on=used.due_on,
            )
        )
    return tuple(found)


def _adjustment(sheet: Sheet | None, zone: ZoneInfo) -> AdjustmentContent | None:
    if sheet is None or not sheet.adjusted:
        return None
    told = sheet.adjustment
    at = str(told.get("at") or "")
    return AdjustmentContent(
        description=_sentences(str(told.get("what", "")), str(told.get("why", ""))),
        adjusted_on=datetime.fromisoformat(at).astimezone(zone).date() if at else None,
        adjusted_by=str(told.get("by") or ""),
        no_as_found_reason=sheet.as_found_missing_reason,
    )


def _sentences(what: str, why: str) -> str:
    told = [f"{text.rstrip('.')}." for text in (what, why) if text]
    return " Reason: ".join(told)


def _conformity(sources: Sources, tables: Sequence[ResultTable]) -> ConformityContent | None:
    statements = statements_of(tables)
    if not statements:
        return None
    told = next((str(o.result.get("rule_text", "")) for o in sources.outcomes), "")
    return ConformityContent(
        specification=_specification(sources),
        rule=f"{told[:1].upper()}{told[1:]} (ILAC-G8:09/2019)." if told else "",
        risk=_risk(sources.outcomes),
        agreed_in=f"contract review of {sources.srf.number}",
        statements=statements,
    )


def _specification(sources: Sources) -> str:
    traces = [str(each.result.get("limit_trace", "")) for each in sources.outcomes]
    named = dict.fromkeys(
        match.group(1) for trace in traces if (match := re.search(r"\(([^()]+)\)$", trace))
    )
    model = " ".join(
        part for part in (sources.instrument.manufacturer, sources.instrument.model) if part
    )
    source = "; ".join(named) or "as agreed"
    return f"Limits of error of {model or 'the item'} in the tables of results: {source}."


def _risk(outcomes: Sequence[PointOutcome]) -> str:
    chances = [
        1 - float(str(each.result["probability_of_conformity"]))
        for each in outcomes
        if each.verdict in ACCEPTED and each.result.get("probability_of_conformity") is not None
    ]
    if not chances:
        return "No point is accepted, so there is no risk of false acceptance."
    worst = 100 * max(chances)
    told = "less than 0.1 %" if worst < 0.1 else f"at most {worst:.1f} %"  # noqa: PLR2004
    return f"Specific risk of false acceptance at the points accepted here: {told}."


def _theirs(external: External) -> str:
    return f"certificate {external.result.certificate_number} of {external.provider.name}"


def _traceability(sources: Sources) -> str:
    if sources.external is None:
        return TRACEABILITY
    return f"The results are traceable as stated in {_theirs(sources.external)}."


def _uncertainty(sources: Sources) -> str:
    if sources.external is None:
        return UNCERTAINTY
    return (
        "The expanded uncertainty U and the coverage factor k beside each result are those of "
        f"{_theirs(sources.external)}; they were taken over without change."
    )


def _external(sources: Sources) -> tuple[ExternalContent, ...]:
    external = sources.external
    if external is None:
        return ()
    enclosure = (
        EnclosureContent(
            name=external.file.name,
            sha256=external.file.sha256,
            description=f"Certificate {external.result.certificate_number}",
        )
        if external.file and external.file.media_type == "application/pdf"
        else None
    )
    return (
        ExternalContent(
            provider=external.provider.name,
            scope=sources.instrument.description,
            certificate=external.result.certificate_number,
            accreditation=external.provider.accreditation,
            enclosure=enclosure,
        ),
    )


def _remarks(sources: Sources) -> tuple[str, ...]:
    return tuple(
        f"{point.label} was left out: {point.omitted_reason}"
        for point in sources.points
        if point.omitted_reason
    )


def _due_on(sources: Sources) -> date | None:
    months, last = sources.instrument.interval_months, sources.performed_to
    if not months or last is None:
        return None
    years, month = divmod(last.month - 1 + months, MONTHS)
    year = last.year + years
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))
